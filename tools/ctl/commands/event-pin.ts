import type { EventId } from '#libs/inventory/ids.js';
import { CommandRefused, type CommandContext } from '../context.js';
import { isCluster, type JournalLink } from '../link.js';
import { expectEpoch, rowOf, shardNamed } from '../shard-names.js';
import { liveOwner, moveTo } from './event-move.js';

export interface PinOptions {
  readonly move?: boolean;
  readonly expectEpoch?: number;
  readonly dryRun?: boolean;
}

/** `shardId` null: unpin. A pin is advice to placement: while its shard is gone, others serve. */
export async function pinEvent(
  context: CommandContext,
  id: string,
  shardId: string | null,
  options: PinOptions,
): Promise<void> {
  await context.withJournal(async (link) => {
    const row = await rowOf(link, id);
    expectEpoch(row, options.expectEpoch);
    checkKnown(link, shardId);
    const value = { event_id: id, pinned_to: shardId, before: row.pinnedTo };
    const what = shardId === null ? `unpin ${id}` : `pin ${id} to ${shardId}`;
    if (options.dryRun === true) {
      context.print(`would ${what}`, { result: 'dry_run', ...value });
      return;
    }
    await link.journal.pin(id as EventId, shardId);
    if (options.move === true && shardId !== null && isCluster(link)) {
      const owner = liveOwner(link, row);
      const target = shardNamed(link, shardId);
      if (target.incarnation !== owner) await moveTo(link, row, owner, target);
    }
    context.print(`${what}: done`, { result: 'done', ...value });
  });
}

/** A pin to a shard that nobody knows is a typing error. */
function checkKnown(link: JournalLink, shardId: string | null): void {
  if (shardId === null || !isCluster(link)) return;
  const { live } = link.cluster.inventory.membership;
  if (live.some((beat) => beat.shardId === shardId)) return;
  const known = live.map((beat) => beat.shardId).sort();
  throw new CommandRefused(`no live shard has the id ${shardId}; alive: ${known.join(', ')}`);
}
