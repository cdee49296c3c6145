import { setTimeout as pause } from 'node:timers/promises';
import { shuffledSeatIds } from '#bench/bench-events.js';
import type { Settled } from '#libs/client/rest-client.js';
import type { OwnSale } from './own.js';

/** Purchases on a schedule that does not wait for answers. */
export interface Schedule {
  readonly perSecond: number;
  readonly ms: number;
}

export interface Purchased {
  readonly due: number;
  readonly confirmed: number;
  /** By what they were told otherwise. */
  readonly others: Readonly<Record<string, number>>;
  /** From the booking's request to its last answer. */
  readonly checkoutMs: readonly number[];
  /** From when the buyer was due: with his hold, and with our own delay. */
  readonly wholeMs: readonly number[];
  readonly atOnceMax: number;
}

const card = 'pm_card_visa';
const tickMs = 5;
const askAgainMs = 250;
const asksMax = 480;

/** Buyers of one seat each, which nobody else wants. Resolves when the last has his answer. */
export class Purchases {
  readonly #seats = shuffledSeatIds();
  #next = 0;

  constructor(private readonly sale: OwnSale) {}

  async run({ perSecond, ms }: Schedule): Promise<Purchased> {
    const others: Record<string, number> = {};
    const [checkoutMs, wholeMs]: [number[], number[]] = [[], []];
    const going = new Set<Promise<void>>();
    let confirmed = 0;
    let due = 0;
    let atOnceMax = 0;
    const buy = async (dueAtMs: number): Promise<void> => {
      const { words, tookMs } = await this.#buy();
      if (words !== 'CONFIRMED') {
        others[words] = (others[words] ?? 0) + 1;
        return;
      }
      confirmed += 1;
      checkoutMs.push(tookMs);
      wholeMs.push(performance.now() - dueAtMs);
    };
    const startMs = performance.now();
    for (let nowMs = startMs; nowMs - startMs < ms; nowMs = performance.now()) {
      const wanted = Math.floor(((nowMs - startMs) * perSecond) / 1_000);
      for (; due < wanted; due += 1) {
        const one: Promise<void> = buy(startMs + (due * 1_000) / perSecond).finally(() => {
          going.delete(one);
        });
        going.add(one);
      }
      atOnceMax = Math.max(atOnceMax, going.size);
      await pause(tickMs);
    }
    await Promise.all(going);
    return { due, confirmed, others, checkoutMs, wholeMs, atOnceMax };
  }

  async #buy(): Promise<{ words: string; tookMs: number }> {
    const { eventId, tokens } = this.sale;
    const number = this.#next;
    this.#next += 1;
    const token = tokens[number % tokens.length];
    const seat = this.#seats[number % this.#seats.length];
    const key = `purchase-${number}`;
    const held = await this.#send(
      '/v1/reservations',
      { event_id: eventId, seat_ids: [seat] },
      token,
      `${key}-hold`,
    );
    if (held.answer?.status !== 201) return { words: wordsOf('hold', held), tookMs: 0 };
    const { reservation_id: reservation } = held.answer.body as { reservation_id: string };
    const body = { reservation_id: reservation, payment_token: card, idempotency_key: key };
    const startMs = performance.now();
    let booked = await this.#send('/v1/bookings', body, token, key);
    for (let asked = 0; asked < asksMax && isPending(booked); asked += 1) {
      await pause(askAgainMs);
      const { booking_id: id } = booked.answer?.body as { booking_id: string };
      booked = await this.sale.api.settle({ method: 'GET', path: `/v1/bookings/${id}`, token });
    }
    return { words: wordsOf('booking', booked), tookMs: performance.now() - startMs };
  }

  #send(path: string, body: object, token: string, key: string): Promise<Settled> {
    return this.sale.api.settle({ method: 'POST', path, token, key, body });
  }
}

const statusOf = ({ answer }: Settled): string =>
  (answer?.body as { status?: string } | null)?.status ?? '';

const isPending = (settled: Settled): boolean => statusOf(settled) === 'PENDING';

function wordsOf(what: string, settled: Settled): string {
  const { answer } = settled;
  if (answer === null) return `${what} unknown`;
  return statusOf(settled) || `${what} ${answer.status} ${answer.code}`;
}
