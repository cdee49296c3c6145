import type { EventActor } from '#libs/actor/event-actor.js';
import type {
  AvailabilityCount,
  AvailabilityStore,
} from '#libs/catalogue/availability/availability.js';
import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { ShardHost } from './shard-host.js';
import { SlotRounds } from './slot-rounds.js';

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
  private readonly rounds: SlotRounds;
  private stopTimer: () => void = () => undefined;
  private writing = false;

  constructor(
    host: Pick<ShardHost, 'slots'>,
    private readonly ports: AvailabilityPorts,
  ) {
    this.rounds = new SlotRounds(host, limits.availabilityLooksMax);
  }

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
    const changed = this.rounds.next(limits.availabilityRowsMax, (actor) => this.news(actor));
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

  /** null: what was written of it still holds. */
  private news(actor: EventActor): Changed | null {
    const before = this.written.get(actor);
    const { version, free, saleStatus } = actor.summary();
    if (before?.free === free && before.saleStatus === saleStatus) return null;
    const { eventId, epoch } = actor;
    return { actor, count: { eventId, epoch, version, free, saleStatus } };
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
