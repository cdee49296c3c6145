import { execFile, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { projectRoot } from '#ops/system/paths.js';
import { runtimeFlags, shardEnvironment } from '#ops/system/runtime-flags.js';
import { environment } from '#libs/platform/config.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import type { Phase } from './measure.js';
import { turnLines } from './report.js';

const helpText = `npm run bench:turns -- [--base DIR]

  --base DIR   another checkout of Holdfast, built, to compare with

A shard brings up, snapshots and gives up sold events of 50,000 seats: the first one with code
that was only rehearsed, another one with code that ran. Prints the longest
turn of its event loop, of processor time and by the clock, beside a process that does nothing.
Two minutes for each build: an event is given up after one.`;

const seed = fileURLToPath(new URL('./seed.js', import.meta.url));
const measure = fileURLToPath(new URL('./measure.js', import.meta.url));

/** npm run bench:turns. Returns the exit code: 0 done, 2 it could not run. */
export async function main(args: readonly string[]): Promise<number> {
  const options = { base: { type: 'string' }, help: { type: 'boolean' } } as const;
  const { values } = parseArgs({ args: [...args], options, strict: true });
  if (values.help === true) {
    console.log(helpText);
    return 0;
  }
  const postgres = await startTestPostgres({ settings: { shared_buffers: '256MB' } });
  try {
    const builds = values.base === undefined ? [] : [{ name: 'base', root: values.base }];
    for (const { name, root } of [...builds, { name: 'this', root: projectRoot }]) {
      console.log(turnLines(name, await measured(postgres, root)).join('\n'));
    }
    return 0;
  } finally {
    await postgres.stop();
  }
}

async function measured(postgres: TestPostgres, root: string): Promise<readonly Phase[]> {
  const args = [root, await postgres.createDatabase()];
  await promisify(execFile)(process.execPath, [seed, ...args]);
  const child = fork(measure, args, {
    execArgv: [...runtimeFlags],
    env: { ...environment(), ...shardEnvironment },
  });
  try {
    return await new Promise<readonly Phase[]>((resolve, reject) => {
      child.once('message', (phases) => resolve(phases as Phase[]));
      child.once('exit', (code) => reject(new Error(`the measurement ended with ${code}`)));
    });
  } finally {
    child.kill();
  }
}
