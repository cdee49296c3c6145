import { limits } from '#libs/contracts/limits.js';
import { makeHoldId } from '#libs/contracts/ids.js';
import { decodeFacts } from '#libs/inventory/inventory.js';
import type { EventId, SeatIndex, UserId } from '#libs/inventory/ids.js';
import type { CallResult } from '#libs/routing/inventory-call.js';
import { systemRandom } from '#libs/platform/random.js';
import type { ClusterLink } from '#ops/holdfastctl/link.js';
import { openSessions } from '../buyers.js';
import { machineName } from '../machine.js';
import { MoveLoad } from './load.js';
import { pooled } from './pooled.js';
import type { HerdReport } from './herd-report.js';
import { ShardLogs, type LoggedRecovery } from './shard-logs.js';
import { addSmallEvents, smallSeatIdOf, smallSeats } from './small-events.js';
import { ownerOf, pause } from './trials.js';
import { verdictOn } from './verdict.js';

export interface HerdOptions {
  readonly events: number;
  readonly hot: number;
  readonly due: number;
}

const holdMs = 20_000;
const users = 256;
const callsAtOnce = 64;
/** Of a call without an outcome, under the same command id: a full machine may miss a lease. */
const triesMax = 5;
const connectionsPerHotEvent = 2;
const buyerPauseMs = 20;
/** Holds of the cool events are made over this time, so that they end over the same. */
const duringMs = 10_000;
const graceMs = 3_000;
const note = (line: string): void => console.error(line);

/**
 * One shard has all events: a few sell, some have a hold that ends soon, most sleep. It is killed.
 * Who comes back in which order, and do the holds that nobody asks for end on time (G3)?
 */
export async function herd(link: ClusterLink, options: HerdOptions): Promise<HerdReport> {
  note(`importing ${options.events} events ...`);
  const all = await addSmallEvents(link.system.databaseUrl, options.events, holdMs);
  const [hot, due] = [all.slice(0, options.hot), all.slice(options.hot).slice(0, options.due)];
  await link.pool.query(`UPDATE ownership SET pinned_to = 'shard-1' WHERE event_id = ANY ($1)`, [
    all,
  ]);
  note('bringing them all up on one shard ...');
  await pooled(callsAtOnce, all, (eventId) => ask(link, eventId, { type: 'OpenSale' }));
  const gateway = new URL(link.system.gatewayUrls[0]);
  const load = new MoveLoad(gateway, await openSessions(gateway.href, users));
  const seatIds = Array.from({ length: smallSeats / 2 }, (_, seat) => smallSeatIdOf(seat));
  for (const eventId of hot) {
    load.start([{ eventId, seatIds }], connectionsPerHotEvent, buyerPauseMs, true);
  }
  try {
    await holdOne(link, due);
    const owner = await ownerOf(link, hot[0]);
    const owned = await link.journal.ownedBy(owner.incarnation);
    note(`kill -9 of ${owner.incarnation}, which has ${owned.length} events`);
    const [killedMs, killedAtMs] = [performance.now(), Date.now()];
    process.kill(owner.pid, 'SIGKILL');
    await pause(holdMs + graceMs);
    await load.stop();
    const logs = new ShardLogs(link.system.data ?? '').recoveries();
    const after = logs.filter(({ atMs }) => atMs > killedAtMs);
    const late = await Promise.all(due.map((eventId) => lateness(link, eventId)));
    note('asking the oracle ...');
    return {
      machine: machineName(),
      owned: owned.length,
      hotRecoveries: hot.flatMap((id) => after.find(({ eventId }) => eventId === id) ?? []),
      hotBackMs: hot.map((eventId) => backMs(load, eventId, killedMs)),
      dueLateMs: late.filter((ms) => ms !== null),
      notEnded: late.filter((ms) => ms === null).length,
      recovered: after.length,
      atOnceMax: mostAtOnce(after),
      coolBeforeLastHot: coolBeforeLastHot(after, new Set<string>(hot)),
      errors: Object.fromEntries(load.errors),
      oracle: await verdictOn(link, all),
    };
  } finally {
    await load.stop();
  }
}

