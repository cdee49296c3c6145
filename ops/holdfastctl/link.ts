import type { Pool } from 'pg';
import type { Bus } from '#libs/bus/bus.js';
import { connectNats } from '#libs/bus/nats-bus.js';
import { createPostgresCatalogue } from '#libs/catalogue/postgres-catalogue.js';
import type { Catalogue } from '#libs/catalogue/catalogue.js';
import { limits } from '#libs/contracts/limits.js';
import { openPool } from '#libs/database/pool.js';
import type { Journal } from '#libs/journal/journal.js';
import { openPostgresJournal } from '#libs/journal/postgres-journal.js';
import { createInventoryClient, type RoutingClient } from '#libs/routing/inventory-client.js';
import { systemClock } from '#libs/platform/clock.js';
import { silentLog } from '#libs/platform/log.js';
import { systemRandom } from '#libs/platform/random.js';
import { NotReachable } from './failures.js';
import type { System } from '../system/find-system.js';

/** Connections to a running system, the same kind that its processes use. */
export interface JournalLink {
  readonly system: System;
  readonly pool: Pool;
  readonly journal: Journal;
  readonly catalogue: Catalogue;
  /** Null: no bus outside the one process of a --single system. */
  readonly cluster: Cluster | null;
}

export interface Cluster {
  readonly bus: Bus;
  readonly inventory: RoutingClient;
}

export interface ClusterLink extends JournalLink {
  readonly cluster: Cluster;
}

export const isCluster = (link: JournalLink): link is ClusterLink => link.cluster !== null;

export async function withLink<T>(
  system: System,
  work: (link: JournalLink) => Promise<T>,
): Promise<T> {
  const closers: (() => Promise<void> | void)[] = [];
  try {
    const pool = openPool(system.databaseUrl, {
      applicationName: 'holdfastctl',
      max: 2,
      answerWithinMs: limits.operatorAnswerMs,
    });
    closers.push(() => pool.end());
    const journal = openPostgresJournal({ url: system.databaseUrl, onIdleError: () => undefined });
    closers.push(() => journal.close());
    const catalogue = createPostgresCatalogue(pool);
    const expected = await leasedShards(pool, limits.lateShardMs);
    const cluster = system.natsUrl === null ? null : await join(system, expected, closers);
    return await work({ system, pool, journal, catalogue, cluster });
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

const connectDeadlineMs = 3_000;
const hearPollMs = 20;

/** Resolves when every shard that is alive by its lease, or late, was heard or should have been. */
async function join(
  { natsUrl, natsCredentials }: System,
  expected: readonly string[],
  closers: (() => Promise<void> | void)[],
): Promise<Cluster> {
  const log = silentLog();
  const bus = await connectNats({
    url: natsUrl ?? '',
    ...natsCredentials,
    role: 'operator',
    name: 'holdfastctl',
    log,
    connectDeadlineMs,
  }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new NotReachable(`the message bus of the system does not answer: ${reason}`);
  });
  closers.push(() => bus.close());
  const clientId = `ctl-${systemRandom.token(8)}`;
  const ports = { bus, clock: systemClock, random: systemRandom, log };
  const inventory = createInventoryClient({ ...ports, clientId });
  closers.push(() => inventory.close());
  const giveUpAtMs = performance.now() + limits.suspectAfterMs;
  const { membership } = inventory;
  const heard = (): boolean => expected.every((incarnation) => membership.isLive(incarnation));
  while (!(heard() && membership.live.length > 0) && performance.now() < giveUpAtMs) {
    await new Promise<void>((resolve) => void systemClock.after(hearPollMs, resolve));
  }
  return { bus, inventory };
}

/** Incarnations of the shards that renewed their leases in this time. */
export async function leasedShards(
  pool: Pool,
  withinMs: number = limits.suspectAfterMs,
): Promise<string[]> {
  const { rows } = await pool.query<{ incarnation: string }>(
    `SELECT incarnation FROM shard_lease
     WHERE renewed_at > clock_timestamp() - make_interval(secs => $1)`,
    [withinMs / 1_000],
  );
  return rows.map((row) => row.incarnation);
}
