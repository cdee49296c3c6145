import { LRUCache } from 'lru-cache';

import type { Catalogue, EventDetail, PublicLayout } from '#libs/catalogue/catalogue.js';
import { detailBytes, layoutBytes } from '#libs/catalogue/weights.js';
import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import { ByteCache } from '#libs/platform/byte-cache.js';
import type { Clock } from '#libs/platform/clock.js';

/** What the gateway knows about an event without asking its owner. */
export interface EventEntry {
  readonly detail: EventDetail;
  readonly layout: PublicLayout;
}

interface Remembered {
  readonly entry: EventEntry;
  readonly atMs: number;
}

/** A plan, once for all its events. */
interface KeptPlan {
  readonly bytes: number;
  readonly events: Set<EventId>;
}

export interface EventWatchers {
  /** Whether somebody watches the event here. */
  isWatched(eventId: EventId): boolean;
  renew(entry: EventEntry): void;
}

const nobody: EventWatchers = { isWatched: () => false, renew: () => undefined };

/**
 * The catalogue's events, kept at hand so that a hold finds its seat indexes without a promise.
 * An entry that has grown old is still used while a fresh one is fetched behind it: plans never
 * change, and descriptions may be a little late. That an event does not exist is remembered only
 * briefly, so that a new import is seen, but long enough that guesses do not reach the database.
 *
 * EB1  Events and their plans are bounded by what they weigh, a plan once for all its events: a
 *      stadium is two thousand times a club. A plan that goes takes its events with it.
 * EB2  An event with viewers stays: its live map holds it anyway.
 * EB3  Who watches an event asks for nothing more: a change is told to `watchers` when it is read.
 */
export class EventBook {
  private readonly events: ByteCache<EventId, Remembered>;
  private readonly plans: ByteCache<string, KeptPlan>;
  /** When they were looked for. */
  private readonly unknown = new LRUCache<EventId, number>({ max: limits.unknownEventsMax });
  /** Those that changed while they were being read. */
  private readonly again = new Set<EventId>();
  /** What was read before this is old. */
  private allOldMs = -Infinity;
  private readonly loading = new Map<EventId, Promise<EventEntry | null>>();

  constructor(
    private readonly catalogue: Pick<Catalogue, 'eventOf' | 'layoutOf'>,
    private readonly clock: Clock,
    private readonly watchers: EventWatchers = nobody,
  ) {
    const inUse = (eventId: EventId): boolean => watchers.isWatched(eventId);
    this.events = new ByteCache({
      bytesMax: limits.eventDetailsBytesMax,
      bytesOf: ({ entry }) => detailBytes(entry.detail),
      inUse,
      dropped: (eventId, { entry }) => this.leave(eventId, entry.layout.hash),
    });
    this.plans = new ByteCache({
      bytesMax: limits.eventPlansBytesMax,
      bytesOf: ({ bytes }) => bytes,
      inUse: (_hash, { events }) => [...events].some(inUse),
      dropped: (_hash, { events }) => [...events].forEach((eventId) => this.events.delete(eventId)),
    });
  }

  get bytes(): number {
    return this.events.bytes + this.plans.bytes;
  }

  /** undefined: not known yet, load() it. */
  peek(eventId: EventId): EventEntry | null | undefined {
    const known = this.events.get(eventId);
    if (known === undefined) return this.isUnknown(eventId) ? null : undefined;
    const isOld = this.clock.monotonicMs() - known.atMs > limits.eventFreshMs;
    if (isOld || known.atMs <= this.allOldMs) this.refresh(eventId);
    return known.entry;
  }

  get(eventId: EventId): EventEntry | null | Promise<EventEntry | null> {
    const known = this.peek(eventId);
    return known === undefined ? this.load(eventId) : known;
  }

  load(eventId: EventId): Promise<EventEntry | null> {
    const running = this.loading.get(eventId);
    if (running !== undefined) return running;
    const load = this.fetch(eventId).finally(() => {
      this.loading.delete(eventId);
      if (this.again.delete(eventId)) this.refresh(eventId);
    });
    this.loading.set(eventId, load);
    return load;
  }

  /** What is known of it is old. Who has it at hand has the new one as soon as it is read. */
  changed(eventId: EventId): void {
    this.unknown.delete(eventId);
    const running = this.loading.get(eventId);
    // What is on its way may have been read before the change.
    if (running !== undefined) this.again.add(eventId);
    else if (this.events.get(eventId) !== undefined) this.refresh(eventId);
  }

  /** The same of all events: each is read again when it is next asked for, or is watched (EB3). */
  allChanged(): void {
    this.unknown.clear();
    this.allOldMs = this.clock.monotonicMs();
    void this.readWatched(this.allOldMs);
  }

  /** One after the other: there can be thousands. */
  private async readWatched(oldMs: number): Promise<void> {
    for (const [eventId] of [...this.events.entries()]) {
      if (this.allOldMs !== oldMs) return;
      if (!this.watchers.isWatched(eventId)) continue;
      if (this.loading.has(eventId)) this.again.add(eventId);
      await this.load(eventId).catch(() => null);
    }
  }

  private isUnknown(eventId: EventId): boolean {
    const atMs = this.unknown.get(eventId);
    return atMs !== undefined && this.clock.monotonicMs() - atMs <= limits.unknownEventFreshMs;
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
    if (entry === null) {
      this.events.delete(eventId);
      this.unknown.set(eventId, this.clock.monotonicMs());
    } else this.keep(eventId, entry);
    return entry;
  }

  private keep(eventId: EventId, entry: EventEntry): void {
    this.unknown.delete(eventId);
    this.events.set(eventId, { entry, atMs: this.clock.monotonicMs() });
    this.watchers.renew(entry);
    const { layout } = entry;
    const plan = this.plans.get(layout.hash);
    if (plan !== undefined) plan.events.add(eventId);
    else {
      const events = new Set([eventId]);
      this.plans.set(layout.hash, { bytes: layoutBytes(layout), events });
    }
  }

  private leave(eventId: EventId, hash: string): void {
    const plan = this.plans.get(hash);
    if (plan?.events.delete(eventId) === true && plan.events.size === 0) this.plans.delete(hash);
  }
}
