import { setTimeout as pause } from 'node:timers/promises';
import type { LiveMap } from '#libs/client/live-map.js';
import type { ApiAnswer, Settled } from '#libs/client/rest-client.js';
import type {
  BookingAttempt,
  BuyerEvidence,
  HoldAttempt,
  ReleaseAttempt,
} from '#libs/oracle/evidence.js';
import { now, type Api } from './api.js';
import { pickBlindly, pickFromMap, type Hall } from './seat-picker.js';
import { recordMs, type Tally } from './tally.js';

/** Where the buyer shops. */
export interface Market {
  readonly eventId: string;
  readonly hall: Hall;
  readonly api: Api;
  readonly tally: Tally;
  /** Some visitor's live map, a moment old like everybody's. */
  readonly anyMap: () => LiveMap;
  /** Nobody begins to look for seats after this. */
  readonly closesAtMs: number;
  /** Is told of every acknowledged hold. */
  readonly onHeld?: (sentAtMs: number, answeredAtMs: number) => void;
}

/** What the buyer does with seats once it has them. */
export type Intent = 'book' | 'decline' | 'extend' | 'release' | 'expire';

export interface Temper {
  readonly arrivesAtMs: number;
  readonly party: number;
  readonly intent: Intent;
  /** Which pays; absent: one that nothing is the matter with. */
  readonly card?: string;
  /** Between having the seats and acting on it. */
  readonly thinkMs: number;
}

interface Hold {
  readonly reservationId: string;
  readonly seats: readonly string[];
}

const blindTries = 2;
const retryMs = 400;

/**
 * One buyer: arrives, fights for seats until it has some or the sale closes, then books, is
 * declined, releases, or walks away. Writes down every request and what was answered, for the
 * independent check. Each request has a key of its own, and is repeated under it until its outcome
 * is known.
 */
export class Buyer {
  readonly #holds: HoldAttempt[] = [];
  readonly #bookings: BookingAttempt[] = [];
  readonly #releases: ReleaseAttempt[] = [];
  #userId = '';
  #token = '';
  #keys = 0;

  constructor(
    private readonly market: Market,
    private readonly temper: Temper,
  ) {}

  async run(): Promise<void> {
    await pause(Math.max(0, this.temper.arrivesAtMs - now()));
    if (!(await this.#openSession())) return;
    const hold = await this.#fight();
    if (hold === null) return;
    await pause(this.temper.thinkMs);
    switch (this.temper.intent) {
      case 'book':
        await this.#book(hold, this.#card);
        return;
      case 'decline':
        return this.#bookAfterDecline(hold);
      case 'extend':
        return this.#extend(hold);
      case 'release':
        return this.#release(hold);
      case 'expire':
        return;
    }
  }

  get #card(): string {
    return this.temper.card ?? 'pm_card_visa';
  }

  /** Null: it never had a session, so it did nothing. */
  evidence(): BuyerEvidence | null {
    if (this.#userId === '') return null;
    return {
      userId: this.#userId,
      holds: this.#holds,
      bookings: this.#bookings,
      releases: this.#releases,
    };
  }

  async #openSession(): Promise<boolean> {
    const { answer } = await this.market.api.settle({ method: 'POST', path: '/v1/sessions' });
    if (answer?.status !== 201) {
      this.market.tally.error(`session ${answer?.code ?? 'without an answer'}`);
      return false;
    }
    const session = answer.body as { user_id: string; token: string };
    this.#userId = session.user_id;
    this.#token = session.token;
    this.market.tally.sessions++;
    return true;
  }

  async #fight(): Promise<Hold | null> {
    const { hall, closesAtMs, anyMap, tally } = this.market;
    let offered: readonly string[] = [];
    for (let tries = 0; now() < closesAtMs; tries++) {
      const isOffer = offered.length > 0;
      const seats = isOffer
        ? offered
        : tries < blindTries
          ? pickBlindly(hall, this.temper.party)
          : pickFromMap(hall, anyMap(), this.temper.party);
      offered = [];
      if (seats.length > 0) {
        const result = await this.#hold(seats);
        if (result.hold !== null && isOffer) tally.alternativesTaken++;
        if (result.hold !== null || result.stop) return result.hold;
        offered = result.alternative;
      }
      if (offered.length === 0) await pause(retryMs * (0.5 + 2 * Math.random()));
    }
    return null;
  }

