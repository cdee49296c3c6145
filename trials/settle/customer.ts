import { setTimeout as pause } from 'node:timers/promises';
import { answerBank } from '#apps/payments/testing/simulator-control.js';
import type { ApiAnswer, Settled } from '#libs/client/rest-client.js';
import type { BookingAttempt, BuyerEvidence, HoldAttempt } from '#libs/oracle/evidence.js';
import type { Api } from '../demo/api.js';
import { pickBlindly } from '../demo/seat-picker.js';
import type { Errand } from './errands.js';
import type { OnSale } from './sale.js';

/** Where customers go. */
export interface Shop {
  readonly api: Api;
  readonly stripeUrl: string;
  /** Of somebody who gives money back for the house. */
  readonly supportToken: string;
  readonly outcomes: Outcomes;
}

/** What all customers were told. */
export class Outcomes {
  confirmed = 0;
  readonly counts = new Map<string, number>();
  /** Final words by booking; more than one, and one of them was wrong. */
  readonly told = new Map<string, Set<string>>();

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  heard(bookingId: string, status: string): void {
    const words = this.told.get(bookingId) ?? new Set<string>();
    if (words.size === 0 && status === 'CONFIRMED') this.confirmed += 1;
    this.told.set(bookingId, words.add(status));
  }
}

interface Held {
  readonly reservationId: string;
  readonly seats: readonly string[];
}

interface BookingBody {
  readonly booking_id: string;
  readonly status: string;
  readonly seat_ids: readonly string[];
  readonly total: number;
  readonly currency: string;
  readonly client_secret?: string;
  readonly next_action?: { readonly type: string; readonly url?: string };
}

const picksMax = 40;
const askAgainMs = 700;
/** Longer than a payment may take with everything that goes wrong on the way. */
const asksMax = 130;

/**
 * One customer with one errand, from the session to the money: repeats under the same key what has
 * no answer, answers his bank or does not, tries another card, gives back what he bought. He writes
 * down what he was told, for those who judge.
 */
export class Customer {
  readonly #holds: HoldAttempt[] = [];
  readonly #bookings: BookingAttempt[] = [];
  #userId = '';
  #token = '';
  #keys = 0;
  /** What he asked for, and never heard the end of. */
  #unknown: { readonly held: Held; readonly body: object } | null = null;

  constructor(
    private readonly shop: Shop,
    private readonly sale: OnSale,
    private readonly errand: Errand,
  ) {}

  get eventId(): string {
    return this.sale.eventId;
  }

  /** Null: it never had a session, so it did nothing. */
  evidence(): BuyerEvidence | null {
    if (this.#userId === '') return null;
    const { held = null } = this.#unknown ?? {};
    const unknown = held === null ? [] : [{ outcome: 'unknown', ...held } as const];
    const bookings = [...this.#bookings, ...unknown];
    return { userId: this.#userId, holds: this.#holds, bookings, releases: [] };
  }

  /** He comes back another day, and asks under the same key what became of it. True: he knows. */
  async learns(): Promise<boolean> {
    if (this.#unknown === null) return true;
    const { held, body } = this.#unknown;
    const answer = await this.#answerTo(body);
    if (answer === null) return false;
    this.#unknown = null;
    this.#end(held, answer);
    return true;
  }

  async run(): Promise<void> {
    const { answer } = await this.shop.api.settle({ method: 'POST', path: '/v1/sessions' });
    if (answer?.status !== 201) return this.shop.outcomes.count('no session');
    const session = answer.body as { user_id: string; token: string };
    this.#userId = session.user_id;
    this.#token = session.token;
    const held = await this.#hold();
    if (held === null) return;
    for (const card of this.errand.cards) {
      const booked = await this.#book(held, card);
      if (booked === 'declined') continue;
      if (booked !== null) await this.#after(booked);
      return;
    }
  }

  async #hold(): Promise<Held | null> {
    let seats = pickBlindly(this.sale.hall, this.errand.party);
    for (let picks = 0; picks < picksMax; picks += 1) {
      const body = { event_id: this.sale.eventId, seat_ids: seats };
      const { answer, sentAtMs, answeredAtMs } = await this.#send('/v1/reservations', body);
      const times = { sentAtMs, answeredAtMs };
      if (answer?.status === 201) return this.#held(answer, times);
      if (answer === null) {
        this.#holds.push({ outcome: 'unknown', seats, ...times });
        this.shop.outcomes.count('hold unknown');
        return null;
      }
      this.#holds.push({ outcome: 'refused', seats, ...times });
      if (answer.status !== 409) {
        this.shop.outcomes.count(`hold ${answer.status} ${answer.code}`);
        return null;
      }
      seats = alternativeOf(answer) ?? pickBlindly(this.sale.hall, this.errand.party);
    }
    this.shop.outcomes.count('no seats found');
    return null;
  }

  #held(answer: ApiAnswer, times: Pick<HoldAttempt, 'sentAtMs' | 'answeredAtMs'>): Held {
    const body = answer.body as { reservation_id: string; seat_ids: string[]; expires_at: string };
    const held = { reservationId: body.reservation_id, seats: body.seat_ids };
    const promisedUntilMs = Date.parse(body.expires_at);
    this.#holds.push({ outcome: 'acknowledged', ...held, ...times, promisedUntilMs });
    return held;
  }

  /** Null: nothing more to do. */
  async #book(held: Held, card: string): Promise<BookingBody | 'declined' | null> {
    this.#keys += 1;
    const body = {
      reservation_id: held.reservationId,
      payment_token: card,
      ...(this.errand.acceptsAlternative ? { accept_alternative: 'same_category' } : {}),
      idempotency_key: `${this.#userId}-${this.#keys}`,
    };
    const answer = await this.#answerTo(body);
    if (answer === null) {
      this.#unknown = { held, body };
      this.shop.outcomes.count('booking unknown at first');
      return null;
    }
    return this.#end(held, answer);
  }

  /** Null: there was none that says how it ended. */
  async #answerTo(body: object): Promise<ApiAnswer | null> {
    const { answer } = await this.#send('/v1/bookings', body);
    const last = answer?.status === 202 ? await this.#whenOver(answer) : answer;
    return (last?.body as BookingBody | null)?.status === 'PENDING' ? null : last;
  }

