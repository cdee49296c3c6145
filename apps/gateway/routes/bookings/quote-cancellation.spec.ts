import { beforeEach, describe, expect, it } from '@jest/globals';

import type { Bus, BusReply } from '#libs/bus/bus.js';
import { decodeBody, encodeAnswer } from '#libs/bus/control-call.js';
import type { ErrorCode } from '#libs/contracts/errors.js';
import type { GetBookingCall, GetBookingReply } from '#libs/contracts/payments.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import type { Exchange } from '../../http/exchange.js';
import { quoteCancellation } from './quote-cancellation.js';

const bookingId = 'bkg_show_0123456789abcdefghij';
const ofAll = { untilMs: 0, amountMinor: 5_000, keptMinor: 500 };

let asked: GetBookingCall[];
let answers: unknown[];
let errors: ErrorCode[];
let reply: GetBookingReply;

const found = (more: object, userId = 'usr_ada'): GetBookingReply =>
  ({ kind: 'found', booking: { bookingId, userId, ...more } }) as unknown as GetBookingReply;

beforeEach(() => {
  [asked, answers, errors] = [[], [], []];
});

const bus = {
  request: (_subject: string, payload: Uint8Array): Promise<BusReply> => {
    asked.push(decodeBody(payload) as GetBookingCall);
    return Promise.resolve({ kind: 'reply', payload: encodeAnswer(reply) });
  },
} as unknown as Bus;

const quote = (body: object = {}, booking = bookingId): Promise<void> =>
  quoteCancellation({ bus, clock: new VirtualClock() }, {
    params: [booking],
    body,
    caller: { userId: 'usr_ada' },
    trace: '0af7651916cd43dd8448eb211c80319c',
    json: (status: number, text: string) => answers.push([status, JSON.parse(text)]),
    error: (code: ErrorCode) => errors.push(code),
  } as unknown as Exchange);

const one = { seat_ids: ['A-1'] };

describe('what cancelling would bring', () => {
  it('is told of all that is left, or of the places that were asked for', async () => {
    reply = found({ cancellation: ofAll });
    await quote();
    reply = found({ cancellation: { ...ofAll, amountMinor: 2_000, ofPlaces: true } });
    await quote(one);
    const until = '1970-01-01T00:00:00.000Z';
    expect(answers).toEqual([
      [200, { until, amount: 5_000, kept: 500 }],
      [200, { until, amount: 2_000, kept: 500 }],
    ]);
    expect(asked[0]).not.toHaveProperty('cancelling');
    expect(asked[1].cancelling).toEqual({ what: 'places', seats: ['A-1'], areas: [] });
  });

  it('is not told by a release that answers for all of it (QC1)', async () => {
    reply = found({ cancellation: ofAll });
    await quote(one);
    expect([answers, errors]).toEqual([[], ['unavailable']]);
  });

  it('is refused for the reason that cancelling would be, and for what is another’s', async () => {
    reply = { ...found({}), barred: 'not_in_booking' } as GetBookingReply;
    await quote(one);
    reply = found({});
    await quote();
    reply = found({ cancellation: ofAll }, 'usr_eve');
    await quote();
    reply = { kind: 'not_found' };
    await quote();
    await quote({}, 'nothing');
    expect(errors).toEqual([
      ...['not_in_booking', 'cancellation_not_allowed'],
      ...['booking_not_found', 'booking_not_found', 'booking_not_found'],
    ]);
    expect(answers).toEqual([]);
  });
});