async function holdOne(link: ClusterLink, events: readonly EventId[]): Promise<void> {
  note(`holding a seat of ${events.length} of them ...`);
  const startedMs = performance.now();
  const calls = events.map(async (eventId, i) => {
    await pause((i / events.length) * duringMs);
    const holdId = makeHoldId(eventId, systemRandom.token(16));
    const seats = [(smallSeats - 1) as SeatIndex];
    await ask(link, eventId, { type: 'HoldSeats', holdId, seats, areas: [], best: [] });
  });
  await Promise.all(calls);
  const tookMs = performance.now() - startedMs;
  if (tookMs > duringMs + limits.commandDeadlineMs) throw new Error('the holds took too long');
}

type Request = Parameters<ClusterLink['cluster']['inventory']['call']>[0]['request'];

async function ask(link: ClusterLink, eventId: EventId, request: Request): Promise<void> {
  const { inventory } = link.cluster;
  const commandId = inventory.nextCommandId();
  const userId = 'usr_bench' as UserId;
  const call = { eventId, commandId, keyed: false, userId, request };
  let result = await inventory.call(call);
  for (let i = 0; i < triesMax && isOpen(result); i += 1) {
    if (result.kind === 'unavailable') await pause(result.retryAfterMs);
    result = await inventory.call(call);
  }
  const refused = result.kind === 'answered' && result.answer.kind === 'refused';
  if (refused || (result.kind !== 'answered' && result.kind !== 'found')) {
    throw new Error(`${request.type} of ${eventId}: ${JSON.stringify(result)}`);
  }
}

const isOpen = ({ kind }: CallResult): boolean => kind === 'unknown' || kind === 'unavailable';

function backMs(load: MoveLoad, eventId: EventId, killedMs: number): number {
  const acks = load.acknowledged.filter((hold) => hold.eventId === eventId);
  const after = acks.filter(({ sentMs }) => sentMs > killedMs);
  return after.length === 0 ? Infinity : Math.min(...after.map((h) => h.ackedMs)) - killedMs;
}

/** How long after its deadline the one hold of an event ended; null: it did not. */
async function lateness(link: ClusterLink, eventId: EventId): Promise<number | null> {
  let deadlineMs = NaN;
  for await (const { facts } of link.journal.read(eventId, 0)) {
    for (const fact of decodeFacts(facts)) {
      if (fact.type === 'SeatsHeld') deadlineMs = fact.deadlineMs;
      if (fact.type === 'HoldExpired') return fact.atMs - deadlineMs;
    }
  }
  return null;
}

/** From the first look at the owner to the first turn. */
const tookMs = ({ phasesMs }: LoggedRecovery): number => phasesMs.reduce((sum, ms) => sum + ms, 0);

export function mostAtOnce(recoveries: readonly LoggedRecovery[]): number {
  const edges = recoveries
    .flatMap((one) => [
      { atMs: one.atMs - tookMs(one), step: 1 },
      { atMs: one.atMs, step: -1 },
    ])
    .sort((a, b) => a.atMs - b.atMs || a.step - b.step);
  let [running, most] = [0, 0];
  for (const { step } of edges) {
    running += step;
    most = Math.max(most, running);
  }
  return most;
}

/** How many that nobody asks for came back before the last one that sells. */
export function coolBeforeLastHot(
  recoveries: readonly LoggedRecovery[],
  hot: ReadonlySet<string>,
): number {
  const firstOf = new Map<string, number>();
  for (const { eventId, atMs } of recoveries) {
    firstOf.set(eventId, Math.min(atMs, firstOf.get(eventId) ?? Infinity));
  }
  const hotTimes = [...hot].map((eventId) => firstOf.get(eventId) ?? Infinity);
  const lastHotMs = Math.max(...hotTimes);
  return [...firstOf].filter(([eventId, atMs]) => !hot.has(eventId) && atMs < lastHotMs).length;
}
