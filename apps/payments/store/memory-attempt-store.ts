import { newerBookingsMax } from '#libs/inventory/commands.js';
import type { AttemptId, BookingId, EventId, HoldId, UserId } from '#libs/inventory/ids.js';

import { captureEntries, type LedgerEntry } from '../ledger/accounts.js';
import { keyLifetimeMs } from '../provider/provider.js';
import { isSettled, needsToken, waitsForBuyer, type Attempt } from '../saga/attempt.js';
import type { Transition } from '../saga/decide-saga.js';
import {
  declinesCountedMax,
  type AttemptStore,
  type BookedPlaces,
  type Census,
  type Declines,
  type DeclinesOf,
  type Heard,
  type Inserted,
  type LateLook,
  type LookBefore,
  type NewAttempt,
  type Tried,
} from './attempt-store.js';
import { movesAttempts, type ProviderNews } from '../webhooks/stripe-events.js';

/** An entry of the ledger, with its transaction's cause and kind. */
export interface LedgerRow extends LedgerEntry {
  readonly attemptId: AttemptId;
  readonly kind: string;
}

export interface AttemptRecord {
  readonly attempt: Attempt;
  readonly idempotencyKey: string;
  readonly tokenKey: string | null;
  readonly cardKey: string | null;
  readonly addressKey: string | null;
  /** Of its last change. */
  readonly changedAtMs: number;
  readonly leaseOwner: string | null;
  readonly leaseUntilMs: number;
  readonly nextTryAtMs: number;
}

/** What outlives the processes: the rows, by the clock of the tables. */
export class MemoryAttempts {
  readonly rows = new Map<AttemptId, AttemptRecord>();
  readonly ledger: LedgerRow[] = [];
  /** What the provider said, by the id of the event: when it was heard. */
  readonly events = new Map<string, number>();

  constructor(
    readonly nowMs: () => number,
    /** Of a booking row that is not cancelled. */
    readonly bookedPlaces: (bookingId: BookingId) => BookedPlaces | null,
  ) {}
}

/**
 * The statements of PostgresAttemptStore in memory. Each is done when the call returns, so it is
 * one transaction; what the caller gets to hear, and when, is the caller's affair.
 */
export class MemoryAttemptStore implements AttemptStore {
  constructor(
    private readonly table: MemoryAttempts,
    private readonly worker: string,
    private readonly leaseMs: number,
  ) {}

  insert(wanted: NewAttempt): Promise<Inserted> {
    const known = this.find(wanted.userId, wanted.idempotencyKey);
    if (known !== null) return Promise.resolve({ kind: 'same_key', attempt: known });
    const taken = this.live().some(({ attempt }) => {
      return attempt.userId === wanted.userId && attempt.holdId === wanted.holdId;
    });
    if (taken || this.idsTaken(wanted)) return Promise.resolve({ kind: 'hold_busy' });
    const { idempotencyKey, tokenKey, addressKey, ...given } = wanted;
    const nowMs = this.table.nowMs();
    const attempt: Attempt = {
      ...given,
      state: 'STARTED',
      verdict: null,
      seats: [],
      areas: [],
      amountMinor: 0,
      parts: null,
      deadlineMs: null,
      intentId: null,
      challenge: null,
      hints: 0,
      declineCode: null,
      reason: null,
      error: null,
      keyNo: 0,
      tries: 0,
      leaseNo: 1,
      createdAtMs: nowMs,
    };
    this.table.rows.set(attempt.attemptId, {
      attempt,
      idempotencyKey,
      tokenKey,
      cardKey: tokenKey,
      addressKey,
      changedAtMs: nowMs,
      leaseOwner: this.worker,
      leaseUntilMs: nowMs + this.leaseMs,
      nextTryAtMs: nowMs,
    });
    return Promise.resolve({ kind: 'new', attempt });
  }

  byKey(userId: UserId, idempotencyKey: string): Promise<Attempt | null> {
    return Promise.resolve(this.find(userId, idempotencyKey));
  }

  lookBefore(tried: Tried, idempotencyKey: string, withinMs: number): Promise<LookBefore> {
    return Promise.resolve({
      known: this.find(tried.userId, idempotencyKey),
      bookedAs: this.bookingOf(tried.userId, tried.holdId),
      declines: this.declinesOf(tried, withinMs),
    });
  }

  byId(attemptId: AttemptId): Promise<Attempt | null> {
    return Promise.resolve(this.table.rows.get(attemptId)?.attempt ?? null);
  }

  advance(from: Attempt, to: Transition, nextTryDelayMs: number): Promise<Attempt | null> {
    const row = this.table.rows.get(from.attemptId);
    if (row === undefined || !isOf(row, from)) return Promise.resolve(null);
    const nowMs = this.table.nowMs();
    const attempt = moved(row.attempt, from, to, nowMs);
    const leaves = isSettled(to.state) || to.pause === true;
    this.table.rows.set(attempt.attemptId, {
      ...row,
      attempt,
      cardKey: to.card ?? row.cardKey,
      changedAtMs: nowMs,
      // What was said meanwhile is looked at at once.
      nextTryAtMs: nowMs + (to.pause === true && attempt.hints === from.hints ? nextTryDelayMs : 0),
      leaseOwner: leaves ? null : row.leaseOwner,
      leaseUntilMs: leaves ? -Infinity : nowMs + this.leaseMs,
    });
    this.enter(attempt, to.moves);
    return Promise.resolve(attempt);
  }

