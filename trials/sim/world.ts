import type { Catalogue } from '#libs/catalogue/catalogue.js';
import { limits } from '#libs/contracts/limits.js';
import type { EventId, UserId } from '#libs/inventory/inventory.js';
import { MemoryJournal } from '#libs/journal/memory-journal.js';
import { MemoryLeaseStore } from '#libs/journal/memory-lease.js';
import { MemoryStore } from '#libs/journal/memory-store.js';
import { createMemorySettings } from '#libs/journal/settings.js';
import type { CallResult } from '#libs/routing/inventory-call.js';
import type { Log } from '#libs/platform/log.js';
import { byTicks, VirtualClock } from '#libs/testing/virtual-clock.js';
import { Buyer, callOf } from './buyer.js';
import { simCatalogue, simEvent, type SimEvent } from './hall.js';
import { brief, History, type Deed } from './history.js';
import type { Mutation } from './mutations.js';
import { Nemesis } from './nemesis.js';
import { Operators } from './operators.js';
import { Organiser } from './organiser.js';
import { SimMoney } from './payments/sim-money.js';
import type { SeededRandom } from './seeded-random.js';
import { SimGateway } from './sim-gateway.js';
import { SimNetwork } from './sim-network.js';
import type { SimPayments } from './sim-payments.js';
import { SimShard } from './sim-shard.js';
import { SimWatcher } from './sim-watcher.js';
import type { Swarm } from './swarm.js';
import { Trace } from './trace.js';
import { traceLog } from './trace-log.js';
import { Weather } from './weather.js';

/** How long a supervisor takes to start a dead process again, at most. */
const restartMsMax = 3_000;
const watcherRetryMs = 200;
/** What a caller in a hurry gives a command. */
const hastyMsMax = 200;

/**
 * The simulated world: the tables that survive everything, the network, the processes and those
 * who start them again, and everybody who uses the system. All of it moves on one clock.
 */
export class World {
  readonly clock = new VirtualClock(undefined, byTicks);
  readonly trace: Trace;
  readonly weather: Weather;
  readonly network: SimNetwork;
  readonly store: MemoryStore;
  readonly leases: MemoryLeaseStore;
  readonly settings = createMemorySettings();
  readonly history = new History();
  readonly events: readonly SimEvent[];
  readonly catalogue: Catalogue;
  readonly shardIds: readonly string[];
  readonly shards: SimShard[] = [];
  readonly gateways: SimGateway[] = [];
  readonly watchers: readonly SimWatcher[];
  readonly operatorJournal: MemoryJournal;
  readonly violations: string[] = [];
  readonly payments: SimPayments | null;
  /** Buyers begin new things. */
  selling = true;
  moves = 0;
  private readonly cures: (() => void)[] = [];
  private readonly operators: Operators;
  private generation = 0;

  constructor(
    readonly swarm: Swarm,
    readonly random: SeededRandom,
    readonly mutation: Mutation | null,
    keepTrace: boolean,
  ) {
    const { clock } = this;
    this.trace = new Trace(() => clock.monotonicMs(), keepTrace);
    this.weather = new Weather(swarm, random.fork('weather'));
    this.network = new SimNetwork(clock, random.fork('network'), this.weather, this.trace);
    this.store = mutation?.store?.(clock) ?? new MemoryStore(() => clock.nowMs());
    this.leases = new MemoryLeaseStore(clock);
    this.operatorJournal = new MemoryJournal({ clock, store: this.store });
    this.events = Array.from({ length: swarm.events }, (_, i) =>
      simEvent(`evt_show${i + 1}` as EventId, swarm),
    );
    this.catalogue = simCatalogue(this.events);
    this.shardIds = Array.from({ length: swarm.shards }, (_, i) => `s${i + 1}`);
    this.watchers = this.events.flatMap((event) =>
      Array.from(
        { length: swarm.watchers },
        (_, i) => new SimWatcher(`watcher ${i + 1} of ${event.eventId}`, event, this),
      ),
    );
    for (const { eventId } of this.events) this.store.register(eventId, null);
    this.operators = new Operators(this);
    this.payments = swarm.saga ? new SimMoney(this) : null;
  }

  get nowMs(): number {
    return this.clock.monotonicMs();
  }

  get liveShards(): SimShard[] {
    return this.shards.filter((shard) => shard.alive && !shard.process.paused);
  }

