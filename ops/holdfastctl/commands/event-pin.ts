import type { ShardBeat } from '#libs/contracts/wire.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { Ownership } from '#libs/journal/journal.js';
import type { CommandContext } from '../context.js';
import { CommandFailed, CommandRefused, NotReachable } from '../failures.js';
import { isCluster, type ClusterLink, type JournalLink } from '../link.js';
import { expectEpoch, rowOf, shardNamed } from '../shard-names.js';
import { moveTo } from './event-move.js';

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
    const move = options.move === true && shardId !== null ? moveFor(link, row, shardId) : null;
    if (options.dryRun === true) {
      const there = move === null ? '' : `, and move it there from ${move.owner}`;
      context.print(`would ${what}${there}`, { result: 'dry_run', ...value, move: move !== null });
      return;
    }
    await link.journal.pin(id as EventId, shardId);
    if (move !== null) await carryOut(move, row, what);
    context.print(`${what}: done`, { result: 'done', ...value, moved: move !== null });
  });
}

interface PinMove {
  readonly link: ClusterLink;
  readonly owner: string;
  readonly target: ShardBeat;
}

/** Null: nothing has to move. An event without a live owner wakes up where its pin says. */
function moveFor(link: JournalLink, row: Ownership, shardId: string): PinMove | null {
  if (!isCluster(link)) {
    throw new NotReachable('--move needs the message bus, and this system has none');
  }
  const target = shardNamed(link, shardId);
  const { owner } = row;
  const lives = owner !== null && link.cluster.inventory.membership.isLive(owner);
  return lives && owner !== target.incarnation ? { link, owner, target } : null;
}

async function carryOut({ link, owner, target }: PinMove, row: Ownership, what: string) {
  try {
    await moveTo(link, row, owner, target);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new CommandFailed(`${what}: done, but ${error.message}`, error.details);
  }
}

/** A pin to a shard that nobody knows is a typing error. */
function checkKnown(link: JournalLink, shardId: string | null): void {
  if (shardId === null || !isCluster(link)) return;
  const { live } = link.cluster.inventory.membership;
  if (live.some((beat) => beat.shardId === shardId)) return;
  const known = live.map((beat) => beat.shardId).sort();
  throw new CommandRefused(`no live shard has the id ${shardId}; alive: ${known.join(', ')}`);
}