  #end({ reservationId, seats }: Held, answer: ApiAnswer): BookingBody | 'declined' | null {
    const { outcomes } = this.shop;
    const booking = answer.body as Partial<BookingBody>;
    const { status = '', booking_id: bookingId } = booking;
    if (bookingId !== undefined && status !== '') outcomes.heard(bookingId, status);
    if (status === 'CONFIRMED') {
      const sold = booking as BookingBody;
      const own = { bookingId: sold.booking_id, seats: sold.seat_ids };
      this.#bookings.push({ outcome: 'acknowledged', reservationId, ...own });
      outcomes.count('CONFIRMED');
      return sold;
    }
    this.#bookings.push({ outcome: 'refused', reservationId, seats });
    const declined = answer.status === 402 || status === 'DECLINED';
    outcomes.count(declined ? 'DECLINED' : status || `booking ${answer.status} ${answer.code}`);
    return declined ? 'declined' : null;
  }

  /** The payment runs on: he answers his bank, if he is one who does, and asks until it is over. */
  async #whenOver(first: ApiAnswer): Promise<ApiAnswer | null> {
    let answer: ApiAnswer | null = first;
    let answered = false;
    for (let asked = 0; asked < asksMax && answer !== null; asked += 1) {
      const body = answer.body as BookingBody;
      if (body.status !== 'PENDING') return answer;
      if (body.next_action !== undefined && !answered && this.errand.bank !== 'never') {
        answered = await this.#answerBank(body);
      }
      await pause(askAgainMs);
      const path = `/v1/bookings/${(first.body as BookingBody).booking_id}`;
      ({ answer } = await this.shop.api.settle({ method: 'GET', path, token: this.#token }));
    }
    return answer;
  }

  /** False: his bank could not be reached, and he tries once more. */
  #answerBank({ client_secret: clientSecret = '', next_action: action }: BookingBody) {
    const { type = '', url = '' } = action ?? {};
    const outcome = this.errand.bank === 'fail' ? 'fail' : 'complete';
    return answerBank(this.shop.stripeUrl, { clientSecret, type, url }, outcome).then(
      () => true,
      () => false,
    );
  }

  async #after(booking: BookingBody): Promise<void> {
    const { errand, shop } = this;
    const { booking_id: id, seat_ids: seats, total, currency } = booking;
    const desk = `/v1/admin/events/${this.sale.eventId}/bookings/${id}/refunds`;
    const reason = 'the trial says so';
    const amount = { amount: Math.max(100, Math.floor(total / 300) * 100), currency };
    const asked = {
      keeps: null,
      cancels: () => this.#keyed(`/v1/bookings/${id}/cancel`, {}),
      'cancels a seat': () =>
        this.#keyed(`/v1/bookings/${id}/cancel`, { seat_ids: seats.slice(0, 1) }),
      'gets all back': () => this.#keyed(desk, { reason }, shop.supportToken),
      'gets an amount back': () => this.#keyed(desk, { reason, ...amount }, shop.supportToken),
    }[errand.after];
    if (asked === null) return;
    const { answer } = await asked();
    const words = answer?.status === 202 ? 'under way' : `${answer?.status} ${answer?.code}`;
    shop.outcomes.count(`${errand.after}: ${words}`);
  }

  #keyed(path: string, body: object, token = this.#token): Promise<Settled> {
    this.#keys += 1;
    const key = `${this.#userId}-${this.#keys}`;
    return this.#send(path, { ...body, idempotency_key: key }, token);
  }

  #send(path: string, body: object, token = this.#token): Promise<Settled> {
    this.#keys += 1;
    const key = `settle-${this.#keys}`;
    return this.shop.api.settle({ method: 'POST', path, token, key, body });
  }
}

function alternativeOf({ body }: ApiAnswer): string[] | null {
  const { error } = body as { error?: { alternative?: { seat_ids?: string[] } } };
  return error?.alternative?.seat_ids ?? null;
}
