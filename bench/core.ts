import { measureDecisions, type CoreMeasurement } from '#libs/inventory/inventory.bench.js';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { runtimeFlags } from '#ops/system/runtime-flags.js';

const seats = 50_000;
const rounds = 9;
const thisFile = fileURLToPath(import.meta.url);

/** The core alone, in a process with the flags that a shard has. */
export async function measureCore(): Promise<CoreMeasurement> {
  const { stdout } = await promisify(execFile)(process.execPath, [...runtimeFlags, thisFile], {
    timeout: 60_000,
  });
  return JSON.parse(stdout) as CoreMeasurement;
}

if (process.argv[1] === thisFile) {
  process.stdout.write(JSON.stringify(measureDecisions(seats, rounds)));
}
