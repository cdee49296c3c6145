import { hostname } from 'node:os';
import type { Snapshotter } from '#libs/actor/snapshots.js';
import type { Bus } from '#libs/bus/bus.js';
import { ControlServer } from '#libs/bus/control-server.js';
import type { AvailabilityStore } from '#libs/catalogue/availability/availability.js';
import type { Catalogue } from '#libs/catalogue/catalogue.js';
import type { RulesRows } from '#libs/catalogue/rules-row.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import { encodeVersions, frameVersions } from '#libs/contracts/wire-codec.js';
import type { FactFormat } from '#libs/journal/fact-format.js';
import type { Journal } from '#libs/journal/journal.js';
import type { LeaseStore } from '#libs/journal/lease.js';
import type { SettingStore } from '#libs/journal/settings.js';
import { Activator } from '#libs/hosting/activator.js';
import { Drain } from '#libs/hosting/drain.js';
import { FactLevel } from '#libs/hosting/fact-level.js';
import { Heartbeat } from '#libs/hosting/heartbeat.js';
import { LeaseKeeper } from '#libs/hosting/lease-keeper.js';
import { Membership } from '#libs/routing/membership.js';
import type { MoveFailpoint } from '#libs/hosting/move-failpoints.js';
import { MoveSource } from '#libs/hosting/move-source.js';
import { MoveTarget } from '#libs/hosting/move-target.js';
import { Operations } from '#libs/hosting/operations.js';
import { PaymentsPace } from '#libs/hosting/payments-pace.js';
import { RoomWarden } from '#libs/hosting/room-warden.js';
import { Rebalancer } from '#libs/hosting/rebalancer.js';
import { SaleClock } from '#libs/routing/sale-clock.js';
import { ShardHost } from '#libs/hosting/shard-host.js';
import { showGauges } from '#libs/hosting/shard-gauges.js';
import { createShardMetrics } from '#libs/hosting/shard-metrics.js';
import { busiestFirst } from '#libs/hosting/slot.js';
import { Upkeep } from '#libs/hosting/upkeep.js';
import type { RoomStore } from '#libs/room/room-store.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import { SharedLoop } from '#libs/platform/loop-share.js';
import type { Metrics } from '#libs/platform/metrics.js';
import type { Random } from '#libs/platform/random.js';
import type { Tracer } from '#libs/platform/tracer.js';

export interface ShardPorts {
  readonly shardId: string;
  readonly weight: number;
  readonly bus: Bus;
  readonly journal: Journal;
  readonly leases: LeaseStore;
  readonly catalogue: Catalogue;
  readonly factFormat: FactFormat;
  readonly snapshotter: Snapshotter;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Of payments, without whose seal nothing is booked; none: no seal is asked for. */
  readonly sealKeys?: readonly string[];
  /** Absent: this shard never rebalances on its own. */
  readonly settings?: SettingStore;
  /** Absent: searches do not know what can still be had of the events of this shard. */
  readonly availability?: AvailabilityStore;
  /** Absent: this shard keeps no waiting room. */
  readonly rooms?: RoomStore;
  /** Absent: a change of rules is in the catalogue if who asked for it wrote it. */
  readonly rulesRows?: RulesRows;
  /** For tests: called at the named steps of a move. */
  /** Absent, or null: nothing is traced. */
  readonly tracer?: Tracer | null;
  readonly failpoint?: (name: MoveFailpoint) => Promise<void>;
}

export interface RunningShard {
  readonly incarnation: string;
  /** It can take commands: the lease is proven and the bus is there. */
  ready(): boolean;
  /** Events are being brought up, or wait for it. */
  activating(): boolean;
  /** Moves its events to other shards, hands back what is left, says farewell. */
  stop(): Promise<void>;
}

/**
 * One inventory shard: wires host, lease, activation and upkeep to the ports, and nothing else.
 * The order of the steps is the point: proof of life, then ears, then a voice. A shard that others
 * can hear has already heard them, so it takes no event that has a live owner.
 */
