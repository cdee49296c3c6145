import { setTimeout as pause } from 'node:timers/promises';
import { orderFaults, readLedger } from '#apps/payments/testing/simulator-control.js';
import { startTestPostgres } from '#libs/testing/postgres.js';
import { Checks } from '../loadfaults/checks.js';
import { quantile } from '../loadfaults/quantile.js';
import { compareBooks, readOrders } from './books.js';
import { checkBooks } from './check-books.js';
import type { CheckoutOptions } from './options.js';
import { withOwnSale, type OwnSale } from './own.js';
import { Purchases } from './purchases.js';
import type { Trial } from './report.js';
import { loggedBy, StatementLog } from './statement-log.js';

/** What a provider takes in the middle of the day. */
const providerMs = 300;
const checkoutP99Ms = 2_000;
const counted = { perSecond: 20, ms: 5_000 };
const restMs = 3_000;

/**
 * Bookings on a schedule, with a provider that takes its time over each call; and, apart from that,
 * how many statements a booking is.
 */
export async function runCheckout(
  options: CheckoutOptions,
  say: (line: string) => void,
): Promise<Trial> {
  const log = new StatementLog();
  const settings = { ...loggedBy, shared_buffers: '256MB', max_wal_size: '2GB' };
  const server = { durable: true, ownGroup: true, settings, onLog: log.hear };
  const postgres = await startTestPostgres(server);
  const count: Counted = (work) => log.during(postgres.url, work);
  try {
    const env = { DATABASE_URL: await postgres.createDatabase() };
    return await withOwnSale(env, (sale) => runOver(sale, options, count, say));
  } finally {
    await postgres.stop();
  }
}

/** Statements while `work` runs, by who asks. */
type Counted = (work: () => Promise<unknown>) => Promise<Map<string, number>>;

async function runOver(
  sale: OwnSale,
  { perSecond, seconds }: CheckoutOptions,
  count: Counted,
  say: (line: string) => void,
): Promise<Trial> {
  const { stripeUrl, stripeKey, pool } = sale;
  const purchases = new Purchases(sale);
  const slow = { kind: 'latency', operation: '*', times: null, latency_ms: providerMs };
  await orderFaults(stripeUrl, [slow], stripeKey);
  say('warms up');
  await purchases.run(counted);
  say(`${perSecond} a second for ${seconds} s, a provider that takes ${providerMs} ms`);
  const bought = await purchases.run({ perSecond, ms: seconds * 1_000 });
  await pause(restMs);
  say('counts statements');
  const statements = await countStatements(count, purchases);
  await orderFaults(stripeUrl, [], stripeKey);
  const { intents } = await readLedger(stripeUrl, stripeKey);
  const books = compareBooks(await readOrders(pool), intents);
  const checks = new Checks('checkout');
  checks.never('buyers who did not get their seat', bought.due - bought.confirmed);
  const ms = (values: readonly number[], q: number) => Math.round(quantile(values, q));
  checks.atMost('checkout p99', ms(bought.checkoutMs, 0.99), checkoutP99Ms, 'ms');
  const told = Object.entries(bought.others).map(([words, times]) => `${words}: ${times}`);
  const wrong = [...told, ...checkBooks(checks, books)];
  return {
    command: `npm run settle -- --checkout ${perSecond} --seconds ${seconds}`,
    checks: checks.list,
    counts: {
      bookings: bought.confirmed,
      'at once, at most': bought.atOnceMax,
      'checkout p50, ms': ms(bought.checkoutMs, 0.5),
      'hold and checkout from when it was due, p50, ms': ms(bought.wholeMs, 0.5),
      'hold and checkout from when it was due, p99, ms': ms(bought.wholeMs, 0.99),
      ...statements,
    },
    books,
    wrong,
  };
}

/** By who asks, and of payments also what; what is asked without any booking is taken off. */
async function countStatements(
  count: Counted,
  purchases: Purchases,
): Promise<Record<string, string>> {
  const idle = await count(() => pause(counted.ms + restMs));
  let bookings = 0;
  const busy = await count(async () => {
    bookings = (await purchases.run(counted)).confirmed;
    await pause(restMs);
  });
  const entries = [...busy]
    .map(([what, times]) => [what, (times - (idle.get(what) ?? 0)) / bookings] as const)
    .filter(([, each]) => each >= 0.05)
    .sort(([, a], [, b]) => b - a);
  return Object.fromEntries(
    entries.map(([what, each]) => [`statements a booking, ${what}`, each.toFixed(2)]),
  );
}
