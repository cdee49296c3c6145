import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import { ByteCache } from '#libs/platform/byte-cache.js';
import { EventShares } from '#libs/routing/event-shares.js';

import type { EventEntry } from '../events/event-book.js';
import { EventReplica, replicaBytes } from './event-replica.js';
import type { ReplicaPorts } from './replica-ports.js';
import { SeatList } from './seat-list.js';

/**
 * All replicas of this gateway: made on first use, dropped when nobody looked for a while.
 *
 * RE1  Together they weigh at most replicaBytesMax, and are at most replicasMax, for each asks its
 *      owner now and then. Over it, those without viewers go; a new one is refused when all have
 *      some.
 * RE2  The drafts of seat lists, which are most of the weight, go before any replica does.
 * RE3  A list is made in the draft of a replica that is kept here, or in one that goes with it:
 *      what was begun for a replica that has gone leaves nothing behind that nobody weighs.
 */
export class Replicas {
  private readonly replicas: ByteCache<EventId, EventReplica>;
  private readonly waiting = new EventShares(limits.replicaWaitersMax);
  private readonly stops: (() => void)[];

  constructor(private readonly ports: ReplicaPorts) {
    const { bus, clock } = ports;
    this.replicas = new ByteCache({
      bytesMax: limits.replicaBytesMax,
      bytesOf: ({ bytes }) => bytes,
      inUse: (_eventId, { inUse }) => inUse,
      dropped: (_eventId, replica) => replica.close(),
    });
    this.stops = [
      clock.every(limits.replicaIdleMs / 4, () => this.tidy()),
      bus.onConnection((connected) => {
        if (!connected) return;
        for (const [, replica] of this.replicas.entries()) replica.reconnected();
      }),
    ];
  }

  get size(): number {
    return this.replicas.size;
  }

  get bytes(): number {
    return this.replicas.bytes;
  }

  /** null: too many events are watched here (G8). */
  of(entry: EventEntry): EventReplica | null {
    const { eventId } = entry.detail;
    const known = this.replicas.get(eventId);
    if (known !== undefined && !known.gone) {
      if (known.entry !== entry) known.renew(entry);
      return known;
    }
    if (known !== undefined) this.replicas.delete(eventId);
    if (!this.hasRoomFor(entry)) return null;
    const replica = new EventReplica(entry, { ...this.ports, waiting: this.waiting });
    this.replicas.set(eventId, replica);
    return replica;
  }

  /** What the catalogue says now: an open map shows it without being asked for. */
  renew(entry: EventEntry): void {
    const known = this.replicas.peek(entry.detail.eventId);
    if (known?.gone === false) known.renew(entry);
  }

  /** Somebody watches it here. */
  isWatched(eventId: EventId): boolean {
    return (this.replicas.peek(eventId)?.watchers ?? 0) > 0;
  }

  /** The next list of its seats costs little: one was made lately, or is being made. */
  isListed(eventId: EventId): boolean {
    return this.replicas.peek(eventId)?.seatList.begun ?? false;
  }

  /** In which a list of the event's seats is made now (RE3). */
  seatListOf(entry: EventEntry): SeatList {
    const { clock, share } = this.ports;
    const replica = this.replicas.peek(entry.detail.eventId);
    // Of a state from before its rules changed: nothing of it stays.
    if (replica?.entry.detail.rulesRevision !== entry.detail.rulesRevision) {
      return new SeatList(entry, share);
    }
    replica.listedAtMs = clock.monotonicMs();
    return replica.seatList;
  }

  /** It has become heavier: a list was made of it. */
  weigh(eventId: EventId): void {
    const bytes = this.replicas.bytesWith(eventId);
    if (bytes > limits.replicaBytesMax) this.forgetDrafts(eventId);
    this.replicas.resize(eventId);
  }

  *versions(): Iterable<readonly [EventId, number]> {
    for (const [eventId, replica] of this.replicas.entries()) {
      yield [eventId, replica.map.version];
    }
  }

  close(): void {
    this.stops.forEach((stop) => stop());
    for (const [eventId] of [...this.replicas.entries()]) this.replicas.delete(eventId);
  }

  private tidy(): void {
    const before = this.ports.clock.monotonicMs() - limits.replicaIdleMs;
    for (const [eventId, replica] of [...this.replicas.entries()]) {
      if (!replica.inUse && replica.usedAtMs < before) this.replicas.delete(eventId);
      else {
        if (replica.listedAtMs < before) replica.seatList.forget();
        this.weigh(eventId);
      }
    }
  }

  private hasRoomFor(entry: EventEntry): boolean {
    if (this.replicas.size >= limits.replicasMax && !this.dropOldest()) return false;
    const bytes = replicaBytes(entry);
    if (this.replicas.bytes + bytes > limits.replicaBytesMax) this.forgetDrafts();
    return this.replicas.makeRoom(bytes);
  }

  private forgetDrafts(but?: EventId): void {
    for (const [eventId, replica] of [...this.replicas.entries()]) {
      if (eventId === but) continue;
      replica.seatList.forget();
      this.replicas.resize(eventId);
    }
  }

  private dropOldest(): boolean {
    let oldest: readonly [EventId, EventReplica] | null = null;
    for (const one of this.replicas.entries()) {
      const isOlder = oldest === null || one[1].usedAtMs < oldest[1].usedAtMs;
      if (!one[1].inUse && isOlder) oldest = one;
    }
    return oldest !== null && this.replicas.delete(oldest[0]);
  }
}
