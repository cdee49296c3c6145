import { parseArgs } from 'node:util';
import { Generator } from '../load/generator.js';
import { coreOfGateway } from '../measured-system.js';
import { machineName } from '../machine.js';
import { fanOut, holds, notModified, type FanOut, type Rate, type Times } from './measure.js';
import { edgeLines, problems, type AllRounds } from './report.js';
import { closeSide, openSide, type EdgeName, type Side } from './sides.js';

const helpText = `npm run bench:edges -- [options]

  --rounds N     of each measurement, both edges in turn (5)
  --sockets N    live maps (5000)
  --changes N    holds a second while they watch (100)
  --quick        short rounds

Starts a system with each edge on free ports, measures the two in turn, and stops
them. Exit code 1: the edge over node:http is below its floors, or an answer was
wrong.`;

const edges: readonly EdgeName[] = ['uws', 'node'];
const long: Times = { warmUpMs: 800, measureMs: 4_000 };
const short: Times = { warmUpMs: 400, measureMs: 2_000 };
const fanOutRounds = 2;
const fanOutSeconds = 10;

interface EdgeOptions {
  readonly rounds: number;
  readonly sockets: number;
  readonly perSecond: number;
  readonly times: Times;
}

/** npm run bench:edges. Returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const options = optionsOf(args);
  if (options === null) {
    console.log(helpText);
    return args.includes('--help') ? 0 : 2;
  }
  const generator = new Generator();
  const core = coreOfGateway();
  const sides: Side[] = [];
  try {
    for (const edge of edges) sides.push(await openSide(edge, core, generator));
    const rounds = await measure(sides, options);
    console.log(`${machineName()}, Node ${process.versions.node}, ${options.rounds} rounds`);
    edgeLines(rounds).forEach((line) => console.log(line));
    const wrong = problems(rounds);
    wrong.forEach((line) => console.log(`problem: ${line}`));
    return wrong.length === 0 ? 0 : 1;
  } finally {
    await generator.stop();
    await Promise.all(sides.map(closeSide));
  }
}

type Rounds = Record<EdgeName, Record<'holds256' | 'holds64' | 'notModified', Rate[]>>;
type FanOuts = Record<EdgeName, FanOut[]>;

async function measure(sides: readonly Side[], options: EdgeOptions): Promise<AllRounds> {
  const { rounds, times, sockets, perSecond } = options;
  const rates: Rounds = { uws: none(), node: none() };
  const fans: FanOuts = { uws: [], node: [] };
  for (const side of sides) await holds(side, 256, times);
  for (let round = 0; round < rounds; round++) {
    // Who goes first changes: a machine that grows slower must not blame one of them.
    for (const side of round % 2 === 0 ? sides : [...sides].reverse()) {
      const into = rates[side.edge];
      into.holds256.push(shown(side, '256', await holds(side, 256, times)));
      into.holds64.push(shown(side, '64', await holds(side, 64, times)));
      into.notModified.push(shown(side, '304', await notModified(side, times)));
    }
  }
  for (let round = 0; round < Math.min(rounds, fanOutRounds); round++) {
    for (const side of sides) {
      const fan = await fanOut(side, { sockets, perSecond, seconds: fanOutSeconds });
      console.error(`  ${side.edge.padEnd(4)} fan-out ${JSON.stringify(fan)}`);
      fans[side.edge].push(fan);
    }
  }
  return {
    uws: { ...rates.uws, fanOut: fans.uws },
    node: { ...rates.node, fanOut: fans.node },
  };
}

const none = (): Rounds['uws'] => ({ holds256: [], holds64: [], notModified: [] });

function shown({ edge }: Side, what: string, rate: Rate): Rate {
  const { perSecond, gatewayUs, wrong } = rate;
  const cost = gatewayUs === null ? '' : `  ${gatewayUs.toFixed(1)} us`;
  console.error(
    `  ${edge.padEnd(4)} ${what.padEnd(4)} ${Math.round(perSecond)}/s${cost}  ${wrong}`,
  );
  return rate;
}

function optionsOf(args: readonly string[]): EdgeOptions | null {
  const text = (fallback: number) => ({ type: 'string', default: String(fallback) }) as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        rounds: text(5),
        sockets: text(5_000),
        changes: text(100),
        quick: { type: 'boolean', default: false },
      },
    });
    const [rounds, sockets, perSecond] = [values.rounds, values.sockets, values.changes].map(
      Number,
    );
    const whole = [rounds, sockets, perSecond].every((one) => Number.isInteger(one) && one > 0);
    return whole ? { rounds, sockets, perSecond, times: values.quick ? short : long } : null;
  } catch {
    return null;
  }
}
