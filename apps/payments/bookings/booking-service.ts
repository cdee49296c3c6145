import { createHash } from 'node:crypto';

import type { Catalogue, EventDetail } from '#libs/catalogue/catalogue.js';
import { eventOfHold, holdIdOf, makeBookingId } from '#libs/contracts/ids.js';
import { limits } from '#libs/contracts/limits.js';
import { isDatabaseAway } from '#libs/database/answer-deadline.js';
import { bookingTraceSeed, type BookCall, type BookReply } from '#libs/contracts/payments.js';
import type { AttemptId, BookingId } from '#libs/inventory/ids.js';
import type { Log } from '#libs/platform/log.js';
import type { Counter } from '#libs/platform/metrics.js';
import type { Random } from '#libs/platform/random.js';
import { derivedTrace, isSpanId, isTraceId, type TraceId } from '#libs/platform/trace.js';

import type { ProviderRest } from '../provider/provider.js';
import { isSettled, namedAttempt, waitsForBuyer, type Attempt } from '../saga/attempt.js';
import type { SagaRunner } from '../saga/saga-runner.js';
import type { Settlements } from '../saga/settlements.js';
import type { AttemptStore, Inserted } from '../store/attempt-store.js';
import type { BookingViews } from './booking-views.js';
import { triedBy, type DeclineWatch } from './declines.js';
import { outcomeOf } from './outcome.js';

/**
 * What the gateway asks of payments: pay for a hold.
 * The idempotency key is the buyer's: one key is one attempt, however often and wherever it is
 * sent; who sends it again waits for the attempt that runs, or reads how it ended (G4).
 */
export interface BookingServicePorts {
  readonly store: AttemptStore;
  readonly views: BookingViews;
  readonly runner: SagaRunner;
  readonly settlements: Settlements;
  readonly catalogue: Catalogue;
  readonly random: Random;
  readonly declines: DeclineWatch;
  readonly provider: ProviderRest;
  readonly log: Log;
}

interface Before {
  /** The attempt of this key. */
  readonly known: Attempt | null;
  /** Looked up for a new attempt only; null: the hold is of no event. */
  readonly event: EventDetail | null;
  /** What the hold became, under another key. */
  readonly bookingId: BookingId | null;
  /** Milliseconds for which no other card is tried; 0: none. */
  readonly waitMs: number;
}

/** The attempt that a call is about. */
interface Begun {
  readonly attempt: Attempt;
  /** Its first step is under way, or has had its time; null: nobody waits for that. */
  readonly started: Promise<void> | null;
}

/** An event whose amounts can be charged. */
type PricedEvent = EventDetail & { readonly currencyDigits: number };

const retryAfterMs = 1_000;

export class BookingService {
  /** Calls whose attempt is not made, and may yet be. */
  private beginning = 0;
  /** Told to come back, since the provider fails. */
  turnedAway: Counter = { value: 0 };
  private readonly whenBegun: (() => void)[] = [];

  constructor(private readonly ports: BookingServicePorts) {}

  /** Who calls bounds how many wait here at once (payments.ts). */
  async book(call: BookCall): Promise<BookReply> {
    const fingerprint = fingerprintOf(call, call.acceptAlternative);
    this.beginning += 1;
    const begun = await this.begin(call, fingerprint).finally(() => this.ended());
    if ('kind' in begun) return begun;
    const { attempt, started } = begun;
    if (started !== null) await started;
    return this.join(call, attempt, fingerprint);
  }

  /**
   * Resolves when every call that came has its attempt, or its answer. A process that stops waits
   * for it while the runner still takes attempts on: else it would turn away whom it let in.
   */
  begun(): Promise<void> {
    if (this.beginning === 0) return Promise.resolve();
    return new Promise((resolve) => this.whenBegun.push(resolve));
  }

  private ended(): void {
    this.beginning -= 1;
    if (this.beginning > 0) return;
    for (const resolve of this.whenBegun.splice(0)) resolve();
  }

  private async begin(call: BookCall, fingerprint: string): Promise<BookReply | Begun> {
    const before = await this.lookBefore(call);
    if (before === null) return { kind: 'unavailable', retryAfterMs };
    const { known, event, bookingId, waitMs } = before;
    if (known !== null) return { attempt: known, started: null };
    if (event === null) return { kind: 'hold_gone', reason: 'not_found' };
    if (bookingId !== null) return { kind: 'hold_gone', reason: 'not_found', bookingId };
    if (waitMs > 0) return { kind: 'unavailable', retryAfterMs: waitMs, tooManyDeclines: true };
    // Who would wait for a card in vain hears it at once, and keeps his hold for later.
    const restMs = call.paymentToken === '' ? 0 : this.ports.provider.restMs();
    if (restMs > 0) {
      this.turnedAway.value += 1;
      return { kind: 'unavailable', retryAfterMs: Math.max(restMs, retryAfterMs) };
    }
    const { currencyDigits } = event;
    if (currencyDigits === null) return this.unsettled(event);
    const priced = { ...event, currencyDigits };
    // Only new work is refused when there is too much of it: answers are still given (G8).
    const { runner } = this.ports;
    const place = runner.reserve(event.eventId);
    if (place === null) return { kind: 'unavailable', retryAfterMs };
    const inserted = await this.insert(call, priced, fingerprint).catch((error: unknown) => {
      runner.giveBack(place);
      throw error;
    });
    if (inserted.kind === 'new') runner.take(inserted.attempt, place);
    else runner.giveBack(place);
    if (inserted.kind === 'hold_busy') return { kind: 'payment_in_progress' };
    const { attempt } = inserted;
    // Listened for in the turn in which it is taken on: no beginning is missed.
    const listens = inserted.kind === 'new' && call.waitMs === 0;
    const { settlements } = this.ports;
    const started = listens ? settlements.begins(attempt.attemptId, limits.bookBeginsMs) : null;
    return { attempt, started };
  }

