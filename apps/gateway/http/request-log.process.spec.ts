import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { HoldId } from '#libs/inventory/ids.js';
import { derivedTrace } from '#libs/platform/trace.js';
import { logInto } from '#libs/testing/log-lines.js';

import { fakeEventId } from '../testing/fake-catalogue.js';
import { startHarness, type Harness, type Reply } from '../testing/harness.js';

const theirs = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${theirs}-00f067aa0ba902b7-01`;
const reservation = 'rsv_show_0123456789abcdef' as HoldId;

const { log, lines } = logInto();
let gateway: Harness;
let token: string;
let userId: string;

beforeAll(async () => {
  gateway = await startHarness({ log });
  ({ token, userId } = await gateway.session());
});

afterAll(() => gateway.stop());

beforeEach(() => {
  lines.length = 0;
  gateway.inventory.override = null;
});

const reserve = (seat: string, headers: Record<string, string> = {}): Promise<Reply> => {
  const body = { event_id: fakeEventId, seat_ids: [seat] };
  return gateway.call('POST', '/v1/reservations', { token, body, headers });
};

const book = (key: string, headers: Record<string, string> = {}): Promise<Reply> => {
  const body = { reservation_id: reservation, payment_token: 'pm_x', idempotency_key: key };
  return gateway.call('POST', '/v1/bookings', { token, body, headers });
};

/** By body, header and line. */
const tracesOf = (reply: Reply, line: object): unknown[] => [
  reply.error.trace_id,
  reply.headers.get('trace-id'),
  (line as { trace?: unknown }).trace,
];

describe('the log of a gateway', () => {
  it('has no line of ordinary answers, and those name no trace', async () => {
    const held = await reserve('A-1');
    const taken = await reserve('A-1', { traceparent });
    expect([held.status, taken.status]).toEqual([201, 409]);
    expect([held, taken].map(({ headers }) => headers.get('trace-id'))).toEqual([null, null]);
    expect(taken.error.trace_id).toBeUndefined();
    expect(lines).toEqual([]);
  });

  it('tells of a request that its owner did not answer, by the trace of the command', async () => {
    gateway.inventory.override = () => ({ kind: 'unknown', retryAfterMs: 100 });
    const reply = await reserve('A-2');
    const call = gateway.inventory.calls.at(-1);
    expect(reply.status).toBe(503);
    expect(call?.trace).toBeUndefined();
    expect(lines).toMatchObject([
      {
        level: 'info',
        msg: 'request',
        route: 'createReservation',
        status: 503,
        code: 'outcome_unknown',
        user: userId,
        event: fakeEventId,
        reservation: reply.error.reservation_id,
      },
    ]);
    const trace = derivedTrace(String(call?.commandId));
    expect(tracesOf(reply, lines[0])).toEqual([trace, trace, trace]);
  });

  it('goes by the trace that the client named, and the command carries it', async () => {
    gateway.inventory.override = () => ({ kind: 'overloaded', retryAfterMs: 100 });
    const reply = await reserve('A-3', { traceparent });
    expect(gateway.inventory.calls.at(-1)?.trace).toBe(theirs);
    expect(tracesOf(reply, lines[0])).toEqual([theirs, theirs, theirs]);
  });

  it('tells of a bug with its stack, under the trace that the client was given', async () => {
    gateway.inventory.override = () => {
      throw new Error('a bug');
    };
    const reply = await reserve('A-4');
    expect(reply.status).toBe(500);
    const [bug, request] = lines;
    expect(bug).toMatchObject({ level: 'error', msg: 'a request failed', event: fakeEventId });
    expect(JSON.stringify(bug.err)).toContain('a bug');
    expect(tracesOf(reply, bug)).toEqual([request.trace, request.trace, request.trace]);
  });

  it('tells of every booking, under one trace however often it is asked for', async () => {
    const replies = [await book('k1'), await book('k1'), await book('k2')];
    expect(replies.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(lines.map((line) => line.trace)).toEqual(
      ['k1', 'k1', 'k2'].map((key) => derivedTrace(`${userId}/${key}`)),
    );
    expect(lines[0]).toMatchObject({ route: 'createBooking', user: userId, reservation });
    const named = await book('k1', { traceparent });
    expect(tracesOf(named, lines[3])).toEqual([theirs, theirs, theirs]);
  });
});