export async function startShard(ports: ShardPorts): Promise<RunningShard> {
  const { bus, journal, failpoint = () => Promise.resolve() } = ports;
  const clock = new SaleClock(ports.clock);
  const incarnation = `${ports.shardId}-${ports.random.token(8)}`;
  const log = ports.log.child({ incarnation });
  const membership = new Membership(bus, clock, log);
  const writer = await journal.openWriter(incarnation);
  const metrics = createShardMetrics(ports.metrics, ports.snapshotter);
  const lease = new LeaseKeeper({
    lease: { incarnation, shardId: ports.shardId, host: hostname(), pid: process.pid },
    leases: ports.leases,
    ...{ journal, clock, log },
    reachable: () => bus.flush(),
    beginReconcile: () => host.beginReconcile(),
    hearTime: (heard) => clock.hear(heard, host.slots.size === 0),
    onProven: () => host.runAllTurns(),
  });
  const factLevel = new FactLevel(ports.factFormat, log);
  const share = new SharedLoop(clock, limits.loopUnitsPerTurn, limits.loopMsPerTurn);
  const own = { clock, incarnation, log, metrics, membership, failpoint, share, factLevel };
  const shared = { ...ports, ...own };
  const host: ShardHost = new ShardHost({
    ...shared,
    writer,
    lease,
    afterLoss: (...loss) => activator.afterLoss(...loss),
    giveUp: (slot) => activator.giveUp(slot),
  });
  const activator = new Activator(host, shared);
  host.onActivationWanted((slot) => activator.activate(slot));
  const [source, target] = [new MoveSource(host, shared), new MoveTarget(host, shared)];
  const upkeep = new Upkeep(host, activator, shared);
  const heartbeat = new Heartbeat({
    ...shared,
    eventsOwned: () => host.slots.size,
    commandsSoFar: () => metrics.commands.value,
  });
  const drain = new Drain(host, source, shared);
  const operations = new Operations({ ...shared, host, source, target, drain, heartbeat, lease });
  const rebalancer = new Rebalancer({ ...shared, settings: ports.settings ?? null });
  const warden = new RoomWarden(host, { ...shared, payments: new PaymentsPace(bus, clock) });
  const works = [upkeep, rebalancer, warden];
  showGauges(ports.metrics, { host, activator, lease, source, clock, warden });
  const stopListening = bus.onConnection((connected) => connected && lease.doubt());
  await factLevel.begin();
  await lease.start();
  const hush = listen(bus, incarnation, host, operations, log);
  await hearOthers(membership, ports);
  heartbeat.start();
  await bus.flush();
  works.forEach((work) => work.start());
  log.info('shard serves');

  return {
    incarnation,
    ready: () => bus.connected && lease.valid() && host.groupCommit.stalledMs === 0,
    activating: () => activator.load.running + activator.load.waiting > 0,
    async stop() {
      works.forEach((work) => work.stop());
      await operations.leave();
      host.stopAdmitting();
      await handBack(host, upkeep, clock.monotonicMs());
      [host.groupCommit, heartbeat].forEach((work) => work.stop());
      await bus.flush();
      [hush, stopListening, () => membership.close()].forEach((end) => end());
      await lease.stop();
      await Promise.all([ports.snapshotter.close(), writer.close()]);
      log.info('shard stopped');
    },
  };
}

/** Pings, commands and control calls; returns what ends all three. */
function listen(
  bus: Bus,
  incarnation: string,
  host: ShardHost,
  operations: Operations,
  log: Log,
): () => void {
  const control = new ControlServer({ bus, log });
  control.serveAll(subjects.control(incarnation, '*'), operations.handlers());
  const reads = encodeVersions(frameVersions);
  const pings = bus.subscribe(subjects.ping(incarnation), (message) => {
    if (message.replyTo !== undefined) bus.publish(message.replyTo, reads);
  });
  const commands = bus.subscribe(subjects.commands(incarnation), (message) => {
    host.receive(message);
  });
  return () => {
    [pings, commands].forEach((subscription) => subscription.unsubscribe());
    control.silence();
  };
}

/** Two processes of one name would tie in every placement and send each other's events around. */
async function hearOthers(membership: Membership, { clock, shardId }: ShardPorts): Promise<void> {
  await new Promise<void>((resolve) => clock.after(2 * limits.heartbeatMs, resolve));
  const twin = membership.live.find((beat) => beat.shardId === shardId);
  if (twin === undefined) return;
  throw new Error(`a shard named ${shardId} is alive already: ${twin.incarnation}`);
}

/** What could not be moved is flushed and freed: the next owner need not wait for anything. */
async function handBack(host: ShardHost, upkeep: Upkeep, nowMs: number): Promise<void> {
  host.runAllTurns();
  await host.groupCommit.idle();
  const slots = busiestFirst(host.slots.values(), nowMs);
  const worker = async (): Promise<void> => {
    for (let slot = slots.shift(); slot !== undefined; slot = slots.shift()) {
      await upkeep.passivate(slot);
    }
  };
  await Promise.all(Array.from({ length: limits.activationsAtOnceMax }, worker));
}
