import { decodeFacts, type EventId, type Fact } from '#libs/inventory/inventory.js';
import type { MemoryStore } from '#libs/journal/memory-store.js';

/** All that happened to an event, by its journal. */
export const factsOf = (store: Pick<MemoryStore, 'batches'>, eventId: EventId): readonly Fact[] =>
  store.batches(eventId).flatMap(({ facts }) => (facts.length === 0 ? [] : decodeFacts(facts)));
