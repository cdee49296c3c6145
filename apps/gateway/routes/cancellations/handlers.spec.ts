import { beforeEach, describe, expect, it } from '@jest/globals';

import type { Bus, BusReply } from '#libs/bus/bus.js';
import { decodeBody, encodeAnswer } from '#libs/bus/control-call.js';
import type { ErrorCode, ErrorExtras } from '#libs/contracts/errors.js';
import type { CancelEventCall, CancellationReply } from '#libs/contracts/event-cancellation.js';
import type { AuditRequest, Office } from '#libs/office/office.js';
import { silentLog } from '#libs/platform/log.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import type { Exchange } from '../../http/exchange.js';
import { cancelEvent, type CancellationParts } from './handlers.js';

let asked: CancelEventCall[];
let record: string[];
let answers: { status: number; body: unknown }[];
let errors: [ErrorCode, ErrorExtras | undefined][];
let reply: CancellationReply;

const parts = {
  bus: {
    request: (_subject: string, payload: Uint8Array): Promise<BusReply> => {
      asked.push(decodeBody(payload) as CancelEventCall);
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
} as unknown as CancellationParts;

beforeEach(() => {
  [asked, record, answers, errors] = [[], [], [], []];
  reply = {
    kind: 'cancellation',
    cancellation: {
      eventId: 'evt_show' as CancelEventCall['eventId'],
      state: 'REFUNDING',
      asked: {
        ...{ by: 'fay', reason: 'ill', atMs: 0, endedAtMs: null },
        ...{ feePerPlaceMinor: 5, keepsBookingFee: true, error: null },
      },
      totals: [
        { outcome: 'WAITING', currency: 'EUR', bookings: 2, amountMinor: 900, keptMinor: 0 },
      ],
      troubles: [],
    },
  };
});

const cancel = (body: object): Promise<void> =>
  cancelEvent(parts, {
    params: ['evt_show'],
    body: { reason: 'ill', ...body },
    caller: { powers: { roles: ['finance'], organisers: [], name: 'fay' } },
    trace: '0af7651916cd43dd8448eb211c80319c',
    json: (status: number, text: string) => answers.push({ status, body: JSON.parse(text) }),
    error: (code: ErrorCode, extras?: ErrorExtras) => errors.push([code, extras]),
  } as unknown as Exchange);

describe('an event that somebody with a role cancels', () => {
  it('is on record before payments hear of it, and is answered as it is by then', async () => {
    await cancel({ fee_per_place: 5, booking_fee_kept: true });
    expect(record).toEqual(['fay as finance: ill', 'asked', 'done']);
    expect(asked[0]).toMatchObject({ asker: 'fay', role: 'finance', feePerPlaceMinor: 5 });
    expect(asked[0].keepsBookingFee).toBe(true);
    expect(answers).toMatchObject([
      {
        status: 202,
        body: {
          ...{ event_id: 'evt_show', state: 'REFUNDING', asked_by: 'fay', ended_at: null },
          totals: [{ outcome: 'WAITING', currency: 'EUR', bookings: 2, amount: 900, kept: 0 }],
        },
      },
    ]);
  });

  it('says why not, on record too', async () => {
    reply = { kind: 'refused', reason: 'event_cancelled' };
    await cancel({});
    expect(asked[0]).toMatchObject({ feePerPlaceMinor: 0 });
    expect(errors).toEqual([['event_cancelled', undefined]]);
    expect(record.at(-1)).toBe('refused: event_cancelled');
  });
});
