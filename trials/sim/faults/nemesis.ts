import type { SeededRandom } from '../ground/seeded-random.js';
import type { SimBus } from '../ground/sim-bus.js';
import type { SimWatcher } from '../people/sim-watcher.js';
import type { Site } from '../site/site.js';
import { faultMsMax, timedFaults, wallErrorMsMax, type TimedFault } from './swarm.js';

/** Brings the faults that come at a time and last for a while. */
export class Nemesis {
  private readonly random: SeededRandom;

  constructor(
    private readonly site: Site,
    private readonly watchers: readonly SimWatcher[],
  ) {
    this.random = site.random.fork('nemesis');
  }

  start(): void {
    for (const kind of timedFaults) this.schedule(kind);
  }

  private schedule(kind: TimedFault): void {
    const { site, random } = this;
    const perMinute = site.swarm.intensity[kind];
    if (perMinute === 0) return;
    site.clock.after(random.waitMs(perMinute), () => {
      if (site.weather.calm) return;
      this.strike(kind);
      this.schedule(kind);
    });
  }

  private strike(kind: TimedFault): void {
    const { site } = this;
    const struck = this.deeds[kind]();
    if (struck === null) return;
    site.weather.count(kind);
    site.trace.note('nemesis', `${kind}: ${struck}`);
  }

  /** Each names its victim, null when there is none. */
  private readonly deeds: Readonly<Record<TimedFault, () => string | null>> = {
    partition: () => this.silence(true, true),
    one_way_partition: () => {
      const out = this.random.chance(0.5);
      return this.silence(!out, out);
    },
    cut: () => {
      const bus = this.someBus();
      bus?.cut();
      this.later(() => bus?.restore());
      return bus?.name ?? null;
    },
    crash: () => {
      const shard = this.someShard();
      shard?.process.kill();
      return shard?.process.name ?? null;
    },
    gateway_crash: () => {
      const gateway = this.random.pick(this.site.gateways);
      gateway.process.kill();
      return gateway.process.name;
    },
    payments_crash: () => this.site.payments?.crash() ?? null,
    pause: () => {
      const gateway = this.random.chance(0.2) ? this.random.pick(this.site.gateways) : null;
      const victim = gateway?.process ?? this.someShard()?.process;
      victim?.pause();
      this.later(() => victim?.resume());
      return victim?.name ?? null;
    },
    clock_jump: () => this.setWall(() => [this.random.between(-1, 1) * wallErrorMsMax, 0]),
    clock_drift: () => this.setWall(() => [0, this.random.between(-0.02, 0.02)]),
    journal_away: () => {
      const shard = this.someShard();
      if (shard === null) return null;
      shard.journal.away = true;
      this.later(() => (shard.journal.away = false));
      return shard.process.name;
    },
    lease_store_away: () => {
      const shard = this.someShard();
      if (shard === null) return null;
      shard.leases.away = true;
      this.later(() => (shard.leases.away = false));
      return shard.process.name;
    },
    slow_shard: () => {
      const shard = this.someShard();
      if (shard === null) return null;
      shard.lagUntilMs = this.site.clock.monotonicMs() + this.random.between(100, faultMsMax);
      return shard.process.name;
    },
    socket_full: () => {
      const watcher = this.random.pick(this.watchers);
      watcher.choke(this.random.between(1, 1_000));
      return watcher.name;
    },
  };

  private setWall(error: () => [number, number]): string | null {
    const process = this.someShard()?.process ?? null;
    if (process === null) return null;
    const [offsetMs, drift] = error();
    process.setWall(offsetMs, drift);
    return `${process.name} by ${offsetMs.toFixed(0)} ms, ${drift.toFixed(4)}`;
  }

  private silence(into: boolean, out: boolean): string | null {
    const bus = this.someBus();
    if (bus === null) return null;
    bus.silent.in ||= into;
    bus.silent.out ||= out;
    this.later(() => {
      bus.silent.in = false;
      bus.silent.out = false;
    });
    return `${bus.name}${into ? ' in' : ''}${out ? ' out' : ''}`;
  }

  private someBus(): SimBus | null {
    const { site, random } = this;
    const all = [...site.liveShards.map(({ bus }) => bus), ...site.gateways.map(({ bus }) => bus)];
    return all.length === 0 ? null : random.pick(all);
  }

  private someShard() {
    const { liveShards } = this.site;
    return liveShards.length === 0 ? null : this.random.pick(liveShards);
  }

  private later(end: () => void): void {
    this.site.untilHealed(this.random.between(10, faultMsMax), end);
  }
}
