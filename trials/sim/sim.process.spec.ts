import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { projectRoot } from '#ops/system/paths.js';
import { setup } from '../../ops/setup.mjs';

const run = promisify(execFile);

beforeAll(() => setup(), 240_000);

/** In a process of its own: another process id, other addresses, other timings. */
async function hashesOf(seeds: readonly number[]): Promise<string> {
  const module = `
    import { simulate } from './dist/trials/sim/simulate.js';
    for (const seed of ${JSON.stringify(seeds)}) {
      const { traceHash } = await simulate(seed);
      process.stdout.write(traceHash + '\\n');
    }`;
  const args = ['--input-type=module', '-e', module];
  const env = { ...process.env, NODE_OPTIONS: '' };
  const options = { cwd: projectRoot, env, timeout: 60_000, killSignal: 'SIGKILL' } as const;
  return (await run(process.execPath, args, options)).stdout;
}

describe('a seed', () => {
  it('is the same run in every process, in whatever order seeds are run', async () => {
    const [first, second] = [await hashesOf([2, 5, 9]), await hashesOf([9, 5, 2])];
    const lines = first.trim().split('\n');
    expect(new Set(lines).size).toBe(3);
    expect(second.trim().split('\n')).toEqual(lines.reverse());
  }, 120_000);
});
