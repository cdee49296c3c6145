import { beforeEach, describe, expect, it } from '@jest/globals';

import type { Bus, BusReply } from '#libs/bus/bus.js';
import { decodeBody, encodeAnswer } from '#libs/bus/control-call.js';
import type { ErrorCode, ErrorExtras } from '#libs/contracts/errors.js';
import type { CancelCall, RefundReply } from '#libs/contracts/payments.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import type { Exchange } from '../../http/exchange.js';
import { cancelBooking } from './cancel-booking.js';

const bookingId = 'bkg_show_0123456789abcdefghij';

let asked: { subject: string; call: CancelCall }[];
let answers: { status: number; body: unknown }[];
let errors: [ErrorCode, ErrorExtras | undefined][];
let reply: RefundReply;

beforeEach(() => {
  [asked, answers, errors] = [[], [], []];
  const refund = { refundId: 'rfd_1', bookingId, status: 'UNDER_WAY', seats: [], areas: [] };
  reply = { kind: 'refund', refund: { ...refund, createdAtMs: 0 } } as unknown as RefundReply;
});

const bus = {
  request: (subject: string, payload: Uint8Array): Promise<BusReply> => {
    asked.push({ subject, call: decodeBody(payload) as CancelCall });
    return Promise.resolve({ kind: 'reply', payload: encodeAnswer(reply) });
  },
} as unknown as Bus;

const cancel = (body: object = {}, booking = bookingId): Promise<void> =>
  cancelBooking({ bus, clock: new VirtualClock() }, {
    params: [booking],
    body: { idempotency_key: 'k', ...body },
    caller: { userId: 'usr_ada' },
    trace: '0af7651916cd43dd8448eb211c80319c',
    json: (status: number, text: string) => answers.push({ status, body: JSON.parse(text) }),
    error: (code: ErrorCode, extras?: ErrorExtras) => errors.push([code, extras]),
  } as unknown as Exchange);

describe('a buyer who cancels', () => {
  it('asks for his own booking, all of it or some places, and hears how far it is', async () => {
    await cancel();
    await cancel({ seat_ids: ['A-1'], amount: 900 });
    expect(asked.map(({ call }) => call)).toMatchObject([
      { userId: 'usr_ada', bookingId, idempotencyKey: 'k', wish: { what: 'whole' } },
      { wish: { what: 'places', seats: ['A-1'], areas: [] }, amountMinor: 900 },
    ]);
    expect(asked[0].call).not.toHaveProperty('amountMinor');
    expect(answers).toMatchObject([
      { status: 202, body: { refund_id: 'rfd_1', status: 'UNDER_WAY' } },
      { status: 202 },
    ]);
  });

  it('is asked of processes that know buyers, and never as somebody with a role', async () => {
    await cancel();
    expect(asked[0].subject).toMatch(/cancel$/);
    expect(asked[0].call).not.toHaveProperty('role');
  });

  it('hears why he cannot, and what would go back instead', async () => {
    reply = { kind: 'refused', reason: 'cancellation_changed', leftMinor: 700 };
    await cancel({ amount: 900 });
    reply = { kind: 'refused', reason: 'cancellation_over' };
    await cancel();
    await cancel({}, 'nothing');
    expect(errors).toEqual([
      ['cancellation_changed', { left: 700 }],
      ['cancellation_over', {}],
      ['booking_not_found', undefined],
    ]);
    expect(asked).toHaveLength(2);
  });
});
