import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { limits } from '#libs/contracts/limits.js';
import { projectRoot } from '#ops/system/paths.js';

import { machineName } from '../machine.js';
import { closeBuyers, holdFor, openBuyers, type Buyers } from '../seats/buyers.js';
import { ask, listOnce, openGateway } from '../seats/side.js';
import { headStartMs, kinds, listedEvents, type Kind } from './kinds.js';
import type { NeighbourOrder, NeighbourReport } from './neighbour-process.js';
import {
  neighbourLines,
  overBound,
  unserved,
  type KindRounds,
  type NeighbourRound,
} from './report.js';

const helpText = `npm run bench:neighbour -- [--rounds N] [--only KIND]

  --rounds N   of a sale without and beside the address, in turn, for each kind: 1 to 5 (3)
  --only KIND  one of: ${kinds.join(', ')}

One address asks a gateway as often as it may, beside forty buyers of other addresses who hold
400 seats a second of an event of 50,000: what that moves of their p50 and p99, and how much
memory the gateway takes above what it takes without. Other buyers have asked for lists of seats
before: what the gateway keeps of an event for everybody is there. Nobody has for the events
of 1,000 seats whose lists 'many lists' asks for, a hundred others in each round. Owner and
catalogue are in memory: what is measured is the gateway. Exit code 1: over a bound, or an
address that got nothing of what it asked for.`;

const seats = 50_000;
const stretchMs = 1_500;
/** No sooner than a new state may be taken. */
const listEveryMs = limits.seatStateGapMs + 10;
/** For more there are not seats enough. */
const roundsMax = 5;

/** npm run bench:neighbour. Returns the exit code: 0 in bounds, 1 over one, 2 it could not run. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '3' },
      only: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds);
  const chosen = kinds.filter((kind) => values.only === undefined || values.only === kind);
  if (
    values.help ||
    !Number.isInteger(rounds) ||
    rounds < 1 ||
    rounds > roundsMax ||
    chosen.length === 0
  ) {
    console.log(helpText);
    return values.help ? 0 : 2;
  }
  const [gateway, url] = await openGateway(projectRoot, seats, roundsMax * listedEvents);
  const neighbour = fork(fileURLToPath(new URL('./neighbour-process.js', import.meta.url)));
  const buyers = await openBuyers(url);
  const all: KindRounds[] = [];
  try {
    await keepLists(gateway, url);
    await holdFor(buyers, stretchMs);
    for (const kind of chosen) {
      const side = { gateway, neighbour, buyers, url };
      const of: NeighbourRound[] = [];
      for (let round = 0; round < rounds; round++) of.push(await stretches(side, kind, round));
      all.push({ kind, rounds: of });
    }
  } finally {
    closeBuyers(buyers);
    gateway.disconnect();
    neighbour.disconnect();
  }
  console.log(`${machineName()}, Node ${process.versions.node}, ${rounds} rounds`);
  neighbourLines(all).forEach((line) => console.log(line));
  const over = overBound(all);
  if (over.length > 0) console.log(`more than one address may cost: ${over.join(', ')}`);
  const idle = unserved(all);
  if (idle.length > 0) console.log(`got nothing of what it asked for: ${idle.join(', ')}`);
  return over.length > 0 || idle.length > 0 ? 1 : 0;
}

/**
 * Lists of three times as many states as the gateway keeps bodies of, each asked for by somebody
 * else: those that it does not keep any more stay resident until V8 collects them, whoever asked.
 */
async function keepLists(gateway: ChildProcess, url: string): Promise<void> {
  const listUrl = new URL('/v1/events/evt_show1/seats', url).href;
  let kept = 0;
  for (let other = 1; kept < 3 * limits.bodyCacheBytesMax; other++) {
    await ask(gateway, { change: seats - other });
    const { bytes } = await listOnce(listUrl, 'identity', `127.0.3.${other}`);
    kept += bytes;
    await pause(listEveryMs);
  }
}

interface Sides {
  readonly gateway: ChildProcess;
  readonly neighbour: ChildProcess;
  readonly buyers: Buyers;
  readonly url: string;
}

async function stretches(sides: Sides, kind: Kind, round: number): Promise<NeighbourRound> {
  const { gateway, neighbour, buyers, url } = sides;
  await ask(gateway, { change: null });
  const without = await holdFor(buyers, stretchMs);
  const alone = await ask(gateway, { change: null });
  const headMs = headStartMs(kind);
  const order: NeighbourOrder = { url, kind, ms: headMs + stretchMs, round };
  const said = once(neighbour, 'message');
  neighbour.send(order);
  await pause(headMs);
  const beside = await holdFor(buyers, stretchMs);
  const [report] = (await said) as [NeighbourReport];
  const together = await ask(gateway, { change: null });
  return { without, beside, peakBytes: [alone.peakBytes, together.peakBytes], ...report };
}
