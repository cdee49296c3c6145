import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { closeSide, openSide } from '../edges/sides.js';
import { Generator } from '../load/generator.js';
import { machineName } from '../machine.js';
import { coreOfGateway } from '../measured-system.js';
import { saleKinds } from './kinds.js';
import { holdsPerSecond, runSale, saleLines, saleText, type SaleRun } from './sale-run.js';

const kindNames = saleKinds.map(({ name }) => name);

const helpText = `npm run bench -- sales [options]

  --kinds A,B      ${kindNames.join(', ')} (all)
  --connections N  of the closed loop (256)
  --seconds N      of each window (2)
  --rounds N       of all kinds in turn (3)
  --out FILE       writes the figures as JSON

${saleKinds.map(({ name, what }) => `${name.padEnd(15)} ${what}`).join('\n')}

What a hold costs in each, beside the first. Exit code 1: a journal was not right.`;

/** npm run bench -- sales. Returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kinds: { type: 'string', default: kindNames.join(',') },
      connections: { type: 'string', default: '256' },
      seconds: { type: 'string', default: '2' },
      rounds: { type: 'string', default: '3' },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [connections, seconds, rounds] = [values.connections, values.seconds, values.rounds].map(
    Number,
  );
  const wanted = values.kinds.split(',');
  const isWrong = ![connections, seconds, rounds].every((value) => value > 0);
  if (values.help || isWrong || !wanted.every((name) => kindNames.includes(name))) {
    console.log(helpText);
    return values.help ? 0 : 2;
  }
  const kinds = saleKinds.filter(({ name }) => wanted.includes(name));
  const times = { connections, warmUpMs: 500, measureMs: seconds * 1_000 };
  const generator = new Generator();
  const side = await openSide('uws', coreOfGateway(), generator);
  const runs: SaleRun[] = [];
  try {
    for (const kind of kinds) await runSale(side, kind, times);
    for (let round = 0; round < rounds; round++) {
      for (const kind of kinds) {
        const run = await runSale(side, kind, times);
        console.error(`  ${kind.name.padEnd(15)} ${Math.round(holdsPerSecond(run))}/s`);
        runs.push(run);
      }
    }
  } finally {
    await generator.stop();
    await closeSide(side);
  }
  const lines = saleLines(
    runs,
    kinds.map(({ name }) => name),
  );
  console.log(`${machineName()}, Node ${process.versions.node}, ${connections} connections`);
  saleText(lines).forEach((line) => console.log(line));
  if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(lines, null, 2)}\n`);
  return lines.every(({ wrong }) => wrong.length === 0) ? 0 : 1;
}
