import { setTimeout as pause } from 'node:timers/promises';
import { OperatorTokens } from '#apps/gateway/auth/operator-tokens.js';
import { readLedger } from '#apps/payments/testing/simulator-control.js';
import { runCommandLine } from '#ops/holdfastctl/holdfastctl.js';
import { verifyEvent } from '#ops/verify/verify.js';
import { Seeded } from '../chaos/seeded.js';
import { ChaosSystem, type Wishes } from '../chaos/system.js';
import { Api } from '../demo/api.js';
import { Checks } from '../loadfaults/checks.js';
import { DisputeDesk } from './banks.js';
import { compareBooks, problemsOf, readOrders, type Books } from './books.js';
import { checkBooks } from './check-books.js';
import { Customer, Outcomes, type Shop } from './customer.js';
import { drawErrand } from './errands.js';
import type { FaultsOptions } from './options.js';
import type { Trial } from './report.js';
import { putOnSale, type OnSale } from './sale.js';
import { Trouble } from './trouble.js';

/** By then all that was going on when the faults ended has its end. */
const settlesWithinMs = 90_000;
const customersAtOnce = 48;
/** A sale in which so little is confirmed is not going on any more. */
const lastsMsMax = 45 * 60_000;
const pollMs = 1_000;
const tokenMs = 3_600_000;

/** Everything goes wrong while customers buy; afterwards each order is looked at. */
export async function runEveryFault(
  options: FaultsOptions,
  say: (line: string) => void,
): Promise<Trial> {
  const wishes: Wishes = {
    ...{ smallDisk: false, otherHost: false, fakeTime: false, tls: false },
    webhooks: options.webhooks === 'none' ? 'lost' : 'told',
  };
  // Children and servers of ours go when this process exits in order.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
  const system = await ChaosSystem.start(wishes, say);
  const api = new Api(system.gatewayUrls);
  let clean = false;
  try {
    const sales = await putOnSale(system.pool, api, options.bookings);
    const run = new Run(options, system, api, sales, say);
    await run.sell();
    const trial = await run.judge();
    clean = trial.checks.every(({ holds }) => holds);
    return trial;
  } finally {
    api.close();
    await system.stop();
    if (!clean) say(`logs are kept in ${system.folder}`);
  }
}

class Run {
  readonly #outcomes = new Outcomes();
  readonly #customers: Customer[] = [];
  readonly #random: Seeded;
  readonly #trouble: Trouble;
  readonly #desk: DisputeDesk;
  /** After the end of the faults; null: never. */
  #cleanAfterMs: number | null = null;
  #left = 0;

  constructor(
    private readonly options: FaultsOptions,
    private readonly system: ChaosSystem,
    private readonly api: Api,
    private readonly sales: readonly OnSale[],
    private readonly say: (line: string) => void,
  ) {
    this.#random = new Seeded(options.seed);
    const killer = new Seeded(options.seed + 1);
    this.#trouble = new Trouble(system, killer, options.webhooks, say);
    this.#desk = new DisputeDesk(system.stripeUrl);
  }

  /** Until so many are confirmed; then nothing goes wrong any more, and all has its end. */
  async sell(): Promise<void> {
    const stop = new AbortController();
    const troubled = this.#trouble.run(stop.signal);
    const decided = this.#desk.run(stop.signal);
    const shop = this.#shop();
    const startedMs = performance.now();
    const sold = () => this.#outcomes.confirmed >= this.options.bookings;
    const late = () => performance.now() - startedMs > lastsMsMax;
    const buying = Array.from({ length: customersAtOnce }, async () => {
      while (!sold() && !late()) await this.#serve(shop);
      stop.abort();
    });
    await troubled;
    const endedMs = performance.now();
    this.say(`${this.#outcomes.confirmed} are confirmed; the faults are over`);
    const gone = Promise.all([...buying, decided]);
    await this.#watch(endedMs, gone);
  }

