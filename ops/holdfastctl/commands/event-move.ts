import { controlCall } from '#libs/bus/control-call.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { ShardBeat } from '#libs/contracts/wire.js';
import type { Ownership } from '#libs/journal/journal.js';
import { askToMove } from '#libs/hosting/cluster-view.js';
import { choiceAmong } from '#libs/hosting/takeover.js';
import type { CommandContext } from '../context.js';
import { CommandInterrupted, CommandRefused, NotReachable } from '../failures.js';
import type { ClusterLink } from '../link.js';
import { loadOf } from '../live-view.js';
import { expectEpoch, rowOf, shardNamed } from '../shard-names.js';
import { ownerAfterDoubt } from './moved-after-all.js';

export interface MoveOptions {
  readonly to?: string;
  readonly cancel?: boolean;
  readonly expectEpoch?: number;
  readonly dryRun?: boolean;
}

export async function moveEvent(
  context: CommandContext,
  id: string,
  options: MoveOptions,
): Promise<void> {
  await context.withCluster(async (link) => {
    const row = await rowOf(link, id);
    expectEpoch(row, options.expectEpoch);
    const owner = liveOwner(link, row);
    if (options.cancel === true) {
      await cancelMove(context, link, row, { owner, dryRun: options.dryRun === true });
      return;
    }
    const target = targetFor(link, row, options.to);
    const { eventId: event_id, epoch } = row;
    const value = { event_id, from: owner, to: target.incarnation };
    const text = `${id} from ${owner} to ${target.incarnation}`;
    if (options.dryRun === true) {
      context.print(`would move ${text}`, { result: 'dry_run', ...value, epoch });
      return;
    }
    const moved = await untilInterrupted(context, moveTo(link, row, owner, target));
    const { pauseMs } = moved;
    const how = pauseMs === null ? 'slowly, it answered late' : `paused ${pauseMs.toFixed(1)} ms`;
    context.print(`moved ${text}: ${how}, epoch ${moved.epoch}`, {
      result: 'moved',
      ...value,
      epoch: moved.epoch,
      pause_ms: pauseMs,
    });
  });
}

/** The two shards carry the move out between them: nobody needs to wait for it. */
async function untilInterrupted(context: CommandContext, move: Promise<Moved>): Promise<Moved> {
  const moved = await context.interruption.unlessInterrupted(move);
  if (moved !== null) return moved;
  throw new CommandInterrupted('interrupted: the move goes on; "moves" says how it ends');
}

/** `pauseMs` is null when the target took the event and said so too late. */
export interface Moved {
  readonly epoch: number;
  readonly pauseMs: number | null;
}

/** Moves an event; throws what is to be said when it was not moved. */
export async function moveTo(
  link: ClusterLink,
  row: Ownership,
  owner: string,
  target: ShardBeat,
): Promise<Moved> {
  const { eventId, epoch } = row;
  const call = { eventId, to: target.incarnation, expectEpoch: epoch };
  const reply = await askToMove(link.cluster.bus, owner, call);
  if (reply.kind === 'ok' && reply.body.kind === 'moved') return reply.body;
  if (reply.kind === 'ok' && reply.body.kind === 'refused') {
    throw new CommandRefused(`not moved: ${words[reply.body.reason]}`);
  }
  const found = await ownerAfterDoubt(link, row);
  if (found?.owner === target.incarnation) return { epoch: found.epoch, pauseMs: null };
  if (reply.kind === 'ok') {
    const now = found === null ? 'its owner does not answer yet' : `${found.owner} has it now`;
    throw new CommandRefused(`not moved there: ${now}`);
  }
  const why = reply.kind === 'error' ? reply.message : reply.kind.replace('_', ' ');
  throw new NotReachable(`${owner} did not answer for the move: ${why}`);
}

function liveOwner({ cluster }: ClusterLink, row: Ownership): string {
  const { owner, eventId, quarantined } = row;
  if (quarantined !== null) {
    throw new CommandRefused(`${eventId} is in quarantine and stays where it is: ${quarantined}`);
  }
  if (owner === null) {
    throw new CommandRefused(`${eventId} has no owner: its next command wakes it up`);
  }
  if (cluster.inventory.membership.isLive(owner)) return owner;
  throw new CommandRefused(`${owner}, the owner of ${eventId}, is gone: the next command moves it`);
}

function targetFor(link: ClusterLink, row: Ownership, to: string | undefined): ShardBeat {
  if (to !== undefined) return shardNamed(link, to);
  const others = link.cluster.inventory.membership.active.filter(
    (beat) => beat.incarnation !== row.owner,
  );
  const target = choiceAmong(others, row);
  if (target === null) throw new CommandRefused('no other shard takes events');
  return target;
}

async function cancelMove(
  context: CommandContext,
  { cluster }: ClusterLink,
  { eventId }: Ownership,
  { owner, dryRun }: { readonly owner: string; readonly dryRun: boolean },
): Promise<void> {
  if (dryRun) {
    const moving = (await loadOf(cluster, owner, eventId))?.moving === true;
    const what = moving ? `would end the move of ${eventId} away from ${owner}` : none;
    context.print(what, { result: 'dry_run', event_id: eventId, moving });
    return;
  }
  const subject = subjects.control(owner, 'cancel');
  const reply = await controlCall<boolean>(cluster.bus, subject, { eventId }, limits.controlCallMs);
  if (reply.kind !== 'ok') throw new NotReachable(`${owner} does not answer`);
  const found = reply.body;
  const text = found ? 'the move ends if it is not too late' : none;
  context.print(text, { result: found ? 'cancelling' : 'none', event_id: eventId });
}

const none = 'no move is under way';

const words = {
  not_owner: 'its owner changed',
  already_moving: 'it is being moved',
  same_shard: 'it is there already',
  target_not_ready: 'the target is not ready; the source serves on',
  cancelled: 'the move was cancelled',
  source_busy: 'its owner is too busy; it serves on',
  too_many_moves: 'its owner moves as many events as it may',
  epoch_changed: 'its owner changed',
} as const;