  async #hold(seats: readonly string[]): Promise<HoldResult> {
    const { tally, eventId } = this.market;
    const settled = await this.#send('POST', '/v1/reservations', {
      event_id: eventId,
      seat_ids: seats,
    });
    const { answer, sentAtMs, answeredAtMs } = settled;
    const times = { sentAtMs, answeredAtMs };
    if (answer === null) {
      tally.unknown++;
      this.#holds.push({ outcome: 'unknown', seats, ...times });
      return { hold: null, stop: true, alternative: [] };
    }
    if (answer.status === 201) {
      const body = answer.body as HeldBody;
      const hold = { reservationId: body.reservation_id, seats: body.seat_ids };
      const promisedUntilMs = Date.parse(body.expires_at);
      this.#holds.push({ outcome: 'acknowledged', ...hold, ...times, promisedUntilMs });
      tally.held++;
      this.market.onHeld?.(sentAtMs, answeredAtMs);
      recordMs(tally.holdLatencyUs, answeredAtMs - sentAtMs);
      return { hold, stop: false, alternative: [] };
    }
    this.#holds.push({ outcome: 'refused', seats, ...times });
    if (isConflict(answer)) tally.conflicts++;
    else tally.error(`hold ${answer.status} ${answer.code}`);
    return { hold: null, stop: !isConflict(answer), alternative: alternativeOf(answer) };
  }

  async #bookAfterDecline(hold: Hold): Promise<void> {
    const outcome = await this.#book(hold, 'pm_card_chargeDeclined');
    if (outcome !== 'declined') return;
    await pause(this.temper.thinkMs / 2);
    if (Math.random() < 0.5) await this.#book(hold, this.#card);
    else await this.#release(hold);
  }

  async #book(hold: Hold, card: string): Promise<'booked' | 'declined' | 'other'> {
    const { tally } = this.market;
    const { reservationId, seats } = hold;
    const key = this.#nextKey();
    const body = { reservation_id: reservationId, payment_token: card, idempotency_key: key };
    const settled = await this.#whenPaid(await this.#send('POST', '/v1/bookings', body, key));
    const { answer, sentAtMs, answeredAtMs } = settled;
    const state = (answer?.body as { status?: string } | null)?.status ?? '';
    if (answer === null || state === 'PENDING') {
      tally.unknown++;
      this.#bookings.push({ outcome: 'unknown', reservationId, seats });
      return 'other';
    }
    if (state === 'CONFIRMED') {
      const booking = answer.body as { booking_id: string; seat_ids: string[] };
      const acknowledged = { bookingId: booking.booking_id, seats: booking.seat_ids };
      this.#bookings.push({ outcome: 'acknowledged', reservationId, ...acknowledged });
      tally.booked++;
      recordMs(tally.bookLatencyUs, answeredAtMs - sentAtMs);
      return 'booked';
    }
    this.#bookings.push({ outcome: 'refused', reservationId, seats });
    if (answer.status === 402 || state === 'DECLINED') {
      tally.declined++;
      return 'declined';
    }
    if (isTooLate(answer, state)) tally.tooLate++;
    else tally.error(`booking ${answer.status} ${answer.code ?? state}`);
    return 'other';
  }

  /** 202: the payment runs on; asks until it has ended. */
  async #whenPaid(first: Settled): Promise<Settled> {
    let settled = first;
    for (let asked = 0; asked < 40 && settled.answer?.status === 202; asked++) {
      const { booking_id: id } = settled.answer.body as { booking_id: string };
      await pause(500);
      const { answer, answeredAtMs } = await this.#send('GET', `/v1/bookings/${id}`);
      const pending = (answer?.body as { status?: string } | null)?.status === 'PENDING';
      if (!pending) settled = { answer, sentAtMs: first.sentAtMs, answeredAtMs };
    }
    return settled;
  }

  /** Asks for more time, thinks again, and then buys or walks away. */
  async #extend(hold: Hold): Promise<void> {
    const { reservationId } = hold;
    const { tally } = this.market;
    const { answer } = await this.#send('POST', `/v1/reservations/${reservationId}/extend`);
    if (answer === null) tally.unknown++;
    else if (answer.status === 200) {
      const at = this.#holds.findIndex((attempt) => attempt.reservationId === reservationId);
      const promisedUntilMs = Date.parse((answer.body as HeldBody).expires_at);
      this.#holds[at] = { ...this.#holds[at], promisedUntilMs };
      tally.extended++;
    } else if (!isTooLate(answer, '')) tally.error(`extend ${answer.status} ${answer.code}`);
    await pause(this.temper.thinkMs);
    if (Math.random() < 0.5) await this.#book(hold, this.#card);
  }

  async #release(hold: Hold): Promise<void> {
    const { reservationId } = hold;
    const { tally } = this.market;
    const { answer } = await this.#send('DELETE', `/v1/reservations/${reservationId}`);
    if (answer === null) tally.unknown++;
    const ok = answer?.status === 200;
    const outcome = answer === null ? 'unknown' : ok ? 'acknowledged' : 'refused';
    this.#releases.push({ outcome, reservationId });
    if (ok) tally.released++;
    else if (answer !== null && !isTooLate(answer, '')) {
      tally.error(`release ${answer.status} ${answer.code}`);
    }
  }

  #send(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: object,
    key = this.#nextKey(),
  ): Promise<Settled> {
    const request = { method, path, token: this.#token, ...(body === undefined ? {} : { body }) };
    return this.market.api.settle(method === 'GET' ? request : { ...request, key });
  }

  #nextKey(): string {
    return `demo-${++this.#keys}`;
  }
}

interface HeldBody {
  readonly reservation_id: string;
  readonly seat_ids: string[];
  readonly expires_at: string;
}

interface HoldResult {
  readonly hold: Hold | null;
  /** Nothing more to try. */
  readonly stop: boolean;
  readonly alternative: readonly string[];
}

/** Rules of the sale, which a buyer who names any seat must know: he tries others. */
const conflictCodes = new Set([
  'seats_unavailable',
  'stranded_single',
  'accessible_seats_protected',
]);

const isConflict = ({ status, code }: ApiAnswer): boolean =>
  status === 409 && code !== null && conflictCodes.has(code);

function isTooLate({ code }: ApiAnswer, state: string): boolean {
  return code === 'reservation_expired' || code === 'reservation_not_found' || state === 'EXPIRED';
}

function alternativeOf(answer: ApiAnswer): readonly string[] {
  const { error } = answer.body as {
    error?: { alternative?: { seat_ids?: readonly string[] } };
  };
  return error?.alternative?.seat_ids ?? [];
}
