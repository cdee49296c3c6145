import type { Catalogue } from '#libs/catalogue/catalogue.js';
import type { EventId } from '#libs/inventory/inventory.js';
import { MemoryLeaseStore } from '#libs/journal/memory-lease.js';
import { MemoryStore } from '#libs/journal/memory-store.js';
import { createMemorySettings } from '#libs/journal/settings.js';
import type { Log } from '#libs/platform/log.js';
import { byTicks, VirtualClock } from '#libs/testing/virtual-clock.js';
import { simCatalogue, simEvent, type SimEvent } from './hall.js';
import { Deeds } from './deeds.js';
import type { SeededRandom } from './seeded-random.js';
import { SimFormat } from './sim-format.js';
import { SimNetwork } from './sim-network.js';
import type { Swarm } from '../faults/swarm.js';
import { Trace } from './trace.js';
import { traceLog } from './trace-log.js';
import { Weather } from '../faults/weather.js';

export interface GroundOptions {
  readonly keepTrace: boolean;
  /** Other tables, for mutations. */
  readonly store?: ((clock: VirtualClock) => MemoryStore) | undefined;
}

/**
 * What a simulated run stands on, before there is a process or a person: one clock, all chance,
 * the network, the tables that survive everything, what is on sale, and the record of what was
 * said. It knows nobody who stands on it.
 */
export class Ground {
  readonly clock = new VirtualClock(undefined, byTicks);
  readonly trace: Trace;
  readonly weather: Weather;
  readonly network: SimNetwork;
  readonly store: MemoryStore;
  readonly leases: MemoryLeaseStore;
  readonly settings = createMemorySettings();
  readonly deeds = new Deeds();
  readonly events: readonly SimEvent[];
  readonly catalogue: Catalogue;
  readonly factFormat: SimFormat;
  readonly violations: string[] = [];
  private readonly cures: (() => void)[] = [];

  constructor(
    readonly swarm: Swarm,
    readonly random: SeededRandom,
    { keepTrace, store }: GroundOptions,
  ) {
    const { clock } = this;
    this.trace = new Trace(() => clock.monotonicMs(), keepTrace);
    this.weather = new Weather(swarm, random.fork('weather'));
    this.network = new SimNetwork(clock, random.fork('network'), this.weather, this.trace);
    this.store = store?.(clock) ?? new MemoryStore(() => clock.nowMs());
    this.leases = new MemoryLeaseStore(clock);
    this.events = Array.from({ length: swarm.events }, (_, i) =>
      simEvent(`evt_show${i + 1}` as EventId, swarm),
    );
    this.catalogue = simCatalogue(this.events);
    const { weather, trace } = this;
    this.factFormat = new SimFormat({
      clock,
      weather,
      swarm,
      trace,
      random: random.fork('format'),
    });
    for (const { eventId } of this.events) this.store.register(eventId, null);
  }

  get nowMs(): number {
    return this.clock.monotonicMs();
  }

  logOf(name: string): Log {
    return traceLog(this.trace, name);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.clock.after(ms, resolve));
  }

  violation(what: string): void {
    if (this.violations.length < 20) this.violations.push(what);
    this.trace.note('judge', what);
  }

  /** Ends a fault after `ms`, or when the world is healed, whichever comes first. */
  untilHealed(ms: number, end: () => void): void {
    let ended = false;
    const once = (): void => {
      if (ended) return;
      ended = true;
      end();
    };
    this.cures.push(once);
    this.clock.after(ms, once);
  }

  /** Nothing goes wrong any more, and what went wrong for a while is over. */
  protected endFaults(): void {
    this.weather.calm = true;
    this.trace.note('world', 'is healed');
    for (const cure of this.cures.splice(0)) cure();
  }
}
