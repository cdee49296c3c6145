import { LRUCache } from 'lru-cache';

import type { Catalogue, EventDetail, PublicLayout } from '#libs/catalogue/catalogue.js';
import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { Clock } from '#libs/platform/clock.js';

/** What the gateway knows about an event without asking its owner. */
export interface EventEntry {
  readonly detail: EventDetail;
  readonly layout: PublicLayout;
}

interface Remembered {
  /** null: there was no such event when it was last looked for. */
  readonly entry: EventEntry | null;
  readonly atMs: number;
}

/**
 * The catalogue's events, kept at hand so that a hold finds its seat indexes without a promise.
 * An entry that has grown old is still used while a fresh one is fetched behind it: plans never
 * change, and descriptions may be a little late. That an event does not exist is remembered only
 * briefly, so that a new import is seen, but long enough that guesses do not reach the database.
 */
export class EventBook {
  private readonly events = new LRUCache<EventId, Remembered>({ max: limits.eventsCachedMax });
  private readonly loading = new Map<EventId, Promise<EventEntry | null>>();

  constructor(
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  /** undefined: not known yet, load() it. */
  peek(eventId: EventId): EventEntry | null | undefined {
    const known = this.events.get(eventId);
    if (known === undefined) return undefined;
    const ageMs = this.clock.monotonicMs() - known.atMs;
    if (known.entry === null) return ageMs > limits.unknownEventFreshMs ? undefined : null;
    if (ageMs > limits.eventFreshMs) this.refresh(eventId);
    return known.entry;
  }

  get(eventId: EventId): EventEntry | null | Promise<EventEntry | null> {
    const known = this.peek(eventId);
    return known === undefined ? this.load(eventId) : known;
  }

  load(eventId: EventId): Promise<EventEntry | null> {
    const running = this.loading.get(eventId);
    if (running !== undefined) return running;
    const load = this.fetch(eventId).finally(() => this.loading.delete(eventId));
    this.loading.set(eventId, load);
    return load;
  }

  /** A failed refresh keeps the old entry; the next use tries again. */
  private refresh(eventId: EventId): void {
    if (!this.loading.has(eventId)) this.load(eventId).catch(() => undefined);
  }

  private async fetch(eventId: EventId): Promise<EventEntry | null> {
    const [detail, layout] = await Promise.all([
      this.catalogue.eventOf(eventId),
      this.catalogue.layoutOf(eventId),
    ]);
    const entry = detail === null || layout === null ? null : { detail, layout };
    this.events.set(eventId, { entry, atMs: this.clock.monotonicMs() });
    return entry;
  }
}
