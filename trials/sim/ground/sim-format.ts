import {
  factLevelNewest,
  factLevelOf,
  factLevelOldest,
  type EventId,
} from '#libs/inventory/inventory.js';
import { createMemoryFactFormat, type FactFormat } from '#libs/journal/fact-format.js';
import type { MemoryStore } from '#libs/journal/memory-store.js';
import type { VirtualClock } from '#libs/testing/virtual-clock.js';
import type { SeededRandom } from './seeded-random.js';
import { isOn, type Swarm } from '../faults/swarm.js';
import type { Trace } from './trace.js';
import type { Weather } from '../faults/weather.js';

export interface SimFormatPorts {
  readonly random: SeededRandom;
  readonly clock: VirtualClock;
  readonly weather: Weather;
  readonly swarm: Swarm;
  readonly trace: Trace;
}

const lateMsMax = 500;

/**
 * The level at which facts are written, in half of all runs below the newest until an operator
 * raises it in the midst of the sale. Draws from a stream of its own.
 */
export class SimFormat {
  private readonly table: FactFormat;
  private readonly oldFromStart: boolean;
  private raisedAtMs: number | null = null;

  constructor(private readonly ports: SimFormatPorts) {
    this.oldFromStart = ports.random.chance(0.5);
    this.table = createMemoryFactFormat(this.oldFromStart ? factLevelOldest : factLevelNewest);
  }

  /** As a shard reaches it: sometimes it does not, and now and then it hears what is old. */
  asSeenByShard(): FactFormat {
    const { table } = this;
    const { random, clock, weather, swarm } = this.ports;
    return {
      level: async () => {
        const disturbed = !weather.calm && isOn(swarm, 'look_up_failed');
        if (disturbed && random.chance(0.2)) throw new Error('injected: no fact format');
        const level = await table.level();
        if (!disturbed) return level;
        const lateMs = random.between(0, lateMsMax);
        return new Promise((resolve) => void clock.after(lateMs, () => resolve(level)));
      },
      raise: () => Promise.reject(new Error('shards do not raise it')),
    };
  }

  /** As payments read it. */
  level(): Promise<number> {
    return this.table.level();
  }

  /** Not in every run: an upgrade may be left as it is for a long time. */
  start(saleMs: number): void {
    const { random, clock, trace } = this.ports;
    if (!this.oldFromStart || random.chance(0.25)) return;
    clock.after(random.between(0, saleMs), () => {
      this.raisedAtMs = clock.nowMs();
      void this.table.raise(factLevelNewest);
      trace.note('operator', 'upgrade finalize');
    });
  }

  /** FL1: nobody wrote what a process of the release before could not have read. */
  tooEarly(store: MemoryStore, eventId: EventId): string[] {
    if (!this.oldFromStart) return [];
    const raisedAtMs = this.raisedAtMs ?? Infinity;
    return store
      .batches(eventId)
      .filter(({ facts, writtenAtMs }) => {
        return writtenAtMs < raisedAtMs && factLevelOf(facts) > factLevelOldest;
      })
      .map(({ batchNo }) => `${eventId} batch ${batchNo} is at a level that nobody had raised`);
  }
}
