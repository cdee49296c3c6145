import type { ShardBeat } from '#libs/contracts/wire.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { Ownership } from '#libs/journal/journal.js';
import { CommandRefused } from './failures.js';
import type { ClusterLink, JournalLink } from './link.js';

/** A live shard by its id or its incarnation. */
export function shardNamed({ cluster }: ClusterLink, name: string): ShardBeat {
  const { live } = cluster.inventory.membership;
  const exact = live.find((beat) => beat.incarnation === name);
  const named = live.filter((beat) => beat.shardId === name);
  if (exact !== undefined) return exact;
  if (named.length === 1) return named[0];
  const known = live.map((beat) => beat.shardId).sort();
  throw new CommandRefused(
    named.length > 1
      ? `${named.length} processes call themselves ${name}: name one by its incarnation`
      : `no live shard ${name}; alive: ${known.length === 0 ? 'none' : known.join(', ')}`,
  );
}

/** The ownership row of an event that exists. */
export async function rowOf(link: JournalLink, eventId: string): Promise<Ownership> {
  const row = await link.journal.ownership(eventId as EventId);
  if (row === null) throw new CommandRefused(`there is no event ${eventId}`);
  return row;
}

/** Refuses when somebody changed the owner since the operator looked. */
export function expectEpoch(row: Ownership, expected: number | undefined): void {
  if (expected === undefined || expected === row.epoch) return;
  throw new CommandRefused(`${row.eventId} is at epoch ${row.epoch}, not ${expected}`);
}
