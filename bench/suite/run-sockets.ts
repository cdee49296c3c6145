import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fanOut, type FanOut } from '../edges/measure.js';
import { closeSide, openSide } from '../edges/sides.js';
import { Generator } from '../load/generator.js';
import { machineName } from '../machine.js';
import { coreOfGateway } from '../measured-system.js';
import { spread } from '../summary.js';
import { isMet, type Figure, type Target } from './suite-report.js';

const helpText = `npm run bench -- sockets [options]

  --sockets N   live maps of one event, on one gateway (10000)
  --changes N   holds a second while they watch (200)
  --seconds N   of that, in each round (10)
  --rounds N    each on an event of its own (3)
  --clients N   processes that the sockets are divided among (2)
  --out FILE    writes the figures as JSON

What a live map costs the gateway's memory, idle and in a sale, and when each
change has reached each socket.`;

const defaults = { sockets: '10000', changes: '200', seconds: '10', rounds: '3', clients: '2' };

/** npm run bench -- sockets. Returns the exit code: 1 when frames were missing. */
export async function main(args: readonly string[]): Promise<number> {
  const option = (value: string) => ({ type: 'string', default: value }) as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      sockets: option(defaults.sockets),
      changes: option(defaults.changes),
      seconds: option(defaults.seconds),
      rounds: option(defaults.rounds),
      clients: option(defaults.clients),
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { sockets, changes, seconds, rounds, clients } = values;
  const numbers = [sockets, changes, seconds, rounds, clients].map(Number);
  if (values.help || !numbers.every((n) => Number.isInteger(n) && n > 0)) {
    console.log(helpText);
    return values.help ? 0 : 2;
  }
  const [socketCount, perSecond, secondCount, roundCount, clientCount] = numbers;
  const plan = { sockets: socketCount, perSecond, seconds: secondCount, clients: clientCount };
  const results = await measure(roundCount, plan);
  const figures = figuresOf(results);
  console.log(`${machineName()}, ${socketCount} sockets, ${perSecond} changes a second`);
  figures.forEach((figure) => console.log(lineOf(figure)));
  if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(figures, null, 2)}\n`);
  const missing = results.reduce((sum, { gaps, closed }) => sum + gaps + closed, 0);
  if (missing > 0) console.log(`${missing} gaps and closed sockets`);
  return missing === 0 ? 0 : 1;
}

async function measure(rounds: number, plan: Parameters<typeof fanOut>[1]): Promise<FanOut[]> {
  const generator = new Generator();
  const side = await openSide('uws', coreOfGateway(), generator);
  try {
    const results: FanOut[] = [];
    for (let round = 0; round < rounds; round++) results.push(await fanOut(side, plan));
    return results;
  } finally {
    await generator.stop();
    await closeSide(side);
  }
}

function figuresOf(results: readonly FanOut[]): Figure[] {
  const perSocket = (of: (result: FanOut) => number) =>
    spread(results.map((result) => (of(result) * 1024) / result.sockets));
  const figure = (name: string, unit: string, value: Figure['value'], target: Target): Figure => {
    return { name, unit, value, target };
  };
  return [
    figure(
      'gateway memory of an idle live map',
      'KB',
      perSocket(({ rssMiB: [without, idle] }) => idle - without),
      { atMost: 8 },
    ),
    figure(
      'gateway memory of a live map in a sale',
      'KB',
      perSocket(({ rssMiB: [without, , sale] }) => sale - without),
      { atMost: 16 },
    ),
    figure('a change on every socket, p99', 'ms', spread(results.map(({ lagMs }) => lagMs.p99)), {
      atMost: 150,
    }),
  ];
}

function lineOf({ name, unit, value, target }: Figure): string {
  const [middle, low, high] = [value.median, value.min, value.max].map((n) => n.toFixed(1));
  const verdict = target !== null && isMet(value, target) ? 'met' : 'missed';
  const band = `${middle} [${low}-${high}] ${unit}`;
  return `${name.padEnd(42)} ${band}, at most ${target?.atMost}: ${verdict}`;
}
