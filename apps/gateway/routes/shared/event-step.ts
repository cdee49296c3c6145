import { eventIdOf } from '#libs/contracts/ids.js';

import type { EventBook, EventEntry } from '../../events/event-book.js';
import type { Exchange } from '../../http/exchange.js';
import type { EventReplica } from '../../replica/event-replica.js';
import type { Replicas } from '../../replica/replicas.js';

/** What finds an event and its live seat map. */
export interface EventStepParts {
  readonly events: EventBook;
  readonly replicas: Replicas;
}

/** The event that the path names; null = there is none, which has been answered. */
export async function entryStep(
  { events }: Pick<EventStepParts, 'events'>,
  exchange: Exchange,
): Promise<EventEntry | null> {
  const eventId = eventIdOf(exchange.params[0]);
  const entry = eventId === null ? null : await events.get(eventId);
  if (entry === null) exchange.error('event_not_found');
  return entry;
}

/** The event's live seat map; null = it cannot be had now, which has been answered. */
export async function eventStep(
  parts: EventStepParts,
  exchange: Exchange,
): Promise<EventReplica | null> {
  const entry = await entryStep(parts, exchange);
  if (entry === null) return null;
  const replica = parts.replicas.of(entry);
  if (replica === null) {
    exchange.error('overloaded', { retry_after_ms: 5_000 });
    return null;
  }
  if (await replica.ready()) return replica;
  const code = replica.gone ? replica.goneBecause : 'unavailable';
  exchange.error(code, code === 'unavailable' ? { retry_after_ms: 1_000 } : {});
  return null;
}
