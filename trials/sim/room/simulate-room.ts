import type { RoomStore } from '#libs/room/room-store.js';
import { swarmOf, type FaultKind, type Swarm } from '../faults/swarm.js';
import { SeededRandom } from '../ground/seeded-random.js';
import { judgeProofs, judgeRoom } from './room-judge.js';
import { RoomWorld } from './room-world.js';

/** A guard of the room removed on purpose. */
export interface RoomMutation {
  readonly name: string;
  /** Faults without which it cannot show. */
  readonly needs?: Partial<Record<FaultKind, number>>;
  readonly tables?: (tables: RoomStore) => RoomStore;
  /** Called before a run; what it returns puts everything back. */
  readonly install?: () => () => void;
}

export interface RoomSimOptions {
  readonly trace?: boolean;
  readonly mutation?: RoomMutation;
}

export interface RoomSimResult {
  readonly violations: readonly string[];
  readonly traceHash: string;
  readonly trace: string;
  readonly faults: ReadonlyMap<FaultKind, number>;
  readonly looked: ReadonlyMap<string, number>;
  readonly virtualMs: number;
}

const faultyMs = 40_000;
const stepMs = 500;
/** For all who are left to have their turn, in a world without faults. */
const finishMsMax = 900_000;

/** Longer than a process is away, and until its first look at the rooms. */
const settleMs = 5_000;

/** A whole room under faults, then without, then the judgement. */
export async function simulateRoom(
  seed: number,
  { trace = false, mutation }: RoomSimOptions = {},
): Promise<RoomSimResult> {
  const random = new SeededRandom(`holdfast room ${seed}`);
  const drawn = swarmOf(random.fork('swarm'));
  const swarm: Swarm = { ...drawn, intensity: { ...drawn.intensity, ...mutation?.needs } };
  const world = new RoomWorld(swarm, random, trace, mutation?.tables);
  const restore = mutation?.install?.();
  try {
    await run(world);
  } finally {
    restore?.();
  }
  const { witness, weather } = world;
  return {
    violations: [...new Set(world.violations)],
    traceHash: world.trace.hash(),
    trace: world.trace.text(),
    faults: weather.injected,
    looked: new Map(Object.entries(witness.looked).map(([name, n]) => [`room: ${name}`, n])),
    virtualMs: world.nowMs,
  };
}

async function run(world: RoomWorld): Promise<void> {
  const begun = world.begin();
  await pass(world, faultyMs, () => false);
  await begun;
  world.heal();
  const home = (): boolean => world.people.every(({ outcome }) => outcome !== null);
  await pass(world, finishMsMax, home);
  // Who was killed at the end is back and knows the room before anybody is asked for a proof.
  await pass(world, settleMs, () => false);
  let judged = false;
  void judgeRoom(world)
    .then(() => judgeProofs(world))
    .then(() => (judged = true));
  await pass(world, 60_000, () => judged);
  if (!judged) world.violation('room: proofs are not given');
}

async function pass(world: RoomWorld, mostMs: number, enough: () => boolean): Promise<void> {
  for (let passedMs = 0; passedMs < mostMs && !enough(); passedMs += stepMs) {
    await world.clock.advance(stepMs);
  }
}
