import { parseArgs } from 'node:util';
import type pg from 'pg';
import { limits } from '#libs/contracts/limits.js';
import { openPool } from '#libs/database/pool.js';
import { startOwn } from '#ops/system/own-system.js';
import { BenchEvents } from '#bench/bench-events.js';
import { printMessage, printText } from '#ops/system/terminal.js';
import { checkLines, type Check } from './checks.js';
import { MemoryWatch } from './memory.js';
import { openSite, type Site } from './site.js';
import { reconnectStorm } from './reconnect-storm.js';
import { slowLoris } from './slow-loris.js';
import { slowWatchers } from './slow-watchers.js';
import { tenTimes } from './ten-times.js';

const faults: Readonly<Record<string, (site: Site, pool: pg.Pool) => Promise<Check[]>>> = {
  overload: tenTimes,
  watchers: slowWatchers,
  reconnects: reconnectStorm,
  loris: slowLoris,
};

const helpText = `npm run loadfaults -- [options]

  --fault F    only this one; may be repeated: ${Object.keys(faults).join(', ')}
  --scale X    size of each fault, 0.02 to 1 (1)
  --json       print JSON instead of the table

Starts a system with one shard and one gateway on free ports and stops it afterwards.
Exit code 1: a check is broken.`;

/** npm run loadfaults. Returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const options = optionsOf(args);
  if (options === null) {
    printText(helpText);
    return args.includes('--help') ? 0 : 2;
  }
  const checks = await runFaults(options.names, options.scale);
  printText(options.json ? JSON.stringify(checks, null, 2) : checkLines(checks).join('\n'));
  return checks.every(({ holds }) => holds) ? 0 : 1;
}

/** MiB that no process may reach. */
const residentMibMax = 2_048;

export async function runFaults(names: readonly string[], scale: number): Promise<Check[]> {
  const found = await startOwn({ args: ['--shards', '1', '--gateways', '1'] });
  const pool = openPool(found.system.databaseUrl, {
    applicationName: 'hf-loadfaults',
    max: 2,
    answerWithinMs: limits.operatorAnswerMs,
  });
  const memory = new MemoryWatch(found.system.children);
  // Our own system must not outlive us.
  const leave = () => void found.release().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, leave);
  try {
    const site = await openSite(found, BenchEvents.prepare(pool), scale);
    const checks: Check[] = [];
    for (const name of names) {
      printMessage(`${name} ...`);
      checks.push(...(await faults[name](site, pool)));
    }
    memory.stop();
    return [...checks, ...memoryChecks(memory)];
  } finally {
    process.off('SIGINT', leave).off('SIGTERM', leave);
    memory.stop();
    await pool.end();
    await found.release();
  }
}

function memoryChecks(memory: MemoryWatch): Check[] {
  return [...memory.peakMib].map(([name, peak]) => ({
    fault: 'memory',
    name: `largest size of ${name}`,
    seen: `${peak.toFixed(0)} MiB`,
    wanted: `<= ${residentMibMax} MiB`,
    holds: peak <= residentMibMax,
    exact: true,
  }));
}

function optionsOf(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        fault: { type: 'string', multiple: true },
        scale: { type: 'string', default: '1' },
        json: { type: 'boolean', default: false },
      },
    });
    const names = values.fault ?? Object.keys(faults);
    const scale = Number(values.scale);
    const sound = names.every((name) => Object.hasOwn(faults, name)) && scale >= 0.02 && scale <= 1;
    return sound ? { names, scale, json: values.json } : null;
  } catch {
    return null;
  }
}