  async judge(): Promise<Trial> {
    const checks = new Checks('faults');
    const { system, say } = this;
    say('judges');
    checks.atLeast('confirmed bookings', this.#outcomes.confirmed, this.options.bookings);
    checks.some('processes killed', this.#trouble.killed);
    const seconds = Math.ceil((this.#cleanAfterMs ?? Infinity) / 1_000);
    checks.atMost('all settled after the faults', seconds, settlesWithinMs / 1_000, 's');
    checks.never('customers who had no end by then', this.#left);
    const learnt = await Promise.all(this.#customers.map((customer) => customer.learns()));
    checks.never(
      'customers who cannot learn how it ended',
      learnt.filter((knows) => !knows).length,
    );
    await this.#checkWebhooks(checks);
    const books = await this.#books();
    const wrong = [...checkBooks(checks, books), ...(await this.#checkWords(checks))];
    const env = { DATABASE_URL: system.databaseUrl, STRIPE_API_BASE: system.stripeUrl };
    for (const command of ['reconcile', 'stuck']) {
      let text = '';
      const terminal = { out: (said: string) => void (text += said), err: () => undefined, env };
      const code = await runCommandLine(['payments', command], terminal);
      checks.never(`exit code of payments ${command}`, code);
      say(text.trimEnd());
      if (code !== 0) wrong.push(`payments ${command}: ${text}`);
    }
    wrong.push(...(await this.#checkJournals(checks)));
    return {
      command: commandOf(this.options),
      checks: checks.list,
      counts: {
        ...Object.fromEntries([...this.#outcomes.counts].sort()),
        ...Object.fromEntries([...this.#trouble.kills].map(([name, n]) => [`killed ${name}`, n])),
      },
      books,
      wrong,
    };
  }

  #shop(): Shop {
    const { system, api } = this;
    const somebody = { name: 'settle', role: 'support', organiser: null } as const;
    const { token } = new OperatorTokens(system.tokenSecret).sign(somebody, Date.now(), tokenMs);
    const { stripeUrl } = system;
    return { api, stripeUrl, supportToken: token, outcomes: this.#outcomes };
  }

  async #serve(shop: Shop): Promise<void> {
    const sale = this.#random.pick(this.sales);
    const errand = drawErrand(this.#random, this.options.webhooks !== 'none');
    const customer = new Customer(shop, sale, errand);
    this.#customers.push(customer);
    this.#left += 1;
    await customer.run();
    this.#left -= 1;
  }

  /** Looks when all is settled, and goes on to look whether it stays so. */
  async #watch(endedMs: number, gone: Promise<unknown>): Promise<void> {
    let allGone = false;
    const going = gone.then(() => void (allGone = true));
    going.catch(() => undefined);
    while (performance.now() - endedMs < settlesWithinMs) {
      await pause(pollMs);
      const clean = allGone && problemsOf(await this.#books()).length === 0;
      const atMs = performance.now() - endedMs;
      if (!clean) this.#cleanAfterMs = null;
      else if (this.#cleanAfterMs === null) this.#cleanAfterMs = atMs;
    }
  }

  async #books(): Promise<Books> {
    const { pool, stripeUrl } = this.system;
    const { intents } = await readLedger(stripeUrl);
    return compareBooks(await readOrders(pool), intents);
  }

  /** Of which none may come, or not one has come, the trial is another than its name. */
  async #checkWebhooks(checks: Checks): Promise<void> {
    const { rows } = await this.system.pool.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM provider_event',
    );
    if (this.options.webhooks === 'none') checks.never('webhooks heard', rows[0].count);
    else checks.some('webhooks heard', rows[0].count);
  }

  /** What customers were told, against how their orders ended. */
  async #checkWords(checks: Checks): Promise<string[]> {
    const states = new Map(
      (await readOrders(this.system.pool)).map((row) => [row.booking_id, row.state]),
    );
    const wrong: string[] = [];
    for (const [booking, words] of this.#outcomes.told) {
      const state = states.get(booking);
      const said = [...words].filter((word) => word !== 'CANCELLED');
      const fits = said.every((word) => (word === 'CONFIRMED' ? 'CAPTURED' : word) === state);
      if (!fits) wrong.push(`${booking} is ${state}, and was said to be ${said.join(', ')}`);
    }
    checks.some('orders of which buyers were told', this.#outcomes.told.size);
    checks.never('orders that ended otherwise than was said', wrong.length);
    return wrong;
  }

  /** The independent check of each event: seats, bookings, and what customers saw. */
  async #checkJournals(checks: Checks): Promise<string[]> {
    const wrong: string[] = [];
    let looked = 0;
    for (const { eventId } of this.sales) {
      const of = this.#customers.filter((customer) => customer.eventId === eventId);
      const buyers = of.flatMap((customer) => customer.evidence() ?? []);
      const verified = await verifyEvent(this.system.pool, eventId, { buyers, watchers: [] });
      for (const check of verified?.verdict.checks ?? []) {
        looked += check.looked;
        wrong.push(...check.examples.map((example) => `${eventId} ${check.name}: ${example}`));
      }
    }
    checks.some('looks of the independent check', looked);
    checks.never('of them wrong', wrong.length);
    return wrong;
  }
}

const commandOf = ({ bookings, webhooks, seed }: FaultsOptions): string =>
  `npm run settle -- --bookings ${bookings} --webhooks ${webhooks} --seed ${seed}`;
