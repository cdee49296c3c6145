import { hostname } from 'node:os';
import type { Snapshotter } from '#libs/actor/snapshots.js';
import type { Bus } from '#libs/bus/bus.js';
import type { Catalogue } from '#libs/catalogue/catalogue.js';
import type { MoveCall, TakeCall, WarmCall } from '#libs/contracts/control.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { Journal } from '#libs/journal/journal.js';
import type { LeaseStore } from '#libs/journal/lease.js';
import { Activator } from '#libs/ownership/activator.js';
import { Heartbeat } from '#libs/ownership/heartbeat.js';
import { LeaseKeeper } from '#libs/ownership/lease-keeper.js';
import { Membership } from '#libs/ownership/membership.js';
import { MoveSource, type MoveFailpoint } from '#libs/ownership/move-source.js';
import { MoveTarget } from '#libs/ownership/move-target.js';
import { serveControl, type ControlHandlers } from '#libs/ownership/shard-control.js';
import { ShardHost } from '#libs/ownership/shard-host.js';
import { createShardMetrics } from '#libs/ownership/shard-metrics.js';
import { Upkeep } from '#libs/ownership/upkeep.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { Metrics } from '#libs/platform/metrics.js';
import type { Random } from '#libs/platform/random.js';

export interface ShardPorts {
  readonly shardId: string;
  readonly weight: number;
  readonly bus: Bus;
  readonly journal: Journal;
  readonly leases: LeaseStore;
  readonly catalogue: Catalogue;
  readonly snapshotter: Snapshotter;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  /** For tests: called at the named steps of a move. */
  readonly failpoint?: (name: MoveFailpoint) => Promise<void>;
}

export interface RunningShard {
  readonly incarnation: string;
  /** It can take commands: the lease is proven and the bus is there. */
  ready(): boolean;
  /** Finishes what was admitted, hands every event back, says farewell. */
  stop(): Promise<void>;
}

/**
 * One inventory shard: wires host, lease, activation and upkeep to the ports, and nothing else.
 * The order of the steps is the point: proof of life, then ears, then a voice. A shard that others
 * can hear has already heard them, so it takes no event that has a live owner.
 */
export async function startShard(ports: ShardPorts): Promise<RunningShard> {
  const { bus, clock, journal } = ports;
  const incarnation = `${ports.shardId}-${ports.random.token(8)}`;
  const log = ports.log.child({ shard: incarnation });
  const membership = new Membership(bus, clock, log);
  const writer = await journal.openWriter(incarnation);
  const metrics = createShardMetrics(ports.metrics);
  const lease = new LeaseKeeper({
    lease: { incarnation, shardId: ports.shardId, host: hostname(), pid: process.pid },
    leases: ports.leases,
    journal,
    clock,
    log,
    reconcile: (epochs) => host.reconcile(epochs),
    onProven: () => host.runAllTurns(),
  });
  const shared = { ...ports, incarnation, log, metrics, membership };
  const host = new ShardHost({
    ...shared,
    writer,
    lease,
    afterLoss: (...loss) => activator.afterLoss(...loss),
  });
  const activator = new Activator(host, shared);
  host.onActivationWanted((slot) => activator.activate(slot));
  const failpoint = ports.failpoint ?? (() => Promise.resolve());
  const source = new MoveSource(host, { ...shared, failpoint });
  const target = new MoveTarget(host, { ...shared, failpoint });
  const upkeep = new Upkeep(host, activator, shared);
  const heartbeat = new Heartbeat({
    ...shared,
    eventsOwned: () => host.slots.size,
    commandsSoFar: () => metrics.commands.value,
  });
  observe(ports.metrics, host, lease);

  await lease.start();
  const subscriptions = [
    bus.subscribe(subjects.ping(incarnation), (message) => {
      if (message.replyTo !== undefined) bus.publish(message.replyTo, new Uint8Array(0));
    }),
    bus.subscribe(subjects.commands(incarnation), (message) => host.receive(message)),
    serveControl(bus, incarnation, controlHandlers(source, target), log),
  ];
  await new Promise<void>((resolve) => clock.after(2 * limits.heartbeatMs, resolve));
  heartbeat.start();
  await bus.flush();
  upkeep.start();
  log.info('shard serves');

  return {
    incarnation,
    ready: () => bus.connected && lease.valid() && host.groupCommit.stalledMs === 0,
    async stop() {
      heartbeat.change('draining');
      host.stopAdmitting();
      upkeep.stop();
      await handBack(host, upkeep);
      host.groupCommit.stop();
      heartbeat.stop();
      await bus.flush();
      for (const subscription of subscriptions) subscription.unsubscribe();
      membership.close();
      await lease.stop();
      await ports.snapshotter.close();
      await writer.close();
      log.info('shard stopped');
    },
  };
}

function controlHandlers(source: MoveSource, target: MoveTarget): ControlHandlers {
  return {
    move: (call: MoveCall) => source.move(call),
    cancel: ({ eventId }: WarmCall) => source.cancel(eventId),
    warm: (call: WarmCall) => target.prepare(call),
    take: (call: TakeCall) => target.take(call),
  };
}

/** Every event is flushed and freed, so that the next owner need not wait for anything. */
async function handBack(host: ShardHost, upkeep: Upkeep): Promise<void> {
  host.runAllTurns();
  await host.groupCommit.idle();
  const slots = [...host.slots.values()];
  const worker = async (): Promise<void> => {
    for (let slot = slots.pop(); slot !== undefined; slot = slots.pop()) {
      await upkeep.passivate(slot);
    }
  };
  await Promise.all(Array.from({ length: limits.activationsAtOnceMax }, worker));
}

function observe(metrics: Metrics, host: ShardHost, lease: LeaseKeeper): void {
  metrics.gauge('holdfast_events_owned', 'Events whose actor runs here', () => host.slots.size);
  metrics.gauge('holdfast_lease_age_seconds', 'Since the last proof of life', () =>
    Math.min(lease.ageMs() / 1_000, 1e6),
  );
  metrics.gauge(
    'holdfast_journal_stalled_seconds',
    'How long an append has been unanswered',
    () => host.groupCommit.stalledMs / 1_000,
  );
  metrics.gauge('holdfast_mailbox_depth', 'Commands that wait, over all events', () => {
    let depth = 0;
    for (const slot of host.slots.values()) depth += slot.mailbox.length;
    return depth;
  });
  metrics.gauge('holdfast_events_quarantined', 'Events that refuse to be served', () => {
    let count = 0;
    for (const slot of host.slots.values()) if (slot.quarantine !== null) count += 1;
    return count;
  });
}
