import type { DescribeCall, DescribedEvent } from '#libs/contracts/control.js';
import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';
import type { MoveSource } from './move-source.js';
import type { ShardHost } from './shard-host.js';
import { busiestFirst, type Slot } from './slot.js';

/** A page of the events that a shard serves now. Events on their way in are not among them. */
export function describeEvents(
  host: ShardHost,
  source: MoveSource,
  clock: Clock,
  { order, after, limit, only }: DescribeCall,
): { readonly events: readonly DescribedEvent[]; readonly more: boolean } {
  const nowMs = clock.monotonicMs();
  const all = order === 'busy' ? busiestFirst(host.slots.values(), nowMs) : byId(host);
  const served = all.filter(
    ({ actor, eventId }) =>
      actor !== null && (after === null || eventId > after) && (only ?? eventId) === eventId,
  );
  const page = served.slice(0, Math.max(1, Math.min(limit, limits.describedEventsMax)));
  const events = page.flatMap((slot) => describe(slot, source.isMoving(slot.eventId), nowMs));
  return { events, more: served.length > page.length };
}

const byId = (host: ShardHost): Slot[] =>
  [...host.slots.values()].sort((a, b) => (a.eventId < b.eventId ? -1 : 1));

function describe(slot: Slot, moving: boolean, nowMs: number): DescribedEvent[] {
  const { eventId, actor, mailbox, rate } = slot;
  if (actor === null) return [];
  const { version, saleStatus, holds, free, held, booked, blocked } = actor.summary();
  const oldest = mailbox.peek();
  return [
    {
      eventId,
      epoch: actor.epoch,
      batchNo: actor.durable.batchNo,
      version,
      mailbox: mailbox.length,
      oldestMailMs: oldest === undefined ? 0 : nowMs - oldest.arrivedAtMs,
      holds,
      free,
      held,
      booked,
      blocked,
      commandsPerSecond: rate.perSecond(nowMs),
      idleMs: rate.idleMs(nowMs),
      ownedMs: nowMs - slot.servedSinceMs,
      onSale: saleStatus === 'open',
      moving,
    },
  ];
}
