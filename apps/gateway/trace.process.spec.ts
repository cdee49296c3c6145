import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { orderFaults } from '#apps/payments/testing/simulator-control.js';
import { limits } from '#libs/contracts/limits.js';
import { derivedTrace } from '#libs/platform/trace.js';
import type { EventOnSale } from '#libs/testing/hold-load.js';
import { ProcessCluster, type GatewayProcess } from '#libs/testing/process-cluster.js';
import type { RoleProcess } from '#libs/testing/role-process.js';
import { eventFor, importSmallEvent } from '#libs/testing/sale.js';
import { startSpanCollector, type SpanCollector } from '#libs/testing/span-collector.js';
import { until } from '#libs/testing/until.js';

import { runCommandLine } from '#ops/holdfastctl/holdfastctl.js';
import { setup } from '../../ops/setup.mjs';
import { callHttp, openSession, type Reply } from './testing/harness.js';

/** "What went wrong for this buyer?", asked of real processes: one search over all their logs. */
let cluster: ProcessCluster;
let gateway: GatewayProcess;
let payments: RoleProcess;
let collector: SpanCollector;
let event: EventOnSale;
let buyer: { readonly userId: string; readonly token: string };
let nextSeat = 0;

beforeAll(async () => {
  await setup();
  collector = await startSpanCollector();
  // Who does not ask for it is traced only when something goes wrong.
  const env = { HOLDFAST_TRACES_URL: collector.url, HOLDFAST_TRACES_RATIO: '0' };
  cluster = await ProcessCluster.start(['shard-a'], env);
  [gateway, payments] = await Promise.all([
    cluster.startGateway('gateway-1', env),
    cluster.startPayments(env),
  ]);
  event = await importSmallEvent(cluster.pool, eventFor('shard-a', ['shard-a']), 60_000);
  buyer = await openSession(gateway.url);
  // The event is awake from here on: what is slow below is so for one reason.
  await hold({});
}, 240_000);

afterAll(async () => {
  await cluster?.stop();
  await collector?.stop();
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

/** Of one trace, each as `service: name`, once all of `wanted` have come. */
async function spansOf(trace: string, wanted: readonly string[]): Promise<readonly string[]> {
  const found = () =>
    collector.spans
      .filter(({ traceId }) => traceId === trace)
      .map(({ service, name }) => `${service.replace('holdfast-', '')}: ${name}`);
  await until(
    () => wanted.every((one) => found().includes(one)),
    () => `the spans of ${trace}: ${found().join(', ')}`,
  );
  return found();
}

/** A checkout whose bank took two seconds; its trace. */
async function slowCheckout(key: string, headers: Headers): Promise<string> {
  const reservation = await hold({});
  const slow = { kind: 'latency', operation: 'payment_intents.create', latency_ms: 2_000 };
  await orderFaults(cluster.stripeUrl, [{ ...slow, times: 1 }]);
  const paid = await book(reservation, 'pm_card_visa', key, headers);
  expect(paid.status).toBe(201);
  return String(paid.headers.get('trace-id'));
}

const ctl = async (...args: readonly string[]): Promise<string> => {
  let out = '';
  const env = { ...cluster.operatorEnvironment, COLUMNS: '200' };
  const terminal = {
    out: (text: string) => void (out += text),
    err: (t: string) => void (out += t),
  };
  expect({ code: await runCommandLine(args, { ...terminal, env }), out }).toMatchObject({
    code: 0,
  });
  return out;
};

describe('a trace', () => {
  it('goes through gateway, owner, journal, payments and Stripe, below the client', async () => {
    const trace = '7bf92f3577b34da6a3ce929d0e0e4739';
    const reservation = await hold(parentOf(trace));
    await book(reservation, 'pm_card_visa', 'traced', parentOf(trace));
    const request = 'gateway: POST /v1/bookings';
    await spansOf(trace, [
      ...['gateway: POST /v1/reservations', 'gateway: call HoldSeats', 'shard: HoldSeats'],
      ...['shard: mailbox', 'shard: append', request],
      ...['payments: payment authorise', 'payments: stripe paymentIntents.create'],
      ...['payments: call BookHold', 'shard: BookHold', 'payments: payment capture'],
    ]);
    const all = collector.spans.filter(({ traceId }) => traceId === trace);
    const byId = new Map(all.map((span) => [span.spanId, span]));
    const above = (name: string): string[] => {
      const path: string[] = [];
      let span = all.find((one) => one.name === name);
      while (span !== undefined) {
        path.push(span.name);
        if (span.parentSpanId === '00f067aa0ba902b7') path.push('client');
        span = byId.get(span.parentSpanId ?? '');
      }
      return path;
    };
    expect(above('HoldSeats')).toEqual([
      ...['HoldSeats', 'call HoldSeats', 'POST /v1/reservations', 'client'],
    ]);
    expect(above('BookHold')).toEqual([
      ...['BookHold', 'call BookHold', 'payment book', 'POST /v1/bookings', 'client'],
    ]);
    expect(above('stripe paymentIntents.create')).toEqual([
      ...['stripe paymentIntents.create', 'payment authorise', 'POST /v1/bookings', 'client'],
    ]);
  });

  it('of what was slow is there though nobody asked for it, of what went well not', async () => {
    const quick = await book(await hold({}), 'pm_card_visa', 'quick', {});
    const trace = await slowCheckout('slow', {});
    await spansOf(trace, ['gateway: POST /v1/bookings', 'payments: payment begin']);
    await spansOf(trace, ['payments: stripe paymentIntents.create', 'payments: payment capture']);
    expect(await spansOf(String(quick.headers.get('trace-id')), [])).toEqual([]);
  });
});

describe('why a buyer’s checkout was slow', () => {
  it('is answered by two commands, without a collector', async () => {
    const trace = await slowCheckout('why', {});
    await search(trace, { gateway: 'request', payments: 'payment step done' });
    const logs = ['--logs', cluster.logs];
    const list = await ctl('buyer', buyer.userId, ...logs);
    expect(list).toMatch(new RegExp(`CAPTURED +2\\d{3} .*${trace}`));
    const story = await ctl('trace', trace, ...logs);
    expect(story).toMatch(/^longest: 2\d{3} ms in the step authorise \(payments\)/m);
    for (const witness of ['SeatsHeld', 'SeatsBooked', 'createBooking 201', 'CAPTURED']) {
      expect(story).toContain(witness);
    }
  });
});