  /** When the last hold that any client may have ends, by the true clock. */
  get lastDeadlineMs(): number {
    const longestMs = Math.max(...this.events.map(({ rules }) => rules.holdTtlMs));
    const ends = this.history.deeds.map(({ answer, invokedAtMs }) => {
      if (answer === null) return invokedAtMs + limits.commandDeadlineMs + longestMs;
      const { outcome } = answer.kind === 'accepted' ? answer : { outcome: null };
      const held = outcome?.type === 'hold' ? outcome.deadlineMs : 0;
      return held - this.clock.nowMs() + this.nowMs;
    });
    return ends.reduce((last, end) => Math.max(last, end), 0);
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

  /** All processes up, all watchers joined. */
  async open(): Promise<void> {
    for (let i = 0; i < this.swarm.gateways; i += 1) this.startGateway(i);
    this.weather.calm = true;
    for (const shardId of this.shardIds) this.startShard(shardId);
    await this.clock.advance(1_500);
    this.weather.calm = false;
    this.keepWatching();
    new Nemesis(this).start();
    this.operators.start();
    this.payments?.start();
    new Organiser(this).start();
  }

  /** Buyers until the end of the sale; resolves when the last of them went home. */
  async sell(): Promise<void> {
    const buyers = Array.from(
      { length: this.swarm.buyers },
      (_, i) => new Buyer(`usr_${(i + 1).toString(36)}` as UserId, this),
    );
    await Promise.all(buyers.map((buyer) => buyer.live()));
  }

  /** All faults end: lines are whole, clocks are right, the dead are started again. */
  async heal(): Promise<void> {
    this.weather.calm = true;
    this.trace.note('world', 'is healed');
    for (const cure of this.cures.splice(0)) cure();
    for (const shard of this.shards) {
      shard.process.setWall(0, 0);
      shard.process.resume();
    }
    for (const gateway of this.gateways) gateway.process.resume();
    this.payments?.heal();
    await this.operators.tidy();
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

  gateway(random: SeededRandom): SimGateway {
    return random.pick(this.gateways);
  }

  /** One try of one command at some gateway. */
  async send(deed: Deed, random: SeededRandom): Promise<CallResult> {
    const gateway = this.gateway(random);
    deed.tries += 1;
    const { userId, commandId, command } = deed;
    if (this.trace.shown) {
      const body = JSON.stringify({ ...command, type: undefined });
      this.trace.remark(userId, `${command.type} ${body} as ${commandId} at ${gateway.name}`);
    }
    const hasty = this.weather.strikes('short_deadline');
    const within = hasty ? { withinMs: Math.ceil(random.between(1, hastyMsMax)) } : {};
    const result = await gateway.call({ ...callOf(deed), ...within });
    this.history.heard(deed, result, this.nowMs);
    const heard = result.kind === 'answered' ? brief(result.answer) : result.kind;
    this.trace.note(userId, `${command.type} ${commandId} at ${gateway.name}: ${heard}`);
    return result;
  }

  /** Reads the owner's map; true when there was an answer. */
  async look({ eventId }: SimEvent, random: SeededRandom): Promise<boolean> {
    const gateway = this.gateway(random);
    const invokedAtMs = this.nowMs;
    const result = await gateway.call({
      eventId,
      commandId: gateway.client.nextCommandId(),
      keyed: false,
      userId: 'usr_look' as UserId,
      request: { type: 'GetSeatMap' },
    });
    if (result.kind !== 'found' || result.view.type !== 'seat_map') return false;
    const { statuses } = result.view;
    this.history.looks.push({ eventId, invokedAtMs, answeredAtMs: this.nowMs, statuses });
    return true;
  }

  private startShard(shardId: string): void {
    this.generation += 1;
    const shard = new SimShard(shardId, this.generation, this);
    this.shards.push(shard);
    const { process } = shard;
    process.onDeath(() => {
      this.trace.note(process.name, 'is dead');
      const waitMs = this.weather.calm ? 100 : this.random.between(50, restartMsMax);
      this.clock.after(waitMs, () => this.startShard(shardId));
    });
    if (!this.weather.calm) process.setWall(this.random.between(-50, 50), 0);
    void shard.start();
  }

  private startGateway(index: number): void {
    this.generation += 1;
    const gateway = new SimGateway(`g${index + 1}`, this.generation, this);
    this.gateways[index] = gateway;
    gateway.process.onDeath(() => {
      const waitMs = this.weather.calm ? 100 : this.random.between(50, restartMsMax);
      this.clock.after(waitMs, () => this.startGateway(index));
    });
  }

  private keepWatching(): void {
    for (const watcher of this.watchers) {
      if (!watcher.connected) watcher.connect(this.random.pick(this.gateways));
    }
    this.clock.after(watcherRetryMs, () => this.keepWatching());
  }
}
