import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type * as RehearsalModule from '#apps/inventory-shard/rehearsal.js';
import type * as ShardModule from '#apps/inventory-shard/shard.js';
import type * as ThreadModule from '#apps/inventory-shard/snapshot-thread.js';
import type * as BrokerModule from '#libs/bus/memory-broker.js';
import type * as CatalogueModule from '#libs/catalogue/postgres-catalogue.js';
import type * as PoolModule from '#libs/database/pool.js';
import type * as InventoryModule from '#libs/inventory/inventory.js';
import type { EventId, HoldId, UserId } from '#libs/inventory/inventory.js';
import type * as JournalModule from '#libs/journal/postgres-journal.js';
import type * as LeaseModule from '#libs/journal/postgres-lease.js';
import type * as ClockModule from '#libs/platform/clock.js';
import type * as LogModule from '#libs/platform/log.js';
import type * as MetricsModule from '#libs/platform/metrics.js';
import type * as RandomModule from '#libs/platform/random.js';
import type * as ClientModule from '#libs/routing/inventory-client.js';
import { levelOf, moduleOf, replayed, soldOut, soldToo } from './sold-event.js';
import { TurnMeter, type Turns } from './turn-meter.js';

/** What one phase cost the shard's loop. */
export interface Phase {
  readonly name: string;
  readonly shard: Turns;
  /** Of a process beside it that does nothing. */
  readonly idle: Turns;
  /** The whole phase, where its length means something. */
  readonly tookMs: number | null;
}

const [root, databaseUrl] = process.argv.slice(2);

const waitMsMax = 120_000;
/** It adds to what an activation took. */
const pollMs = 5;

const load = <M>(...names: string[]): Promise<M> => moduleOf<M>(root, ...names);
const { systemClock: clock } = await load<typeof ClockModule>('libs/platform/clock.js');
const { systemRandom: random } = await load<typeof RandomModule>('libs/platform/random.js');
const { createLog } = await load<typeof LogModule>('libs/platform/log.js');
const { Metrics } = await load<typeof MetricsModule>('libs/platform/metrics.js');
const { openPool } = await load<typeof PoolModule>('libs/database/pool.js');
const journals = await load<typeof JournalModule>('libs/journal/postgres-journal.js');
const catalogues = await load<typeof CatalogueModule>('libs/catalogue/postgres-catalogue.js');
const log = createLog({ name: 'bench', level: 'silent' });

const pool = openPool(databaseUrl, { applicationName: 'bench', max: 8, answerWithinMs: 60_000 });
const journal = journals.openPostgresJournal({ url: databaseUrl });
const idle = fork(fileURLToPath(new URL('./idle.js', import.meta.url)));
const meter = new TurnMeter();
const phases: Phase[] = [];
const shard = await startTheShard();
await measureAll();
meter.stop();
idle.disconnect();
process.send?.(phases);
await once(process, 'disconnect');
process.exit(0);

async function startTheShard() {
  const core = await load<typeof InventoryModule>('libs/inventory/inventory.js');
  const atNewest = () => Promise.resolve(levelOf(core));
  const { startShard } = await load<typeof ShardModule>('apps/inventory-shard/shard.js');
  const thread = await load<typeof ThreadModule>('apps/inventory-shard/snapshot-thread.js');
  const { MemoryBroker } = await load<typeof BrokerModule>('libs/bus/memory-broker.js');
  const leases = await load<typeof LeaseModule>('libs/journal/postgres-lease.js');
  const { createInventoryClient } = await load<typeof ClientModule>(
    'libs/routing/inventory-client.js',
    'libs/ownership/inventory-client.js',
  );
  const broker = new MemoryBroker({ clock, random, log });
  const snapshotter = thread.startSnapshotThread({ databaseUrl, name: 'bench', log });
  await startShard({
    shardId: 'bench',
    weight: 1,
    bus: broker.connect('bench'),
    journal,
    leases: leases.createPostgresLeaseStore(pool),
    catalogue: catalogues.createPostgresCatalogue(pool),
    factFormat: { level: atNewest, raise: atNewest },
    snapshotter,
    clock,
    random,
    log,
    metrics: new Metrics({ processMetrics: false }),
  });
  const bus = broker.connect('client');
  const client = createInventoryClient({ bus, clock, random, log, clientId: 'client' });
  const rehearsals = await load<typeof RehearsalModule>('apps/inventory-shard/rehearsal.js');
  await new rehearsals.Rehearsal({ clock, random, log, busy: () => false }).run();
  return { snapshotter, client };
}

async function measureAll(): Promise<void> {
  await pause(1_000);
  await phase('nothing', false, () => pause(3_000));
  await phase('activate: snapshot, 10,000 facts', true, () => touch(soldOut));
  await phase('activate: 100,000 facts alone', true, () => touch(replayed));
  await phase('activate another: snapshot, 10,000 facts', true, () => touch(soldToo));
  const before = shard.snapshotter.stored;
  await phase('snapshot of the sold event', false, async () => {
    shard.snapshotter.request(soldOut);
    await until(() => Promise.resolve(shard.snapshotter.stored > before));
  });
  await touch(soldOut);
  await phase('passivate all', false, async () => {
    await until(nobodyOwns);
    await pause(4_000);
  });
  await phase('activate: snapshot alone', true, () => touch(soldOut));
}

async function phase(name: string, timed: boolean, work: () => Promise<void>): Promise<void> {
  await takeOf(idle);
  meter.take();
  const startedMs = performance.now();
  await work();
  const tookMs = performance.now() - startedMs;
  // What the work left for the next turn is its own.
  await pause(50);
  const ofShard = meter.take();
  phases.push({ name, shard: ofShard, idle: await takeOf(idle), tookMs: timed ? tookMs : null });
}

async function takeOf(child: ChildProcess): Promise<Turns> {
  const answer = once(child, 'message');
  child.send('take');
  return ((await answer) as [Turns])[0];
}

/** The event's first command, again and again until it is answered. */
async function touch(eventId: EventId): Promise<void> {
  const { client } = shard;
  const commandId = client.nextCommandId();
  // A command, which only an owner answers: what is only asked may be answered at rest.
  const request = { type: 'ReleaseHold', holdId: 'rsv_bench_none' as HoldId } as const;
  const call = { eventId, commandId, keyed: false, userId: 'usr_bench' as UserId, request };
  await until(async () => {
    const answer = await new Promise<{ kind: string }>((resolve) => client.send(call, resolve));
    return answer.kind === 'answered';
  });
}

async function nobodyOwns(): Promise<boolean> {
  const { rows } = await pool.query<{ owned: number }>(
    'SELECT count(shard)::int AS owned FROM ownership',
  );
  return rows[0].owned === 0;
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const giveUpAtMs = performance.now() + waitMsMax;
  while (!(await isTrue())) {
    if (performance.now() > giveUpAtMs) throw new Error('waited in vain');
    await pause(pollMs);
  }
}
