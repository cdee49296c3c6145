import { setTimeout as pause } from 'node:timers/promises';
import { orderFaults, readLedger } from '#apps/payments/testing/simulator-control.js';
import { Checks } from '../loadfaults/checks.js';
import { residentMib } from '../loadfaults/memory.js';
import { quantile } from '../loadfaults/quantile.js';
import { compareBooks, problemsOf, readOrders, type Books } from './books.js';
import { checkBooks } from './check-books.js';
import type { LostOptions } from './options.js';
import { withOwnSale, type OwnSale } from './own.js';
import { Purchases } from './purchases.js';
import type { Trial } from './report.js';

const sampleMs = 1_000;
const settlesWithinMs = 90_000;
/** What V8 keeps for itself from one collection to the next is not a leak. */
const growthMax = 1.15;

/**
 * Payments at a steady rate while answers of the provider are lost, before their effect and after
 * it: nothing may stay reserved, and nothing may pile up in memory.
 */
export function runLostAnswers(options: LostOptions, say: (line: string) => void): Promise<Trial> {
  return withOwnSale({}, (sale) => runOver(sale, options, say));
}

async function runOver(
  sale: OwnSale,
  { perSecond, minutes, lostPercent }: LostOptions,
  say: (line: string) => void,
): Promise<Trial> {
  const { stripeUrl, stripeKey } = sale;
  const probability = lostPercent / 200;
  const lost = (['drop_before', 'drop_after'] as const).map((kind) => ({
    ...{ kind, operation: '*', times: null, probability },
  }));
  await orderFaults(stripeUrl, lost, stripeKey);
  const memory = new Growth(sale);
  say(`${perSecond} a second for ${minutes} min, ${lostPercent} of 100 answers lost`);
  const purchased = await new Purchases(sale).run({ perSecond, ms: minutes * 60_000 });
  const { first, last } = memory.stop();
  await orderFaults(stripeUrl, [], stripeKey);
  const settledMs = performance.now();
  const books = await whenSettled(sale, settledMs + settlesWithinMs);
  const checks = new Checks('lost');
  const told = Object.entries(purchased.others).map(([words, times]) => `${words}: ${times}`);
  checks.never('buyers who did not get their seat', purchased.due - purchased.confirmed);
  const wrong = [...told, ...checkBooks(checks, books)];
  checks.atMost('memory of payments, last third to first', last / first, growthMax);
  return {
    command: `npm run settle -- --rate ${perSecond} --minutes ${minutes} --lost ${lostPercent}`,
    checks: checks.list,
    counts: {
      payments: purchased.due,
      'at once, at most': purchased.atOnceMax,
      'checkout p50, ms': Math.round(quantile(purchased.checkoutMs, 0.5)),
      'checkout p99, ms': Math.round(quantile(purchased.checkoutMs, 0.99)),
      'settled after the end, s': ((performance.now() - settledMs) / 1_000).toFixed(1),
      'memory of payments, first third, MiB': first.toFixed(1),
      'memory of payments, last third, MiB': last.toFixed(1),
    },
    books,
    wrong,
  };
}

async function whenSettled(
  { pool, stripeUrl, stripeKey }: OwnSale,
  untilMs: number,
): Promise<Books> {
  for (;;) {
    const { intents } = await readLedger(stripeUrl, stripeKey);
    const books = compareBooks(await readOrders(pool), intents);
    if (problemsOf(books).length === 0 || performance.now() > untilMs) return books;
    await pause(sampleMs);
  }
}

/** The resident size of the payments process over the trial, in MiB. */
class Growth {
  readonly #sizes: number[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor({ found }: OwnSale) {
    const pid = found.system.children.find(({ name }) => name.startsWith('payments'))?.pid ?? 0;
    this.#timer = setInterval(() => {
      const mib = residentMib(pid);
      if (mib !== null) this.#sizes.push(mib);
    }, sampleMs);
  }

  /** Medians of the first third and of the last. */
  stop(): { readonly first: number; readonly last: number } {
    clearInterval(this.#timer);
    const third = Math.max(1, Math.floor(this.#sizes.length / 3));
    return {
      first: quantile(this.#sizes.slice(0, third), 0.5),
      last: quantile(this.#sizes.slice(-third), 0.5),
    };
  }
}
