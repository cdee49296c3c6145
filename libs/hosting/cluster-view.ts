import type { Bus } from '#libs/bus/bus.js';
import { controlCall, type ControlReply } from '#libs/bus/control-call.js';
import type {
  DescribeCall,
  DescribedEvent,
  MoveCall,
  MoveReply,
  ShardDescription,
} from '#libs/contracts/control.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { Journal } from '#libs/journal/journal.js';
import type { Membership } from '#libs/routing/membership.js';
import type { RebalanceInput } from './rebalance.js';

/** The shards as they describe themselves, one after the other: a picture, never the truth. */
export interface ClusterView {
  readonly shards: readonly ShardDescription[];
  /** Live by their heartbeats, but they did not answer. */
  readonly silent: readonly string[];
}

export interface ViewPorts {
  readonly bus: Bus;
  readonly membership: Membership;
}

/** All events of all live shards. */
export async function viewCluster(ports: ViewPorts): Promise<ClusterView> {
  const found = await Promise.all(
    ports.membership.live.map(async ({ incarnation }) => {
      const shard = await describeWhole(ports.bus, incarnation);
      return { incarnation, shard };
    }),
  );
  return {
    shards: found.flatMap(({ shard }) => shard ?? []),
    silent: found.flatMap(({ incarnation, shard }) => (shard === null ? [incarnation] : [])),
  };
}

/** One page of one shard; null when it does not answer. */
export async function describeShard(
  bus: Bus,
  incarnation: string,
  call: DescribeCall,
): Promise<ShardDescription | null> {
  const subject = subjects.control(incarnation, 'describe');
  const reply = await controlCall<ShardDescription>(bus, subject, call, limits.controlCallMs);
  return reply.kind === 'ok' ? reply.body : null;
}

async function describeWhole(bus: Bus, incarnation: string): Promise<ShardDescription | null> {
  const events: DescribedEvent[] = [];
  let after: EventId | null = null;
  for (;;) {
    const limit = limits.describedEventsMax;
    const page: ShardDescription | null = await describeShard(bus, incarnation, {
      order: 'id',
      after,
      limit,
    });
    if (page === null) return null;
    events.push(...page.events);
    after = page.events.at(-1)?.eventId ?? null;
    if (!page.more || after === null) return { ...page, events, more: false };
  }
}

/** What the planner of rebalancing needs to know. */
export async function rebalanceInput(
  ports: ViewPorts,
  journal: Pick<Journal, 'pinned'>,
): Promise<RebalanceInput> {
  const [view, pinned] = await Promise.all([viewCluster(ports), journal.pinned()]);
  const pins = new Map(pinned.map((row) => [row.eventId, row.pinnedTo]));
  const suspects = new Set([...ports.membership.suspects, ...view.silent]);
  const shards = ports.membership.live.map(({ shardId, incarnation, weight, state }) => {
    return { shardId, incarnation, weight, state, suspect: suspects.has(incarnation) };
  });
  const events = view.shards.flatMap((shard) =>
    shard.events.map(({ eventId, epoch, free, held, booked, blocked, ...event }) => ({
      eventId,
      epoch,
      owner: shard.incarnation,
      pinnedTo: pins.get(eventId) ?? null,
      places: free + held + booked + blocked,
      commandsPerSecond: event.commandsPerSecond,
      onSale: event.onSale,
      ownedMs: event.ownedMs,
    })),
  );
  return { shards, events };
}

/** Longer than all steps of a move together. */
const moveCallMs = limits.moveWarmMs + limits.moveFlushMs + 2 * limits.moveTakeMs + 1_000;

/** Asks the shard `from` to move an event; a timeout means that the move may still happen. */
export function askToMove(
  bus: Bus,
  from: string,
  call: MoveCall,
): Promise<ControlReply<MoveReply>> {
  return controlCall<MoveReply>(bus, subjects.control(from, 'move'), call, moveCallMs);
}
