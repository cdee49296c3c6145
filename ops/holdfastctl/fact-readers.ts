import type { Pool } from 'pg';
import type { DescribeCall, ShardDescription } from '#libs/contracts/control.js';
import { factLevelNewest, factLevelOldest } from '#libs/inventory/inventory.js';
import { createPostgresFactFormat } from '#libs/journal/fact-format.js';
import { tryShard } from './ask-shard.js';
import { leasedShards, type ClusterLink } from './link.js';
import { shardsById } from './commands/shards.js';

/**
 * A process that reads facts, which only shards do: gateways and payments see what shards make of
 * them. `reads` is null when it did not answer: then nobody knows.
 */
export interface FactReader {
  readonly incarnation: string;
  readonly host: string | null;
  readonly reads: number | null;
  readonly writes: number | null;
  /** It says nothing of levels: a release that knows the first one alone. */
  readonly silent: boolean;
}

export interface FormatState {
  /** At which facts are written, by the database. */
  readonly level: number;
  /** The newest that this program knows. */
  readonly newest: number;
  readonly readers: readonly FactReader[];
}

/** Without the table no release that knows another level has been here. */
export async function writtenLevel(pool: Pool): Promise<number> {
  try {
    return await createPostgresFactFormat(pool).level();
  } catch (error) {
    if ((error as { code?: unknown }).code === undefinedTable) return factLevelOldest;
    throw error;
  }
}

const undefinedTable = '42P01';

/** Asks the database, and every shard that is alive by its beats or by its lease. */
export async function formatState(link: ClusterLink): Promise<FormatState> {
  const level = await writtenLevel(link.pool);
  const live = shardsById(link);
  const heard = await Promise.all(
    live.map(async (shard): Promise<FactReader> => {
      const { incarnation, host } = shard;
      const reply = await tryShard<ShardDescription>(link, shard, 'describe', nothingButItself);
      if (reply.kind !== 'ok') return { ...unknown, incarnation, host };
      const { facts } = reply.body;
      const silent = facts === undefined;
      const { reads, writes } = facts ?? { reads: factLevelOldest, writes: factLevelOldest };
      return { incarnation, host, reads, writes, silent };
    }),
  );
  const unheard = (await leasedShards(link.pool))
    .filter((incarnation) => !live.some((beat) => beat.incarnation === incarnation))
    .map((incarnation): FactReader => ({ ...unknown, incarnation, host: null }));
  return { level, newest: factLevelNewest, readers: [...heard, ...unheard] };
}

const unknown = { reads: null, writes: null, silent: false } as const;

const nothingButItself: DescribeCall = { order: 'id', after: null, limit: 1 };

/** Why the newest level may not be written yet; empty: it may. */
export function inTheWay({ newest, readers }: FormatState): string[] {
  if (readers.length === 0) return ['no shard is alive: nobody can say what it reads'];
  return readers.flatMap(({ incarnation, reads }) => {
    if (reads === null) return [`${incarnation} is alive and does not answer`];
    return reads < newest ? [`${incarnation} reads only up to level ${reads}`] : [];
  });
}
