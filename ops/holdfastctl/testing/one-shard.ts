import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import { startShard } from '#apps/inventory-shard/shard.js';
import { connectNats, type NatsBus } from '#libs/bus/nats-bus.js';
import { createPostgresCatalogue } from '#libs/catalogue/postgres-catalogue.js';
import type { BusRole } from '#libs/contracts/bus-roles.js';
import { demoPlan } from '#libs/catalogue/demo/demo-catalogue.js';
import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import type { EventId } from '#libs/inventory/ids.js';
import { createPostgresFactFormat } from '#libs/journal/fact-format.js';
import { openPostgresJournal } from '#libs/journal/postgres-journal.js';
import { createPostgresLeaseStore } from '#libs/journal/postgres-lease.js';
import { createInventoryClient, type RoutingClient } from '#libs/routing/inventory-client.js';
import { systemClock as clock } from '#libs/platform/clock.js';
import { silentLog } from '#libs/platform/log.js';
import { Metrics } from '#libs/platform/metrics.js';
import { systemRandom as random } from '#libs/platform/random.js';
import { startTestNats } from '#libs/testing/nats-server.js';
import { startTestPostgres } from '#libs/testing/postgres.js';
import { until } from '#libs/testing/until.js';
import { runCommandLine } from '../holdfastctl.js';

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** One shard in this process, on a real database and a real broker, and the terminal beside it. */
export interface OneShard {
  /** Waits to be opened; a theatre with an area called Floor of ten places. */
  readonly eventId: EventId;
  /** Public ids of the first seats of its plan. */
  readonly seats: readonly string[];
  readonly buyers: RoutingClient;
  readonly pool: pg.Pool;
  /** A line of its own to the broker, for whoever plays another shard. */
  readonly bus: NatsBus;
  /** One command line of holdfastctl. */
  run(...args: string[]): Promise<Said>;
  close(): Promise<void>;
}

export interface OneShardOptions {
  /** The level at which the database says that facts are written; the newest by default. */
  readonly factLevel?: number;
}

const log = silentLog();
const eventId = 'evt_manual' as EventId;

export async function startOneShard(options: OneShardOptions = {}): Promise<OneShard> {
  const closers: (() => Promise<unknown> | void)[] = [];
  const [postgres, nats] = await Promise.all([startTestPostgres(), startTestNats()]);
  closers.push(() => Promise.all([postgres.stop(), nats.stop()]));
  const url = await postgres.createDatabase();
  await migrate(url);
  const run = commandLine({ DATABASE_URL: url, ...nats.environmentOf('operator') });
  const pool = openPool(url, { applicationName: 'spec', max: 4, answerWithinMs: 10_000 });
  closers.push(() => pool.end());
  if (options.factLevel !== undefined) {
    await pool.query('UPDATE fact_format SET level = $1', [options.factLevel]);
  }
  const journal = openPostgresJournal({ url });
  closers.push(() => journal.close());
  const busOf = (role: BusRole): Promise<NatsBus> =>
    connectNats({ ...nats.link(role), name: role, log });
  const roles = ['shard', 'gateway', 'shard'] as const;
  const [shardBus, buyerBus, bus] = await Promise.all(roles.map(busOf));
  closers.push(() => Promise.all([shardBus, buyerBus, bus].map((line) => line.close())));
  const catalogue = createPostgresCatalogue(pool);
  await importManual(run);
  const seats = (await catalogue.layoutOf(eventId))?.seats.ids.slice(0, 10) ?? [];
  const shard = await startShard({
    shardId: 'shard-1',
    weight: 1,
    bus: shardBus,
    journal,
    leases: createPostgresLeaseStore(pool),
    catalogue,
    factFormat: createPostgresFactFormat(pool),
    snapshotter: { stored: 0, request: () => undefined, close: () => Promise.resolve() },
    clock,
    random,
    log,
    metrics: new Metrics({ processMetrics: false }),
  });
  closers.push(() => shard.stop());
  const buyers = createInventoryClient({ bus: buyerBus, clock, random, log, clientId: 'buyers' });
  closers.push(() => buyers.close());
  await until(() => buyers.ready, 'a shard is known');
  return {
    eventId,
    seats,
    buyers,
    pool,
    bus,
    run,
    async close() {
      for (const close of closers.reverse()) await close();
    },
  };
}

function commandLine(env: NodeJS.ProcessEnv): OneShard['run'] {
  return async (...args) => {
    let [out, err] = ['', ''];
    const code = await runCommandLine(args, {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      env,
    });
    return { code, out, err };
  };
}

async function importManual(run: OneShard['run']): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-sale-'));
  await writeFile(path.join(folder, 'plan.json'), JSON.stringify(demoPlan('theatre')));
  const event = {
    plan: 'plan.json',
    id: eventId,
    name: 'Manual',
    venue: 'Hall',
    city: 'Leeds',
    start: '2027-03-01T19:30:00Z',
    on_sale: 'manual',
    currency: 'GBP',
    prices: { Premium: '95', Stalls: '68.50', Circle: '52', Balcony: '29.50', Standing: '20' },
    areas: [{ name: 'Floor', capacity: 10, category: 'Standing' }],
    stranded_singles: 'allow',
  };
  await writeFile(path.join(folder, 'event.json'), JSON.stringify(event));
  const { code, err } = await run('import', path.join(folder, 'event.json'));
  await rm(folder, { recursive: true, force: true });
  if (code !== 0) throw new Error(err);
}
