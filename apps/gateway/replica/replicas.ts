import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';

import type { EventEntry } from '../events/event-book.js';
import { EventReplica } from './event-replica.js';
import type { ReplicaPorts } from './replica-ports.js';

/** All replicas of this gateway: made on first use, dropped when nobody looked for a while. */
export class Replicas {
  private readonly replicas = new Map<EventId, EventReplica>();
  private readonly stops: (() => void)[];

  constructor(private readonly ports: ReplicaPorts) {
    const { bus, clock } = ports;
    this.stops = [
      clock.every(limits.replicaIdleMs / 4, () => this.dropIdle()),
      bus.onConnection((connected) => {
        if (connected) this.replicas.forEach((replica) => replica.reconnected());
      }),
    ];
  }

  get size(): number {
    return this.replicas.size;
  }

  /** null: too many events are watched here (G8). */
  of(entry: EventEntry): EventReplica | null {
    const { eventId } = entry.detail;
    const known = this.replicas.get(eventId);
    if (known !== undefined && !known.gone) return known;
    if (known !== undefined) this.drop(eventId, known);
    if (this.replicas.size >= limits.replicasMax && !this.dropOldest()) return null;
    const replica = new EventReplica(entry, this.ports);
    this.replicas.set(eventId, replica);
    return replica;
  }

  *versions(): Iterable<readonly [EventId, number]> {
    for (const [eventId, replica] of this.replicas) yield [eventId, replica.map.version];
  }

  close(): void {
    this.stops.forEach((stop) => stop());
    this.replicas.forEach((replica) => replica.close());
    this.replicas.clear();
  }

  private dropIdle(): void {
    const before = this.ports.clock.monotonicMs() - limits.replicaIdleMs;
    for (const [eventId, replica] of this.replicas) {
      if (replica.watchers === 0 && replica.usedAtMs < before) this.drop(eventId, replica);
    }
  }

  private dropOldest(): boolean {
    const idle = [...this.replicas].filter(([, replica]) => replica.watchers === 0);
    const [oldest] = idle.sort(([, a], [, b]) => a.usedAtMs - b.usedAtMs);
    if (oldest === undefined) return false;
    this.drop(...oldest);
    return true;
  }

  private drop(eventId: EventId, replica: EventReplica): void {
    replica.close();
    this.replicas.delete(eventId);
  }
}
