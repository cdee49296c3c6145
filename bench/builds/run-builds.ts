import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { projectRoot } from '#ops/system/paths.js';
import { compareBuilds, comparisonLines, type BuildRun } from './compare.js';

const helpText = `npm run bench:builds -- --base DIR [--rounds N]

  --base DIR   another checkout of Holdfast, the one to compare with
  --rounds N   quick benchmarks of each build, in turn, each on a fresh system (5)

Prints CPU per accepted hold of both builds, and their ratio. Two systems of one
build differ by some 5 % of their own accord: a median of five rounds is the least.`;

/** Where the benchmark of a checkout is started, newest first. */
const commands = ['bench/bench.mjs', 'tools/bench.mjs'];
const roundMsMax = 10 * 60_000;

/** npm run bench:builds. Returns the exit code: 0 done, 2 it could not run. */
export async function main(args: readonly string[]): Promise<number> {
  const options = { base: { type: 'string' }, rounds: { type: 'string', default: '5' } } as const;
  const { values } = parseArgs({ args: [...args], options, strict: true });
  const rounds = Number(values.rounds);
  if (values.base === undefined || !Number.isInteger(rounds) || rounds < 1) {
    console.error(helpText);
    return 2;
  }
  const base: BuildRun[] = [];
  const ours: BuildRun[] = [];
  for (let round = 1; round <= rounds; round++) {
    // Who goes first changes, or a machine that grows slower would always blame the same build.
    const turns = [() => measure(values.base!, base), () => measure(projectRoot, ours)];
    for (const turn of round % 2 === 1 ? turns : turns.reverse()) await turn();
    console.error(`round ${round} of ${rounds}`);
    comparisonLines(compareBuilds(base, ours)).forEach((line) => console.error(line));
  }
  comparisonLines(compareBuilds(base, ours)).forEach((line) => console.log(line));
  return 0;
}

async function measure(checkout: string, into: BuildRun[]): Promise<void> {
  const command = commands.map((name) => path.join(checkout, name)).find(existsSync);
  if (command === undefined) throw new Error(`${checkout} has no benchmark`);
  const args = [command, '--quick', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: checkout,
    timeout: roundMsMax,
    maxBuffer: 1 << 26,
  });
  into.push(JSON.parse(stdout) as BuildRun);
}
