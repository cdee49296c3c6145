import type { EventActor } from '#libs/actor/event-actor.js';
import type {
  AvailabilityCount,
  AvailabilityStore,
} from '#libs/catalogue/availability/availability.js';
import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { ShardHost } from './shard-host.js';

/**
 * Tells the catalogue what can still be had of the events of this shard: one statement a look with
 * those that changed since they were last written, beside the hot path.
 *
 * AW1  A count that could not be written is written at a later look, of the event as it is then. An
 *      owner that dies before is followed by one that writes at its first look.
 * AW2  A look passes so many events and writes so many, and the next goes on behind them (G8).
 */
export class AvailabilityWriter {
  /** What was last written of an actor. */
  private readonly written = new WeakMap<EventActor, AvailabilityCount>();
  /** Slots that were not looked at yet in this round. */
  private rest: Iterator<[unknown, { readonly actor: EventActor | null }]> | null = null;
  private stopTimer: () => void = () => undefined;
  private writing = false;

  constructor(
    private readonly host: Pick<ShardHost, 'slots'>,
    private readonly ports: AvailabilityPorts,
  ) {}

  start(): void {
    if (this.ports.availability === undefined) return;
    const { availability, clock } = this.ports;
    this.stopTimer = clock.every(limits.availabilityLookMs, () => void this.look(availability));
  }

  stop(): void {
    this.stopTimer();
  }

  private async look(store: AvailabilityStore): Promise<void> {
    if (this.writing) return;
    const changed = this.changed();
    if (changed.length === 0) return;
    this.writing = true;
    try {
      await store.write(changed.map(({ count }) => count));
      for (const { actor, count } of changed) this.written.set(actor, count);
    } catch (error) {
      this.ports.log.warn({ err: error }, 'availability not written');
    } finally {
      this.writing = false;
    }
  }

  private changed(): Changed[] {
    const changed: Changed[] = [];
    const rest = this.rest ?? this.host.slots.entries();
    this.rest = rest;
    for (let looked = 0; looked < limits.availabilityLooksMax; looked += 1) {
      const next = rest.next();
      if (next.done === true) {
        this.rest = null;
        break;
      }
      const [, { actor }] = next.value;
      const count = actor === null ? null : this.news(actor);
      if (actor !== null && count !== null) changed.push({ actor, count });
      if (changed.length >= limits.availabilityRowsMax) break;
    }
    return changed;
  }

  /** null: what was written of it still holds. */
  private news(actor: EventActor): AvailabilityCount | null {
    const before = this.written.get(actor);
    const { version, free, saleStatus } = actor.summary();
    if (before?.free === free && before.saleStatus === saleStatus) return null;
    return { eventId: actor.eventId, epoch: actor.epoch, version, free, saleStatus };
  }
}

interface Changed {
  readonly actor: EventActor;
  readonly count: AvailabilityCount;
}

export interface AvailabilityPorts {
  /** Absent: nobody asks for it. */
  readonly availability?: AvailabilityStore;
  readonly clock: Clock;
  readonly log: Log;
}
