import type { DescribedEvent, WatchersReply } from '#libs/contracts/control.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { EventView, Query, SeatMapView } from '#libs/contracts/wire.js';
import type { EventId, UserId } from '#libs/inventory/ids.js';
import { describeShard } from '#libs/hosting/cluster-view.js';
import { NotReachable } from './failures.js';
import { askGateways } from './gateways.js';
import type { Cluster } from './link.js';

/** What the processes of a system say about one event now. */
export async function askOwner(
  { inventory }: Cluster,
  eventId: EventId,
  request: Query,
): Promise<EventView | SeatMapView> {
  const commandId = inventory.nextCommandId();
  const call = { eventId, commandId, keyed: false, userId: 'usr_operator' as UserId, request };
  const withinMs = limits.commandDeadlineMsMax;
  const result = await inventory.call({ ...call, withinMs });
  if (result.kind === 'found' && result.view.type !== 'hold_view') return result.view;
  throw new NotReachable(`the owner of ${eventId} does not answer (${result.kind})`);
}

/** Load and movement, from the shard that serves it; null when it does not. */
export async function loadOf(
  { bus }: Cluster,
  incarnation: string,
  eventId: EventId,
): Promise<DescribedEvent | null> {
  const call = { order: 'id', after: null, limit: 1, only: eventId } as const;
  const shard = await describeShard(bus, incarnation, call);
  return shard?.events.at(0) ?? null;
}

/** Open maps over all gateways; null when no gateway answered. */
export async function countWatchers(cluster: Cluster, eventId: EventId): Promise<number | null> {
  const answers = await askGateways<WatchersReply>(cluster, subjects.watchers, { eventId });
  if (answers.length === 0) return null;
  return answers.reduce((sum, { watchers }) => sum + watchers, 0);
}
