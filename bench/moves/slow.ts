import type { EventId, UserId } from '#libs/inventory/ids.js';
import { limits } from '#libs/contracts/limits.js';
import { createPostgresSettings } from '#libs/journal/settings.js';
import { askToMove, rebalanceInput } from '#libs/hosting/cluster-view.js';
import { planRebalance, type RebalancePlan } from '#libs/hosting/rebalance.js';
import { rebalanceRules } from '#libs/hosting/rebalancer.js';
import type { ClusterLink } from '#ops/holdfastctl/link.js';
import { openSessions } from '../buyers.js';
import { machineName } from '../machine.js';
import { MoveLoad } from './load.js';
import { pooled } from './pooled.js';
import { addSmallEvents, smallSeatIdOf, smallSeats } from './small-events.js';
import { pause } from './trials.js';
import { verdictOn, type OracleVerdict } from './verdict.js';

export interface SlowOptions {
  readonly events: number;
  readonly seconds: number;
}

export interface SlowReport {
  readonly machine: string;
  readonly events: number;
  /** After a shard was killed and came back empty: planned, carried out, and planned again. */
  readonly comeback: { readonly share: number; readonly planned: number; readonly again: number };
  readonly apply: { readonly moved: number; readonly failed: readonly string[] };
  /** With one shard at half speed: changes of owner per event, by how often. */
  readonly slowSeconds: number;
  readonly misplaced: number;
  readonly movesOfEvent: readonly number[];
  readonly holds: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly oracle: OracleVerdict;
}

const shards = 3;
const holdMs = 8_000;
const connections = 8;
const buyerPauseMs = 50;
/** SIGSTOP for this long, SIGCONT for as long: half speed, and no heartbeat is missed. */
const halfPeriodMs = 60;
const waitMs = 30_000;
const note = (line: string): void => console.error(line);

/** A shard that comes back and one that is slow, with rebalancing: what moves, and how often? */
export async function slow(link: ClusterLink, options: SlowOptions): Promise<SlowReport> {
  const all = await addSmallEvents(link.system.databaseUrl, options.events, holdMs);
  await setRebalancing(link, false);
  const gateway = new URL(link.system.gatewayUrls[0]);
  const load = new MoveLoad(gateway, await openSessions(gateway.href, connections * 16));
  const seatIds = Array.from({ length: smallSeats }, (_, seat) => smallSeatIdOf(seat));
  const targets = all.map((eventId) => ({ eventId, seatIds }));
  try {
    await touch(link, all);
    load.start(targets, connections, buyerPauseMs, false);
    const victim = link.cluster.inventory.membership.active[0];
    note(`kill -9 of ${victim.incarnation}, which has ${victim.events} events`);
    process.kill(victim.pid, 'SIGKILL');
    await comesBack(link, victim.incarnation);
    await touch(link, all);
    const plan = await planNow(link);
    note(`it is back; the plan is to move ${plan.moves.length}`);
    const apply = await carryOut(link, plan);
    const again = (await planNow(link)).moves.length;
    const share = Math.round(options.events / shards);
    const misplaced = await misplace(link, all, Math.round(share / 2));
    const { seconds } = options;
    note(`half speed for ${seconds} s, with ${misplaced} events out of place ...`);
    const movesOfEvent = await atHalfSpeed(link, all, seconds * 1_000);
    await load.stop();
    note('asking the oracle ...');
    return {
      machine: machineName(),
      events: all.length,
      comeback: { share, planned: plan.moves.length, again },
      apply,
      slowSeconds: seconds,
      misplaced,
      movesOfEvent,
      holds: load.holds,
      errors: Object.fromEntries(load.errors),
      oracle: await verdictOn(link, all),
    };
  } finally {
    await load.stop();
  }
}

/** Every event is on sale and has an owner afterwards. */
async function touch(link: ClusterLink, events: readonly EventId[]): Promise<void> {
  const { inventory } = link.cluster;
  await pooled(16, events, (eventId) =>
    inventory.call({
      eventId,
      commandId: inventory.nextCommandId(),
      keyed: false,
      userId: 'usr_bench' as UserId,
      request: { type: 'OpenSale' },
    }),
  );
}

async function comesBack(link: ClusterLink, gone: string): Promise<void> {
  const { membership } = link.cluster.inventory;
  const giveUpAtMs = performance.now() + waitMs;
  const back = () => membership.active.length === shards && !membership.isLive(gone);
  while (!back() && performance.now() < giveUpAtMs) await pause(50);
}

async function planNow(link: ClusterLink): Promise<RebalancePlan> {
  const { bus, inventory } = link.cluster;
  const input = await rebalanceInput({ bus, membership: inventory.membership }, link.journal);
  return planRebalance(input, rebalanceRules({ includeHot: true, gapMs: 0, movesMax: 10_000 }));
}

async function carryOut(link: ClusterLink, plan: RebalancePlan): Promise<SlowReport['apply']> {
  let moved = 0;
  const failed: string[] = [];
  await pooled(2, plan.moves, async ({ eventId, from, to, epoch: expectEpoch }) => {
    const reply = await askToMove(link.cluster.bus, from, { eventId, to, expectEpoch });
    if (reply.kind === 'ok' && reply.body.kind === 'moved') moved += 1;
    else failed.push(`${eventId}: ${JSON.stringify(reply)}`);
  });
  return { moved, failed };
}

/** Takes events of one shard to another, against placement: rebalancing has something to do. */
async function misplace(
  link: ClusterLink,
  events: readonly EventId[],
  count: number,
): Promise<number> {
  const [from, to] = link.cluster.inventory.membership.active;
  let misplaced = 0;
  for (const eventId of events) {
    if (misplaced === count) break;
    const row = await link.journal.ownership(eventId);
    if (row?.owner !== from.incarnation) continue;
    const reply = await askToMove(link.cluster.bus, from.incarnation, {
      eventId,
      to: to.incarnation,
    });
    if (reply.kind === 'ok' && reply.body.kind === 'moved') misplaced += 1;
  }
  return misplaced;
}

async function atHalfSpeed(
  link: ClusterLink,
  events: readonly EventId[],
  durationMs: number,
): Promise<number[]> {
  const { pid } = link.cluster.inventory.membership.active[1];
  const before = await epochs(link, events);
  await setRebalancing(link, true);
  const untilMs = performance.now() + durationMs;
  try {
    while (performance.now() < untilMs) {
      process.kill(pid, 'SIGSTOP');
      await pause(halfPeriodMs);
      process.kill(pid, 'SIGCONT');
      await pause(halfPeriodMs);
    }
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await setRebalancing(link, false);
  await pause(limits.wakeScanMs);
  const after = await epochs(link, events);
  return events.map((eventId) => (after.get(eventId) ?? 0) - (before.get(eventId) ?? 0));
}

async function epochs(link: ClusterLink, events: readonly EventId[]): Promise<Map<string, number>> {
  const { rows } = await link.pool.query<{ event_id: string; epoch: number }>(
    'SELECT event_id, epoch FROM ownership WHERE event_id = ANY ($1)',
    [events],
  );
  return new Map(rows.map((row) => [row.event_id, row.epoch]));
}

const setRebalancing = async (link: ClusterLink, on: boolean): Promise<void> => {
  await createPostgresSettings(link.pool).set('rebalance.suspended', !on);
};