  claimDue(limit: number, except: readonly EventId[] = []): Promise<readonly Attempt[]> {
    const nowMs = this.table.nowMs();
    const due = this.live()
      .filter(({ nextTryAtMs, leaseUntilMs }) => nextTryAtMs <= nowMs && leaseUntilMs < nowMs)
      .filter(({ attempt }) => !except.includes(attempt.eventId))
      .sort((a, b) => a.nextTryAtMs - b.nextTryAtMs)
      .slice(0, limit);
    const claimed = due.map((row) => {
      const attempt = { ...row.attempt, leaseNo: row.attempt.leaseNo + 1 };
      const leaseUntilMs = nowMs + this.leaseMs;
      const leased = { ...row, attempt, leaseOwner: this.worker, leaseUntilMs };
      this.table.rows.set(attempt.attemptId, leased);
      return attempt;
    });
    return Promise.resolve(claimed);
  }

  renew(attemptIds: readonly AttemptId[]): Promise<void> {
    const leaseUntilMs = this.table.nowMs() + this.leaseMs;
    for (const attemptId of attemptIds) {
      const row = this.table.rows.get(attemptId);
      if (row?.leaseOwner !== this.worker) continue;
      this.table.rows.set(attemptId, { ...row, leaseUntilMs });
    }
    return Promise.resolve();
  }

  giveBack(): Promise<void> {
    for (const row of this.live()) {
      if (row.leaseOwner !== this.worker) continue;
      const free = { ...row, leaseOwner: null, leaseUntilMs: -Infinity };
      this.table.rows.set(row.attempt.attemptId, free);
    }
    return Promise.resolve();
  }

  answerableAmong(attemptIds: readonly AttemptId[]): Promise<readonly AttemptId[]> {
    const settled = attemptIds.filter((attemptId) => {
      const row = this.table.rows.get(attemptId);
      return row !== undefined && (isSettled(row.attempt.state) || waitsForBuyer(row.attempt));
    });
    return Promise.resolve(settled);
  }

  hasten(bookingId: BookingId, notWithinMs: number): Promise<AttemptId | null> {
    const latestMs = this.table.nowMs() - notWithinMs;
    const row = this.live().find(({ attempt, changedAtMs }) => {
      return attempt.bookingId === bookingId && waitsForBuyer(attempt) && changedAtMs <= latestMs;
    });
    if (row === undefined) return Promise.resolve(null);
    this.hint(row);
    return Promise.resolve(row.attempt.attemptId);
  }

  hear(news: ProviderNews): Promise<Heard> {
    const { events, rows } = this.table;
    if (events.has(news.eventId)) return Promise.resolve({ isNew: false, isDue: false });
    events.set(news.eventId, this.table.nowMs());
    const row = news.attemptId === null ? undefined : rows.get(news.attemptId);
    const waits = row?.attempt.state === 'AUTHORISING' && movesAttempts(news);
    if (row === undefined || !waits) return Promise.resolve({ isNew: true, isDue: false });
    this.hint(row);
    return Promise.resolve({ isNew: true, isDue: row.leaseUntilMs < this.table.nowMs() });
  }

  forgetNews(olderThanMs: number, most: number): Promise<number> {
    const latestMs = this.table.nowMs() - olderThanMs;
    const old = [...this.table.events].filter(([, atMs]) => atMs <= latestMs).slice(0, most);
    for (const [eventId] of old) this.table.events.delete(eventId);
    return Promise.resolve(old.length);
  }

  bookedPlaces(bookingId: BookingId): Promise<BookedPlaces | null> {
    return Promise.resolve(this.table.bookedPlaces(bookingId));
  }

  bookedAs(userId: UserId, holdId: HoldId): Promise<BookingId | null> {
    return Promise.resolve(this.bookingOf(userId, holdId));
  }

  private bookingOf(userId: UserId, holdId: HoldId): BookingId | null {
    const found = [...this.table.rows.values()].find(
      ({ attempt }) =>
        attempt.userId === userId &&
        attempt.holdId === holdId &&
        this.table.bookedPlaces(attempt.bookingId) !== null,
    );
    return found?.attempt.bookingId ?? null;
  }

