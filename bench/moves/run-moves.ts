import { parseArgs } from 'node:util';
import type { PublicLayout } from '#libs/catalogue/catalogue.js';
import type { EventId, SeatIndex } from '#libs/inventory/ids.js';
import { isCluster, withLink, type ClusterLink } from '#ops/holdfastctl/link.js';
import { createDemoEvent } from '#trials/demo/demo-event.js';
import { startOwn } from '#ops/system/own-system.js';
import { BenchEvents, seatIdOf } from '../bench-events.js';
import { openSessions } from '../buyers.js';
import { machineName } from '../machine.js';
import { makeHistory } from './history.js';
import { MoveLoad, type LoadTarget } from './load.js';
import { movesLines, passed, type MovesReport } from './report.js';
import { moveOnce, pause, strike, type Strike } from './trials.js';
import { verdictOn } from './verdict.js';

const helpText = `npm run bench:moves -- [options]

  --moves N    moves of the hot event under load (50)
  --kills N    kill -9 of its owner (20)
  --stops N    SIGSTOP of its owner (3)
  --cool N     cool events beside it (200)
  --buyers N   connections on the hot event (16)
  --history N  commands that the hot event has had before (200000: its window is full)
  --json       print JSON instead of the table

Starts a system with three shards on free ports and stops it afterwards. Exit code 1:
a buyer saw an error during a move, a move failed, or the oracle found something.`;

interface Options {
  readonly moves: number;
  readonly kills: number;
  readonly stops: number;
  readonly cool: number;
  readonly buyers: number;
  readonly history: number;
  readonly json: boolean;
}

/** npm run bench:moves. Returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const options = optionsOf(args);
  if (options === null) {
    console.log(helpText);
    return args.includes('--help') ? 0 : 2;
  }
  const found = await startOwn({ args: ['--shards', '3', '--gateways', '1'] });
  try {
    const report = await withLink(found.system, async (link) => {
      if (!isCluster(link)) throw new Error('the system has no bus');
      return measure(link, options);
    });
    console.log(options.json ? JSON.stringify(report, null, 2) : movesLines(report).join('\n'));
    return passed(report) ? 0 : 1;
  } finally {
    await found.release();
  }
}

const note = (line: string): void => console.error(line);
const users = 1_024;
const hotSeats = 20_000;
const historySeats = Array.from({ length: hotSeats }, (_, i) => (i * 2 + 1) as SeatIndex);
const coolSeats = 120;
const coolConnections = 4;
const coolPauseMs = 5;

async function measure(link: ClusterLink, options: Options): Promise<MovesReport> {
  note('preparing events ...');
  const hot = (await BenchEvents.prepare(link.pool).add()) as EventId;
  const targets = await coolTargets(link, options.cool);
  note(`making a history of ${options.history} commands ...`);
  await makeHistory(link, hot, historySeats, options.history);
  const gateway = new URL(link.system.gatewayUrls[0]);
  const load = new MoveLoad(gateway, await openSessions(gateway.href, users));
  const seatIds = Array.from({ length: hotSeats }, (_, i) => seatIdOf(i * 2));
  load.start([{ eventId: hot, seatIds }], options.buyers, 0, true);
  load.start(targets, coolConnections, coolPauseMs, false);
  try {
    await warmUp(load);
    const startedMs = performance.now();
    const holdsBefore = load.holds;
    const moves = [];
    for (let i = 0; i < options.moves; i += 1) moves.push(await moveOnce(link, load, hot));
    const seconds = (performance.now() - startedMs) / 1_000;
    const holdsPerSecond = (load.holds - holdsBefore) / seconds;
    note(`${options.moves} moves done`);
    const errorsInMoves = Object.fromEntries(load.errors);
    load.errors.clear();
    const kills = [];
    for (let i = 0; i < options.kills; i += 1) {
      kills.push(await strike(link, load, hot, 'SIGKILL'));
      note(`kill -9: ${said(kills[i])}`);
    }
    const stops = [];
    for (let i = 0; i < options.stops; i += 1) {
      stops.push(await strike(link, load, hot, 'SIGSTOP'));
      note(`SIGSTOP: ${said(stops[i])}`);
    }
    await load.stop();
    const errorsInStrikes = Object.fromEntries(load.errors);
    note('asking the oracle ...');
    const all = [hot, ...targets.map(({ eventId }) => eventId)];
    const oracle = await verdictOn(link, all);
    return {
      machine: machineName(),
      holdsPerSecond,
      moves,
      errorsInMoves,
      kills,
      stops,
      errorsInStrikes,
      oracle,
    };
  } finally {
    await load.stop();
  }
}

function said({ ms, recovery }: Strike): string {
  if (recovery === null) return `${ms.toFixed(0)} ms`;
  const { phasesMs, batches, facts } = recovery;
  const tail = `tail ${batches} batches ${facts} facts`;
  return `${ms.toFixed(0)} ms, phases ${phasesMs.join('+')}, ${tail}`;
}

async function warmUp(load: MoveLoad): Promise<void> {
  const giveUpAtMs = performance.now() + 60_000;
  while (load.holds < 2_000 && performance.now() < giveUpAtMs) await pause(100);
  if (load.errorCount > 0) {
    throw new Error(`errors before anything was done: ${JSON.stringify([...load.errors])}`);
  }
}

async function coolTargets(link: ClusterLink, count: number): Promise<LoadTarget[]> {
  const targets: LoadTarget[] = [];
  for (let i = 0; i < count; i += 1) {
    const eventId = await createDemoEvent(link.pool, coolSeats);
    const layout = await link.catalogue.layoutOf(eventId as EventId);
    if (layout === null) throw new Error(`${eventId} has no plan`);
    targets.push({ eventId, seatIds: endSeats(layout).slice(0, coolConnections) });
  }
  return targets;
}

/** The first seats of blocks of three: holding one of them strands no single seat. */
function endSeats({ seats, layout }: PublicLayout): string[] {
  const { neighbourNext } = layout;
  return seats.ids.filter((_, seat) => {
    const first = seat === 0 || neighbourNext[seat - 1] === 0;
    return first && neighbourNext[seat] + neighbourNext[seat + 1] === 2;
  });
}

function optionsOf(args: readonly string[]): Options | null {
  const text = (fallback: number) => ({ type: 'string', default: String(fallback) }) as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        moves: text(50),
        kills: text(20),
        stops: text(3),
        cool: text(200),
        buyers: text(16),
        history: text(200_000),
        json: { type: 'boolean', default: false },
      },
    });
    const { moves, kills, stops, cool, buyers, history } = values;
    const numbers = [moves, kills, stops, cool, buyers, history].map(Number);
    if (numbers.some((number) => !Number.isInteger(number) || number < 0)) return null;
    return {
      moves: numbers[0],
      kills: numbers[1],
      stops: numbers[2],
      cool: Math.max(1, numbers[3]),
      buyers: Math.max(1, numbers[4]),
      history: numbers[5],
      json: values.json,
    };
  } catch {
    return null;
  }
}
