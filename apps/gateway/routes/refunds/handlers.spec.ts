import { beforeEach, describe, expect, it } from '@jest/globals';

import type { Bus, BusReply } from '#libs/bus/bus.js';
import { decodeBody, encodeAnswer } from '#libs/bus/control-call.js';
import type { ErrorCode, ErrorExtras } from '#libs/contracts/errors.js';
import type { RefundCall, RefundReply } from '#libs/contracts/payments.js';
import type { AuditRequest, Office } from '#libs/office/office.js';
import { silentLog } from '#libs/platform/log.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import type { Exchange } from '../../http/exchange.js';
import { startRefund, type RefundParts } from './handlers.js';

const bookingId = 'bkg_show_0123456789abcdefghij';
const view = {
  refundId: 'rfd_1',
  bookingId,
  status: 'UNDER_WAY',
  seats: ['A-1'],
  areas: [],
  amountMinor: 900,
  keptMinor: 100,
  currency: 'EUR',
  reason: 'ill',
  createdAtMs: 0,
};

let asked: RefundCall[];
let record: string[];
let answers: { status: number; body: unknown }[];
let errors: [ErrorCode, ErrorExtras | undefined][];
let reply: RefundReply;

const parts = {
  bus: {
    request: (_subject: string, payload: Uint8Array): Promise<BusReply> => {
      asked.push(decodeBody(payload) as RefundCall);
      record.push('asked');
      return Promise.resolve({ kind: 'reply', payload: encodeAnswer(reply) });
    },
  } as unknown as Bus,
  events: { get: () => Promise.resolve({ detail: { eventId: 'evt_show' } }) },
  office: {
    begin: ({ who, role, reason }: AuditRequest) => {
      record.push(`${who} as ${role}: ${reason}`);
      return Promise.resolve('1');
    },
    settle: (_id: string, outcome: string) => {
      record.push(outcome);
      return Promise.resolve();
    },
  } as unknown as Office,
  clock: new VirtualClock(),
  log: silentLog(),
} as unknown as RefundParts;

beforeEach(() => {
  [asked, record, answers, errors] = [[], [], [], []];
  reply = { kind: 'refund', refund: view } as unknown as RefundReply;
});

const start = (body: object, booking = bookingId): Promise<void> =>
  startRefund(parts, {
    params: ['evt_show', booking],
    body: { reason: 'ill', idempotency_key: 'k', ...body },
    caller: { powers: { roles: ['finance'], organisers: [], name: 'fay' } },
    trace: '0af7651916cd43dd8448eb211c80319c',
    json: (status: number, text: string) => answers.push({ status, body: JSON.parse(text) }),
    error: (code: ErrorCode, extras?: ErrorExtras) => errors.push([code, extras]),
  } as unknown as Exchange);

describe('a refund that somebody with a role asks for', () => {
  it('is on record before payments hear of it, and is answered as it is by then', async () => {
    await start({ fee_per_place: 100 });
    expect(record).toEqual(['fay as finance: ill', 'asked', 'done']);
    expect(asked[0]).toMatchObject({
      ...{ bookingId, asker: 'fay', role: 'finance', idempotencyKey: 'k', feePerPlaceMinor: 100 },
      wish: { what: 'whole' },
    });
    expect(answers).toMatchObject([
      { status: 202, body: { refund_id: 'rfd_1', status: 'UNDER_WAY', amount: 900, kept: 100 } },
    ]);
  });

  it('is of places or of an amount, and not of both', async () => {
    await start({ seat_ids: ['A-1'] });
    await start({ amount: 5, currency: 'EUR' });
    expect(asked.map(({ wish }) => wish)).toEqual([
      { what: 'places', seats: ['A-1'], areas: [] },
      { what: 'amount', amountMinor: 5 },
    ]);
    await start({ amount: 5, seat_ids: ['A-1'] });
    expect(errors).toEqual([['invalid_request', { field: 'amount' }]]);
    expect(asked).toHaveLength(2);
  });

  it('of a booking of another event is of none, and nobody is asked', async () => {
    await start({}, 'bkg_other_0123456789abcdefghij');
    expect(errors).toEqual([['booking_not_found', undefined]]);
    expect(record).toEqual([]);
  });

  it('says why nothing goes back, and what could', async () => {
    reply = { kind: 'refused', reason: 'refund_too_high', leftMinor: 700 };
    await start({ amount: 900 });
    expect(errors).toEqual([['refund_too_high', { left: 700 }]]);
    expect(record.at(-1)).toBe('refused: refund_too_high');
  });
});