  lookLate(attempt: Attempt): Promise<LateLook | 'not_ours' | null> {
    const { userId, eventId, attemptId, createdAtMs } = attempt;
    const row = this.table.rows.get(attemptId);
    if (row === undefined || !isOf(row, attempt)) return Promise.resolve('not_ours');
    const leaseUntilMs = this.table.nowMs() + this.leaseMs;
    this.table.rows.set(attemptId, { ...row, leaseUntilMs });
    const newer = [...this.table.rows.values()]
      .map((one) => one.attempt)
      .filter((other) => other.userId === userId && other.eventId === eventId)
      .filter((other) => other.createdAtMs >= createdAtMs && other.attemptId !== attemptId)
      .sort((a, b) => b.createdAtMs - a.createdAtMs)
      .slice(0, newerBookingsMax)
      .map(({ bookingId }) => bookingId);
    return Promise.resolve({ newer });
  }

  private declinesOf(tried: Tried, withinMs: number): Declines {
    const nowMs = this.table.nowMs();
    const declined = [...this.table.rows.values()].filter(
      ({ attempt }) => attempt.verdict === 'DECLINED' && attempt.createdAtMs > nowMs - withinMs,
    );
    const of = (alike: (row: AttemptRecord) => boolean): DeclinesOf => {
      const rows = declined.filter(alike);
      const lastMs = Math.max(...rows.map((row) => row.changedAtMs));
      const count = Math.min(rows.length, declinesCountedMax);
      return { count, agoMs: count === 0 ? 0 : nowMs - lastMs };
    };
    const { tokenKey, addressKey } = tried;
    const card = declined.findLast((row) => tokenKey !== null && row.tokenKey === tokenKey);
    return {
      reservation: of(({ attempt }) => attempt.holdId === tried.holdId),
      buyer: of(({ attempt }) => attempt.userId === tried.userId),
      card: of((row) => card !== undefined && row.cardKey === card.cardKey),
      address: of((row) => addressKey !== null && row.addressKey === addressKey),
      live: this.live().filter(({ attempt }) => attempt.userId === tried.userId).length,
    };
  }

  census(stuckAfterMs: number): Promise<Census> {
    const byState = new Map<string, number>();
    let stuck = 0;
    for (const { attempt } of this.live()) {
      byState.set(attempt.state, (byState.get(attempt.state) ?? 0) + 1);
      const nowMs = this.table.nowMs();
      const waits = waitsForBuyer(attempt) && (attempt.deadlineMs ?? 0) > nowMs;
      if (attempt.createdAtMs < nowMs - stuckAfterMs && !waits) stuck += 1;
    }
    return Promise.resolve({ byState, stuck });
  }

  private hint(row: AttemptRecord): void {
    const attempt = { ...row.attempt, hints: row.attempt.hints + 1 };
    const nowMs = this.table.nowMs();
    this.table.rows.set(attempt.attemptId, {
      ...row,
      attempt,
      changedAtMs: nowMs,
      nextTryAtMs: nowMs,
    });
  }

  private enter({ attemptId, amountMinor, parts }: Attempt, kind: Transition['moves']): void {
    const { ledger } = this.table;
    const known = ledger.some((row) => row.attemptId === attemptId && row.kind === kind);
    if (kind === undefined || known) return;
    for (const entry of captureEntries(amountMinor, parts))
      ledger.push({ attemptId, kind, ...entry });
  }

  private live(): AttemptRecord[] {
    return [...this.table.rows.values()].filter(({ attempt }) => !isSettled(attempt.state));
  }

  private find(userId: UserId, idempotencyKey: string): Attempt | null {
    for (const row of this.table.rows.values()) {
      const { attempt } = row;
      if (attempt.userId === userId && row.idempotencyKey === idempotencyKey) return attempt;
    }
    return null;
  }

  private idsTaken({ attemptId, bookingId }: NewAttempt): boolean {
    if (this.table.rows.has(attemptId)) return true;
    return [...this.table.rows.values()].some(({ attempt }) => attempt.bookingId === bookingId);
  }
}

/** Nobody else has taken the attempt over since the worker knew it so. */
const isOf = ({ attempt }: AttemptRecord, known: Attempt): boolean =>
  attempt.leaseNo === known.leaseNo && attempt.state === known.state;

/** The row after the step; the fields come from the attempt that the worker knew, as in SQL. */
function moved(row: Attempt, from: Attempt, to: Transition, nowMs: number): Attempt {
  const changed = to.state !== from.state;
  const intentId = to.intentId ?? from.intentId;
  const young = row.createdAtMs > nowMs - keyLifetimeMs;
  return {
    ...row,
    state: to.state,
    verdict: to.verdict ?? from.verdict,
    seats: to.seats ?? from.seats,
    areas: to.areas ?? from.areas,
    amountMinor: to.amountMinor ?? from.amountMinor,
    parts: to.parts ?? from.parts,
    deadlineMs: to.deadlineMs ?? from.deadlineMs,
    intentId,
    challenge: to.state === 'AUTHORISING' ? (to.challenge ?? from.challenge) : null,
    declineCode: to.declineCode ?? from.declineCode,
    reason: to.reason ?? from.reason,
    error: to.error ?? from.error,
    keyNo: to.keyNo ?? (changed ? 0 : from.keyNo),
    tries: to.tries ?? (changed ? 0 : from.tries),
    paymentToken: needsToken(to.state) && young ? row.paymentToken : null,
  };
}
