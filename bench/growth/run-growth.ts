import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { machineName } from '../machine.js';
import { curves, growthLines, growthText, type GrowthRun } from './curves.js';
import { startGrowth, type GrowthSystem } from './steps.js';

const names = 'connections, events, holds, processes';

const helpText = `npm run bench -- growth [options]

  --curves A,B   ${names} (all)
  --seconds N    of each window (2)
  --rounds N     of all points in turn (3)
  --out FILE     writes the figures as JSON

How the cost of a hold grows with buyers, hot events, holds of the event, and
processes, all else as it is. Exit code 1: a journal was not right.`;

/** npm run bench -- growth. Returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      curves: { type: 'string', default: names.replaceAll(' ', '') },
      seconds: { type: 'string', default: '2' },
      rounds: { type: 'string', default: '3' },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  let system: GrowthSystem | null = null;
  const all = curves(async () => (system ??= await startGrowth(1, 1)));
  const wanted = values.curves.split(',');
  const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)];
  const known = wanted.every((name) => all.some((curve) => curve.name === name));
  if (values.help || !known || !(seconds > 0) || !(rounds > 0)) {
    console.log(helpText);
    return values.help ? 0 : 2;
  }
  const runs: GrowthRun[] = [];
  // Those that share a system first: it is gone before systems of other sizes are started.
  for (const curve of all.filter(({ name }) => wanted.includes(name))) {
    if (curve.name === 'processes') system = await stopped(system);
    try {
      for (let round = 0; round < rounds; round++) {
        await curve.run(seconds * 1_000, (point, run) => {
          console.error(`  ${curve.name} ${point}: ${Math.round(run.perSecond)}/s`);
          runs.push({ ...run, curve: curve.name, point });
        });
      }
    } catch (error) {
      await stopped(system);
      throw error;
    }
  }
  await stopped(system);
  const lines = growthLines(runs);
  console.log(`${machineName()}, Node ${process.versions.node}`);
  growthText(lines, all).forEach((line) => console.log(line));
  if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(lines, null, 2)}\n`);
  return lines.every(({ wrong }) => wrong.length === 0) ? 0 : 1;
}

async function stopped(system: GrowthSystem | null): Promise<null> {
  await system?.stop();
  return null;
}
