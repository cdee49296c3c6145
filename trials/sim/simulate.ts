import { judgeWorld } from './judge/judge.js';
import { callOf } from './ground/deeds.js';
import type { Mutation } from './mutations/mutations.js';
import { SeededRandom } from './ground/seeded-random.js';
import { swarmOf, type FaultKind, type Swarm } from './faults/swarm.js';
import { World } from './world.js';

export interface SimOptions {
  /** Length of the sale under faults, virtual minutes. Default 1. */
  readonly minutes?: number;
  /** Keep every line of what happened. */
  readonly trace?: boolean;
  /** A guard to remove, to see whether it is missed. */
  readonly mutation?: Mutation;
  /** Changes the mix that the seed made; such a run has another trace. */
  readonly swarm?: (drawn: Swarm) => Swarm;
}

export interface SimResult {
  readonly seed: number;
  /** Empty: all is well. */
  readonly violations: readonly string[];
  /** The run's identity: equal for equal seed and options. */
  readonly traceHash: string;
  readonly traceLines: number;
  /** Empty unless asked for. */
  readonly trace: string;
  readonly swarm: Swarm;
  readonly faults: ReadonlyMap<FaultKind, number>;
  readonly looked: ReadonlyMap<string, number>;
  readonly commands: number;
  readonly accepted: number;
  readonly refused: number;
  /** Tries that ended without an answer. */
  readonly unknown: number;
  readonly takeOvers: number;
  readonly moves: number;
  readonly saleMs: number;
  readonly virtualMs: number;
}

/** After the faults: how long the system may take until everything is right again. */
const recoveryMs = 8_000;
const finishMsMax = 60_000;
/** Longer than any hold or payment can last. */
const deadlineMsMax = 45_000;
/** An expiry may be late by what the answers took that told its owner the time. */
const lateMsMax = 1_000;
/** Until the last change has reached every map. */
const watchersMs = 4_000;
const stepMs = 250;
/** A system that is down is not asked everything again. */
const silencesMax = 3;

/**
 * One whole run: a sale under faults, then a healed world in which everything must come right in
 * bounded time, then the judgement. Never throws for what the system does wrong: it says so.
 */
export async function simulate(seed: number, options: SimOptions = {}): Promise<SimResult> {
  const random = new SeededRandom(`holdfast ${seed}`);
  const drawn = swarmOf(random.fork('swarm'));
  const swarm = options.swarm?.(drawn) ?? drawn;
  const mutation = options.mutation ?? null;
  const world = new World(swarm, random, mutation, options.trace ?? false);
  const restore = mutation?.install?.();
  const saleMs = (options.minutes ?? 1) * 60_000;
  try {
    await run(world, saleMs);
  } finally {
    restore?.();
  }
  return report(seed, world, saleMs);
}

async function run(world: World, saleMs: number): Promise<void> {
  await world.open(saleMs);
  const done = { home: false };
  void world.sell().then(() => (done.home = true));
  await pass(world, saleMs, () => false);
  const healed = world.heal();
  await pass(world, recoveryMs, () => false);
  await healed;
  await checkServed(world);
  world.selling = false;
  if (!(await pass(world, finishMsMax, () => done.home))) {
    world.violation('liveness: buyers did not get home');
  }
  const paid = world.payments;
  if (paid !== null && !(await pass(world, finishMsMax, () => paid.settled()))) {
    world.violation('liveness: payments did not settle');
  }
  await askAgain(world);
  const endsMs = world.lastDeadlineMs + lateMsMax;
  await pass(world, deadlineMsMax, () => world.nowMs > endsMs);
  await pass(world, watchersMs, () => false);
  for (const { eventId } of world.events) {
    const quarantined = world.store.ownership(eventId)?.quarantined ?? null;
    if (quarantined !== null) world.violation(`${eventId} is in quarantine: ${quarantined}`);
  }
}

/** Lets time pass until `enough`, or until there is no more of it (false). */
async function pass(world: World, mostMs: number, enough: () => boolean): Promise<boolean> {
  for (let passedMs = 0; passedMs < mostMs; passedMs += stepMs) {
    if (enough()) return true;
    await world.clock.advance(stepMs);
  }
  return enough();
}

/** Every event is served again, by whichever gateway is asked. */
async function checkServed(world: World): Promise<void> {
  const random = world.random.fork('probe');
  for (const event of world.events) {
    let answer: boolean | null = null;
    void world.look(event, random).then((found) => (answer = found));
    await pass(world, 6_000, () => answer !== null);
    if (answer !== true) world.violation(`liveness: ${event.eventId} is not served`);
  }
}

/** Buyers who never heard ask once more, under the same ids: now there must be an answer. */
async function askAgain(world: World): Promise<void> {
  const random = world.random.fork('again');
  let silences = 0;
  for (const deed of world.deeds.all) {
    if (silences >= silencesMax) return;
    // Some never come back: what they asked for has its effect once or not at all.
    const named = deed.command.type === 'HoldSeats' && deed.command.best.length === 0;
    if (deed.answer !== null || (named && random.chance(0.3))) continue;
    let heard = false;
    void world.send(deed, random).then(() => (heard = true));
    await pass(world, 6_000, () => heard);
    if (deed.answer === null) {
      silences += 1;
      world.violation(`liveness: ${callOf(deed).commandId} has no answer in a healed world`);
    }
  }
}

function report(seed: number, world: World, saleMs: number): SimResult {
  const { violations, looked } = judgeWorld(world);
  const { deeds, store, events, weather, trace } = world;
  const answered = deeds.all.filter(({ answer }) => answer !== null);
  const accepted = answered.filter(({ answer }) => answer?.kind === 'accepted').length;
  const epochs = events.map(({ eventId }) => store.ownership(eventId)?.epoch ?? 0);
  return {
    seed,
    violations,
    traceHash: trace.hash(),
    traceLines: trace.count,
    trace: trace.text(),
    swarm: world.swarm,
    faults: weather.injected,
    looked,
    commands: deeds.all.length,
    accepted,
    refused: answered.length - accepted,
    unknown: deeds.all.filter(({ maybe }) => maybe).length,
    takeOvers: epochs.reduce((sum, epoch) => sum + epoch, 0),
    moves: world.moves,
    saleMs,
    virtualMs: world.nowMs,
  };
}
