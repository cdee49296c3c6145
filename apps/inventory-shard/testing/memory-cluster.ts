import { startShard, type RunningShard } from '../shard.js';
import { createInlineSnapshotter } from '#libs/actor/snapshots.js';
import { MemoryBroker } from '#libs/bus/memory-broker.js';
import type { MemoryBus } from '#libs/bus/memory-bus.js';
import type { AvailabilityStore } from '#libs/catalogue/availability/availability.js';
import type { Catalogue, EventInventory } from '#libs/catalogue/catalogue.js';
import type { RulesRows } from '#libs/catalogue/rules-row.js';
import { limits } from '#libs/contracts/limits.js';
import { makeHoldId } from '#libs/contracts/ids.js';
import type { Query } from '#libs/contracts/wire.js';
import {
  factLevelNewest,
  type AttemptId,
  type BookingId,
  type Command,
  type CommandId,
  type EventId,
  type HoldId,
  type SaleRules,
  type SeatIndex,
  type UserId,
} from '#libs/inventory/inventory.js';
import { createMemoryFactFormat } from '#libs/journal/fact-format.js';
import { MemoryJournal } from '#libs/journal/memory-journal.js';
import { MemoryLeaseStore } from '#libs/journal/memory-lease.js';
import { createMemorySettings } from '#libs/journal/settings.js';
import type { CallResult } from '#libs/routing/inventory-call.js';
import type { TracedCall } from '#libs/routing/inventory-call.js';
import { createInventoryClient, type RoutingClient } from '#libs/routing/inventory-client.js';
import type { MoveFailpoint } from '#libs/hosting/move-failpoints.js';
import { silentLog, type Log } from '#libs/platform/log.js';
import { Metrics } from '#libs/platform/metrics.js';
import { systemRandom } from '#libs/platform/random.js';
import type { Tracer } from '#libs/platform/tracer.js';
import { saleRules, smallHall } from '#libs/testing/small-hall.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

/** A shard of the cluster and its line to the bus, so that a test can cut, pause or kill it. */
export interface ClusterShard {
  readonly shardId: string;
  readonly bus: MemoryBus;
  readonly shard: RunningShard;
  readonly metrics: Metrics;
  /** Its own clock: a paused process does not run its timers. */
  readonly clock: PausableClock;
}

/**
 * Shards, journal, bus and one client in one process on a virtual clock: the production code of
 * everything but the sockets.
 */
export class MemoryCluster {
  readonly clock = new VirtualClock();
  readonly broker: MemoryBroker;
  readonly journal = new MemoryJournal({ clock: this.clock });
  readonly leases = new MemoryLeaseStore(this.clock);
  readonly settings = createMemorySettings();
  /** What the shards that start from now on are told; a spec may put another in its place. */
  factFormat = createMemoryFactFormat(factLevelNewest);
  /** Where shards that start from now on write what can still be had. */
  availability: AvailabilityStore | null = null;
  /** The same, for changed rules. */
  rulesRows: RulesRows | null = null;
  /** The client's own. */
  readonly clientClock = new PausableClock(this.clock);
  readonly client: RoutingClient;
  private readonly inventories = new Map<EventId, EventInventory>();
  private ids = 0;

  /** `tracer`: of the client and of all shards. */
  constructor(
    readonly log: Log = silentLog(),
    private readonly tracer: Tracer | null = null,
  ) {
    this.broker = new MemoryBroker({ clock: this.clock, random: systemRandom, log });
    this.client = createInventoryClient({
      bus: this.broker.connect('client'),
      clock: this.clientClock,
      random: systemRandom,
      log: this.log,
      clientId: 'client',
      tracer,
    });
  }

  addEvent(name: string, over: Partial<SaleRules> = {}, rows = 10, seatsPerRow = 20): EventId {
    const eventId = `evt_${name}` as EventId;
    const layout = smallHall(rows, seatsPerRow);
    this.inventories.set(eventId, { eventId, layout, rules: saleRules(over) });
    this.journal.register(eventId, null);
    return eventId;
  }