  private async join(call: BookCall, attempt: Attempt, fingerprint: string): Promise<BookReply> {
    const same = attempt.fingerprint === fingerprint || isFromBefore(call, attempt);
    if (!same) return { kind: 'key_reused' };
    const { settlements, store, views } = this.ports;
    this.tellTraces(call, attempt);
    let told = isSettled(attempt.state) ? attempt : null;
    if (waitsForBuyer(attempt)) await this.lookAgain(attempt.bookingId);
    else if (told === null) {
      const waitMs = Math.min(call.waitMs, limits.bookWaitMsMax);
      told = await settlements.wait(attempt.attemptId, waitMs);
    }
    const last = told ?? (await store.byId(attempt.attemptId)) ?? attempt;
    const outcome = outcomeOf(last, await views.ofAttempt(last));
    if (outcome.kind !== 'hold_gone') return outcome;
    // Two keys at once: the other one was faster.
    const bookingId = await store.bookedAs(last.userId, last.holdId);
    return bookingId === null ? outcome : { ...outcome, bookingId };
  }

  /**
   * The buyer is back, from his bank or with a question: what it said is asked for now, and not at
   * the next poll. At most once in limits.buyerLookMs, however often he asks.
   */
  async lookAgain(bookingId: BookingId): Promise<void> {
    const { store, runner, settlements } = this.ports;
    const attemptId = await store.hasten(bookingId, limits.buyerLookMs);
    if (attemptId === null) return;
    runner.wake();
    await settlements.wait(attemptId, limits.buyerLookWaitMs);
  }

  /** The same key again under another trace: a line by which one is found from the other. */
  private tellTraces(call: BookCall, attempt: Attempt): void {
    const trace = traceOf(call);
    if (trace === attempt.trace) return;
    const first = { ...namedAttempt(attempt), trace, first_trace: attempt.trace };
    this.ports.log.info(first, 'an attempt was asked for again');
  }

  /** How much 12000 HUF are is not guessed: an operator says it, by the event's file. */
  private unsettled({ eventId, currency }: EventDetail): BookReply {
    this.ports.log.error(
      { event: eventId, currency },
      'the decimals of its prices are not known: import its file once more, with --update',
    );
    return { kind: 'unavailable', retryAfterMs, because: 'amount_not_chargeable' };
  }

  /** null: the database is away, and nothing was begun. From the insert on, nobody can say that. */
  private async lookBefore(call: BookCall): Promise<Before | null> {
    const { store, catalogue, declines: watch } = this.ports;
    try {
      const { known, bookedAs, declines } = await store.lookBefore(
        triedBy(call),
        call.idempotencyKey,
        limits.declinesWithinMs,
      );
      const holdId = known === null ? holdIdOf(call.holdId) : null;
      if (holdId === null) return { known, event: null, bookingId: null, waitMs: 0 };
      const event = await catalogue.eventOf(eventOfHold(holdId));
      return { known, event, bookingId: bookedAs, waitMs: watch.waitMs(declines, call) };
    } catch (error) {
      if (isDatabaseAway(error)) return null;
      throw error;
    }
  }

  private insert(call: BookCall, event: PricedEvent, fingerprint: string): Promise<Inserted> {
    const { eventId, currencyDigits } = event;
    return this.ports.store.insert({
      ...triedBy(call),
      attemptId: `att_${this.ports.random.token(24)}` as AttemptId,
      bookingId: makeBookingId(eventId, this.ports.random.token(20)),
      eventId,
      idempotencyKey: call.idempotencyKey,
      fingerprint,
      paymentToken: call.paymentToken === '' ? null : call.paymentToken,
      returnUrl: call.returnUrl ?? null,
      acceptsAlternative: call.acceptAlternative !== undefined,
      currency: event.currency,
      currencyDigits,
      trace: traceOf(call),
      span: isSpanId(call.span) ? call.span : null,
    });
  }
}

function traceOf({ trace, userId, idempotencyKey }: BookCall): TraceId {
  return isTraceId(trace) ? trace : derivedTrace(bookingTraceSeed(userId, idempotencyKey));
}

/** A process of the release before knows nothing of an alternative, and leaves it out. */
const isFromBefore = (call: BookCall, { fingerprint, acceptsAlternative }: Attempt): boolean =>
  call.acceptAlternative !== undefined &&
  !acceptsAlternative &&
  fingerprint === fingerprintOf(call);

function fingerprintOf(
  { holdId, paymentToken }: BookCall,
  other?: BookCall['acceptAlternative'],
): string {
  const body = JSON.stringify([holdId, paymentToken, ...(other === undefined ? [] : [other])]);
  return createHash('sha256').update(body).digest('hex');
}
