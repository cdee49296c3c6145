import { simulate, type Fleet, type PartUse, type Sale, type UnitCosts } from './simulate.js';

/**
 * What is reckoned with, rounded up from what was measured on two shared cores: holds by `npm run
 * bench:builds` (256 connections), pages by `npm run bench -- peers --workloads reads`, frames by
 * `npm run bench:edges`. A join of the waiting room is assumed to cost a request and a row of a
 * batched statement.
 */
export const reckonedCosts: UnitCosts = {
  gatewayHoldUs: 18,
  shardHoldUs: 9,
  busHoldUs: 2,
  databaseHoldUs: 4,
  pageUs: 12,
  unchangedUs: 11,
  frameUs: 5,
  joinUs: 25,
  databaseJoinUs: 20,
};

/** Ten million people, and ten thousand holds a second on one event. */
export const tenMillion: Sale = {
  buyers: 10_000_000,
  halfComeSeconds: 60,
  admittedPerSecond: 4_000,
  holdsEach: 2.5,
  pagesEach: 6,
  staySeconds: 45,
  framesPerSecond: 4,
  lookEverySeconds: 30,
  cached: 0,
  seconds: 1_800,
};

/** What `npm start` is, and a gateway of it holds 10,000 maps. */
export const oneMachine: Fleet = {
  gateways: 1,
  shards: 1,
  buses: 1,
  databaseCores: 1,
  socketsPerGateway: 10_000,
};

/** npm run bench -- capacity. */
export function main(): number {
  for (const [name, sale] of [
    ['10,000,000 buyers, a waiting room, no cache in front', tenMillion],
    ['the same, nine of ten reads answered by caches', { ...tenMillion, cached: 0.9 }],
    ['the same without a waiting room', withoutRoom(tenMillion)],
  ] as const) {
    const outcome = simulate(sale, oneMachine, reckonedCosts);
    console.log(name);
    console.log(
      `  at most ${whole(outcome.readsPerSecondMax)} reads/s, ` +
        `${whole(outcome.holdsPerSecondMax)} holds/s, ${whole(outcome.waitingMax)} waiting`,
    );
    outcome.parts.forEach((part) => console.log(`  ${partLine(part)}`));
  }
  return 0;
}

/** Everybody is let in when he comes. */
export const withoutRoom = (sale: Sale): Sale => ({ ...sale, admittedPerSecond: Infinity });

function partLine({ part, enough, fullAtSecond }: PartUse): string {
  const full = fullAtSecond === null ? 'one is enough' : `one is full after ${fullAtSecond} s`;
  return `${part.padEnd(10)} ${whole(enough).padStart(9)} at 70 %; ${full}`;
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
