import type { DescribedEvent, WatchersReply } from '#libs/contracts/control.js';
import { decodeBody, encodeBody } from '#libs/bus/control-call.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { EventView, Query, SeatMapView } from '#libs/contracts/wire.js';
import type { EventId, UserId } from '#libs/inventory/ids.js';
import { describeShard } from '#libs/ownership/cluster-view.js';
import { systemRandom } from '#libs/platform/random.js';
import { NotReachable } from './context.js';
import type { Cluster } from './link.js';

/** What the processes of a system say about one event now. */
export async function askOwner(
  { inventory }: Cluster,
  eventId: EventId,
  request: Query,
): Promise<EventView | SeatMapView> {
  const commandId = inventory.nextCommandId();
  const call = { eventId, commandId, keyed: false, userId: 'usr_operator' as UserId, request };
  const result = await inventory.call(call);
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

const gatewaysAnswerMs = 250;

/** Open maps over all gateways; null when no gateway answered. */
export function countWatchers({ bus }: Cluster, eventId: EventId): Promise<number | null> {
  return new Promise((resolve) => {
    let watchers: number | null = null;
    const inbox = subjects.replies(`ctl-${systemRandom.token(8)}`, 'watchers');
    const subscription = bus.subscribe(inbox, (message) => {
      if (message.noResponders) return;
      const { body } = decodeBody(message.payload) as { body: WatchersReply };
      watchers = (watchers ?? 0) + body.watchers;
    });
    bus.publish(subjects.watchers, encodeBody({ eventId }), inbox);
    setTimeout(() => {
      subscription.unsubscribe();
      resolve(watchers);
    }, gatewaysAnswerMs);
  });
}
