import { beforeEach, describe, expect, it } from '@jest/globals';

import type { Bus, BusReply } from '#libs/bus/bus.js';
import { decodeBody, encodeAnswer } from '#libs/bus/control-call.js';
import type { ErrorCode, ErrorExtras } from '#libs/contracts/errors.js';
import { limits } from '#libs/contracts/limits.js';
import type { BookCall, BookReply } from '#libs/contracts/payments.js';
import type { UserId } from '#libs/inventory/ids.js';
import { silentLog } from '#libs/platform/log.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import { EventShares } from '#libs/routing/event-shares.js';

import type { Exchange } from '../../http/exchange.js';
import { Bookings } from './handlers.js';

const half = limits.bookingsInFlightMax / 2;

let waiting: ((reply: BusReply) => void)[];
let errors: ErrorCode[];
let bookings: Bookings;
let told: ErrorExtras | undefined;

/** Payments that have answers for one event only. */
function request(_subject: string, payload: Uint8Array): Promise<BusReply> {
  const { holdId } = decodeBody(payload) as BookCall;
  if (holdId.startsWith('rsv_silent_')) return new Promise((resolve) => void waiting.push(resolve));
  const tried = holdId.startsWith('rsv_tried_');
  const refused: BookReply = { kind: 'unavailable', retryAfterMs: 30_000, tooManyDeclines: true };
  const answer = encodeAnswer(tried ? refused : { kind: 'key_reused' });
  return Promise.resolve({ kind: 'reply', payload: answer });
}

beforeEach(() => {
  waiting = [];
  errors = [];
  bookings = new Bookings({
    bus: { request } as unknown as Bus,
    clock: new VirtualClock(),
    log: silentLog(),
    addressMarks: { of: () => null },
    bookingShares: new EventShares(limits.bookingsInFlightMax),
  });
});

function book(event: string): Promise<void> {
  return bookings.create({
    body: {
      reservation_id: `rsv_${event}_aaaaaaaaaaaaaaaaaaaa`,
      payment_token: 'pm_card_visa',
      idempotency_key: 'k',
    },
    caller: { userId: 'usr_a' as UserId },
    traceAs: () => '0af7651916cd43dd8448eb211c80319c',
    error: (code: ErrorCode, extras?: ErrorExtras) => {
      errors.push(code);
      told = extras;
    },
  } as unknown as Exchange);
}

describe('bookings that wait for payments', () => {
  it('are 429 after too many declines, with the time to wait', async () => {
    await book('tried');
    expect(errors).toEqual(['too_many_declines']);
    expect(told).toEqual({ retry_after_ms: 30_000 });
  });

  it('of one event leave room for those of others (G8)', async () => {
    const crowd = Array.from({ length: half }, () => book('silent'));
    await book('silent');
    expect(errors).toEqual(['overloaded']);
    await book('serving');
    expect(errors).toEqual(['overloaded', 'idempotency_key_reused']);
    for (const answer of waiting.splice(0)) answer({ kind: 'timeout' });
    await Promise.all(crowd);
    expect(errors.filter((code) => code === 'outcome_unknown')).toHaveLength(half);
    void book('silent');
    expect(waiting).toHaveLength(1);
  });
});