  async addShard(
    shardId: string,
    failpoint?: (name: MoveFailpoint) => Promise<void>,
    over: {
      readonly weight?: number;
      readonly rebalance?: boolean;
      readonly wallErrorMs?: number;
      readonly sealKeys?: readonly string[];
    } = {},
  ): Promise<ClusterShard> {
    const bus = this.broker.connect(shardId);
    const metrics = new Metrics({ processMetrics: false });
    const clock = new PausableClock(this.clock);
    clock.wallErrorMs = over.wallErrorMs ?? 0;
    const starting = startShard({
      shardId,
      weight: over.weight ?? 1,
      bus,
      journal: this.journal,
      leases: this.leases,
      catalogue: this.catalogue(),
      factFormat: this.factFormat,
      tracer: this.tracer,
      ...(this.availability === null ? {} : { availability: this.availability }),
      ...(this.rulesRows === null ? {} : { rulesRows: this.rulesRows }),
      snapshotter: createInlineSnapshotter(
        this.journal,
        (eventId) => Promise.resolve(this.inventories.get(eventId) ?? null),
        this.log,
      ),
      clock,
      random: systemRandom,
      log: this.log,
      metrics,
      ...(failpoint === undefined ? {} : { failpoint }),
      ...(over.sealKeys === undefined ? {} : { sealKeys: over.sealKeys }),
      ...(over.rebalance === true ? { settings: this.settings } : {}),
    });
    // What goes wrong is told below, to whoever awaits this.
    starting.catch(() => undefined);
    await this.clock.advance(2 * limits.heartbeatMs + 50);
    return { shardId, bus, shard: await starting, metrics, clock };
  }

  /** kill -9: the connection breaks and nothing of the process ever runs again. */
  kill(member: ClusterShard): void {
    member.bus.cut();
    member.clock.pause();
  }

  /** SIGSTOP. */
  pause(member: ClusterShard): void {
    member.bus.pause();
    member.clock.pause();
  }

  /** SIGCONT. */
  resume(member: ClusterShard): void {
    member.clock.resume();
    member.bus.resume();
  }

  holdId(eventId: EventId): HoldId {
    this.ids += 1;
    return makeHoldId(eventId, this.ids.toString(36).padStart(16, '0'));
  }

  /** Sends and lets time pass until the answer is there, at most `withinMs`. */
  async send(
    eventId: EventId,
    command: Command | Query,
    over: {
      userId?: string;
      commandId?: string;
      withinMs?: number;
      traced?: TracedCall;
    } = {},
  ): Promise<CallResult> {
    let result: CallResult | null = null;
    const call = {
      eventId,
      commandId: (over.commandId ?? this.client.nextCommandId()) as CommandId,
      keyed: over.commandId !== undefined,
      userId: (over.userId ?? 'usr_a') as UserId,
      request: command,
      ...(over.traced === undefined ? {} : { traced: over.traced }),
    };
    this.client.send(call, (answer) => {
      result = answer;
    });
    const steps = (over.withinMs ?? 6_000) / 5;
    for (let i = 0; i < steps && result === null; i += 1) await this.clock.advance(5);
    if (result === null) throw new Error('no answer in time');
    return result;
  }

  hold(eventId: EventId, seats: readonly number[], holdId = this.holdId(eventId)): Command {
    return { type: 'HoldSeats', holdId, seats: seats as SeatIndex[], areas: [], best: [] };
  }

  async book(eventId: EventId, holdId: HoldId, attempt: string): Promise<CallResult> {
    const attemptId = attempt as AttemptId;
    const begun = await this.send(eventId, { type: 'BeginPayment', holdId, attemptId });
    if (begun.kind !== 'answered' || begun.answer.kind !== 'accepted') return begun;
    const bookingId = `bkg_${attempt}` as BookingId;
    return this.send(eventId, { type: 'BookHold', holdId, bookingId, attemptId });
  }

  private catalogue(): Catalogue {
    return {
      inventoryOf: (eventId) => Promise.resolve(this.inventories.get(eventId) ?? null),
      eventOf: () => Promise.resolve(null),
      layoutOf: () => Promise.resolve(null),
      layoutOfHash: () => Promise.resolve(null),
      search: () => Promise.resolve({ total: 0, events: [] }),
    };
  }
}

/** The cluster's clock as one process sees it: timers that are due while it is paused run late. */
export class PausableClock {
  private late: (() => void)[] | null = null;

  constructor(private readonly clock: VirtualClock) {}

  /** How far the wall clock of the process is from that of the journal. */
  wallErrorMs = 0;
  nowMs = (): number => this.clock.nowMs() + this.wallErrorMs;
  monotonicMs = (): number => this.clock.monotonicMs();
  after = (delayMs: number, callback: () => void): (() => void) => {
    let cancelled = false;
    const cancel = this.clock.after(delayMs, () =>
      this.run(() => {
        if (!cancelled) callback();
      }),
    );
    return () => {
      cancelled = true;
      cancel();
    };
  };
  every = (periodMs: number, callback: () => void): (() => void) =>
    this.clock.every(periodMs, () => this.run(callback));
  soon = (callback: () => void): void => this.clock.soon(() => this.run(callback));

  get paused(): boolean {
    return this.late !== null;
  }

  pause(): void {
    this.late ??= [];
  }

  resume(): void {
    const late = this.late ?? [];
    this.late = null;
    for (const callback of late) callback();
  }

  private run(callback: () => void): void {
    if (this.late === null) callback();
    else this.late.push(callback);
  }
}
