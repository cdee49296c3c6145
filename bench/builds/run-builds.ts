import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { projectRoot } from '#ops/system/paths.js';
import { compareBuilds, comparisonLines, type Pair, type Round } from './compare.js';
import type { TurnAsked, TurnTaken } from './turn.js';

const helpText = `npm run bench:builds -- --base DIR [--pairs N] [--rounds N]

  --base DIR   another checkout of Holdfast, built: the one to compare with
  --pairs N    pairs of fresh systems, one of each build, that run side by side (6)
  --rounds N   turns that each of a pair takes at 64 and at 256 connections (10)

Prints CPU per accepted hold of both builds, and their ratio. A pair takes a minute.
Two systems of one build differ by some 5 % of their own accord: five pairs are the least.`;

/** What it died of it has said itself. */
class SideEnded extends Error {
  constructor(name: string) {
    super(`${name} ended before it was measured`);
  }
}

const connectionCounts = [64, 256];
const measureMs = 2_000;

/** npm run bench:builds. Returns the exit code: 0 done, 2 it could not run. */
export async function main(args: readonly string[]): Promise<number> {
  const options = {
    base: { type: 'string' },
    pairs: { type: 'string', default: '6' },
    rounds: { type: 'string', default: '10' },
  } as const;
  const { values } = parseArgs({ args: [...args], options, strict: true });
  const { base } = values;
  const [pairCount, rounds] = [Number(values.pairs), Number(values.rounds)];
  if (base === undefined || ![pairCount, rounds].every((n) => Number.isInteger(n) && n >= 1)) {
    console.error(helpText);
    return 2;
  }
  try {
    const pairs = await measurePairs(base, pairCount, rounds);
    comparisonLines(compareBuilds(pairs)).forEach((line) => console.log(line));
    return 0;
  } catch (error) {
    if (!(error instanceof SideEnded)) throw error;
    console.error(`npm run bench:builds: ${error.message}`);
    return 2;
  }
}

async function measurePairs(base: string, count: number, rounds: number): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let number = 1; number <= count; number++) {
    const pair = await measurePair(base, rounds);
    pairs.push(pair);
    console.error(`pair ${number} of ${count}`);
    comparisonLines(compareBuilds([pair])).forEach((line) => console.error(line));
  }
  return pairs;
}

/** The first round warms both up and does not count. */
async function measurePair(base: string, rounds: number): Promise<Pair> {
  const sides: ChildProcess[] = [];
  try {
    sides.push(await startSide(base));
    sides.push(await startSide(projectRoot));
    const pair: Round[] = [];
    for (let number = 0; number <= rounds; number++) {
      for (const connections of connectionCounts) {
        const asked = { connections, measureMs };
        const round = await measureRound(sides, asked, number % 2 === 1);
        if (number > 0) pair.push(round);
      }
    }
    return pair;
  } finally {
    await Promise.all(sides.map(stopSide));
  }
}

/** Who goes first changes, or a machine that grows slower would always blame the same build. */
async function measureRound(
  [base, ours]: readonly ChildProcess[],
  asked: TurnAsked,
  oursFirst: boolean,
): Promise<Round> {
  const { connections } = asked;
  if (oursFirst) {
    const first = await turn(ours, asked);
    return { connections, base: await turn(base, asked), ours: first };
  }
  const first = await turn(base, asked);
  return { connections, base: first, ours: await turn(ours, asked) };
}

async function startSide(checkout: string): Promise<ChildProcess> {
  const side = fork(fileURLToPath(new URL('./side.js', import.meta.url)), [checkout], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await heard(side, checkout);
  return side;
}

async function turn(side: ChildProcess, asked: TurnAsked): Promise<TurnTaken> {
  side.send(asked);
  return (await heard(side, 'a system')) as TurnTaken;
}

async function heard(side: ChildProcess, name: string): Promise<unknown> {
  const over = new AbortController();
  const { signal } = over;
  try {
    return await Promise.race([
      once(side, 'message', { signal }).then(([message]) => message as unknown),
      once(side, 'exit', { signal }).then(() => {
        throw new SideEnded(name);
      }),
    ]);
  } finally {
    over.abort();
  }
}

async function stopSide(side: ChildProcess): Promise<void> {
  if (side.exitCode !== null || side.signalCode !== null) return;
  const ended = once(side, 'exit');
  side.disconnect();
  await ended;
}
