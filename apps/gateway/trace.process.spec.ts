import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { orderFaults } from '#apps/payments/testing/simulator-control.js';
import { limits } from '#libs/contracts/limits.js';
import { derivedTrace } from '#libs/platform/trace.js';
import type { EventOnSale } from '#libs/testing/hold-load.js';
import { ProcessCluster, type GatewayProcess } from '#libs/testing/process-cluster.js';
import type { RoleProcess } from '#libs/testing/role-process.js';
import { eventFor, importSmallEvent } from '#libs/testing/sale.js';
import { until } from '#libs/testing/until.js';

import { setup } from '../../ops/setup.mjs';
import { callHttp, openSession, type Reply } from './testing/harness.js';

/** "What went wrong for this buyer?", asked of real processes: one search over all their logs. */
let cluster: ProcessCluster;
let gateway: GatewayProcess;
let payments: RoleProcess;
let event: EventOnSale;
let buyer: { readonly userId: string; readonly token: string };
let nextSeat = 0;

beforeAll(async () => {
  await setup();
  cluster = await ProcessCluster.start(['shard-a']);
  [gateway, payments] = await Promise.all([
    cluster.startGateway('gateway-1'),
    cluster.startPayments(),
  ]);
  event = await importSmallEvent(cluster.pool, eventFor('shard-a', ['shard-a']), 60_000);
  buyer = await openSession(gateway.url);
  // The event is awake from here on: what is slow below is so for one reason.
  await hold({});
}, 240_000);

afterAll(async () => {
  await cluster?.stop();
}, 30_000);

type Headers = Readonly<Record<string, string>>;

async function hold(headers: Headers): Promise<string> {
  const body = { event_id: event.eventId, seat_ids: [event.seatIds[2 * nextSeat++]] };
  const reply = await post('/v1/reservations', body, headers);
  expect(reply.status).toBe(201);
  return String(reply.json.reservation_id);
}

const book = (reservation: string, card: string, key: string, headers: Headers): Promise<Reply> => {
  const body = { reservation_id: reservation, payment_token: card, idempotency_key: key };
  return post('/v1/bookings', body, headers);
};

const post = (path: string, body: object, headers: Headers): Promise<Reply> =>
  callHttp(gateway.url, 'POST', path, { token: buyer.token, body, headers });

/** Nothing gets into the journal for longer than both bounds; the append itself does not fail. */
async function slowly<Value>(work: () => Promise<Value>): Promise<Value> {
  const locker = await cluster.pool.connect();
  try {
    await locker.query('BEGIN');
    await locker.query('LOCK TABLE journal IN SHARE MODE');
    const working = work();
    await until(async () => (await waiting()) > 0, 'an append waits');
    const endMs = performance.now() + limits.slowRequestMs + 50;
    await until(() => performance.now() > endMs, 'the request was slow');
    await locker.query('ROLLBACK');
    return await working;
  } finally {
    locker.release();
  }
}

async function waiting(): Promise<number> {
  const { rowCount } = await cluster.pool.query(
    "SELECT FROM pg_locks WHERE relation = 'journal'::regclass AND NOT granted",
  );
  return rowCount ?? 0;
}

/** The messages of each process that the search finds, once every one of `wanted` is among them. */
async function search(text: string, wanted: Readonly<Record<string, string>>): Promise<void> {
  const processes = { gateway, shard: cluster.shard('shard-a'), payments };
  const found = () =>
    Object.entries(processes).map(([name, one]) => [name, one.logged(text).map((l) => l.msg)]);
  const has = ([name, said]: readonly unknown[]) => {
    const message = wanted[name as string];
    return message === undefined || (said as unknown[]).includes(message);
  };
  await until(
    () => found().every(has),
    () => `${text} is found as ${JSON.stringify(wanted)}: ${JSON.stringify(found())}`,
  );
}

const parentOf = (trace: string): Headers => ({ traceparent: `00-${trace}-00f067aa0ba902b7-01` });

describe('the logs of all processes', () => {
  it('tell of a slow hold and a declined card under the trace that the client named', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const reservation = await slowly(() => hold(parentOf(trace)));
    await search(trace, { gateway: 'request', shard: 'commands were slow' });

    const declined = await book(reservation, 'pm_card_chargeDeclined', 'k1', parentOf(trace));
    expect(declined).toMatchObject({ status: 402, error: { trace_id: trace } });
    await search(trace, { payments: 'payment step done' });
    const [step] = payments.logged(trace);
    expect(step).toMatchObject({ trace, reservation, user: buyer.userId, event: event.eventId });
    // And by the reservation: everything that is about it, whatever the request.
    await search(reservation, { gateway: 'request', payments: 'payment step done' });
  });

  it('tell of a fault of the provider, and of the command that payments sent', async () => {
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const reservation = await hold({});
    await orderFaults(cluster.stripeUrl, [{ kind: 'drop_before', operation: '*', times: null }]);
    const paying = slowly(() => book(reservation, 'pm_card_visa', 'k2', parentOf(trace)));
    await search(trace, {
      shard: 'commands were slow',
      payments: 'a payment step is tried again later',
    });
    await orderFaults(cluster.stripeUrl, []);
    const paid = await paying;
    expect([201, 202]).toContain(paid.status);
    expect(paid.headers.get('trace-id')).toBe(trace);
    await search(trace, { gateway: 'request' });
  });

  it('find the same id in all of them when the client named none', async () => {
    const held = derivedTrace(`${buyer.userId}/hold-3`);
    const reservation = await slowly(() => hold({ 'idempotency-key': 'hold-3' }));
    await search(held, { gateway: 'request', shard: 'commands were slow' });

    const paying = derivedTrace(`${buyer.userId}/pay-3`);
    const declined = await slowly(() => book(reservation, 'pm_card_chargeDeclined', 'pay-3', {}));
    expect(declined).toMatchObject({ status: 402, error: { trace_id: paying } });
    await search(paying, {
      gateway: 'request',
      shard: 'commands were slow',
      payments: 'payment step done',
    });
    // Asked again under a trace of its own: a line leads from the one to the other.
    const mine = '5bf92f3577b34da6a3ce929d0e0e4737';
    await book(reservation, 'pm_card_chargeDeclined', 'pay-3', parentOf(mine));
    await search(mine, { payments: 'an attempt was asked for again' });
    expect(payments.logged(mine)).toMatchObject([{ first_trace: paying, reservation }]);
  });

  it('say nothing of requests that went well', async () => {
    const trace = '6bf92f3577b34da6a3ce929d0e0e4738';
    const reservation = await hold(parentOf(trace));
    const found = [gateway, cluster.shard('shard-a')].map((one) => one.logged(reservation));
    expect(found).toEqual([[], []]);
  });
});
