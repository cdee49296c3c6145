import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { limits } from '#libs/contracts/limits.js';
import { openPool } from '#libs/database/pool.js';
import { startTestPostgres } from '#libs/testing/postgres.js';
import { postgresSettings } from '#ops/start/postgres.js';
import { BenchEvents } from '../bench-events.js';
import { openSessions } from '../buyers.js';
import { Generator } from '../load/generator.js';
import type { Arrivals } from '../load/plan.js';
import { describeMachine } from '../machine.js';
import { coreOfGateway, oneGateway } from '../measured-system.js';
import { activate, sampleAnswer } from '../rounds.js';
import { notMeasured, type SuiteReport, type SweepLine } from '../suite/suite-report.js';
import { readRounds } from '../reads/reads.js';
import { suitePage } from '../suite/html-page.js';
import { targetFigures } from '../suite/targets.js';
import { suiteLines } from '../suite/suite-text.js';
import { peers, type PeerEntry } from './peers.js';
import type { Competitor, NotRun, Place } from './competitor.js';
import { contest, runOnce, type ContestRun, type Round } from './contest.js';
import { contestLines } from './contest-lines.js';
import { parsePeerOptions, peerHelpText, type PeerOptions } from './options.js';
import { singleName, startSingle } from './holdfast-single.js';
import { redisVersion } from './redis-server.js';
import { bareAsCompetitor, holdfastAsCompetitor, startPeer } from './start-peer.js';
import { sweep } from './sweep.js';
import { workloads, type Workload } from './workloads.js';

/** npm run bench -- peers. Returns the exit code: 0 done, 1 not safe, 2 it could not run. */
export async function main(args: readonly string[]): Promise<number> {
  const parsed = parsePeerOptions(args);
  if (parsed.kind === 'help') {
    console.log(peerHelpText);
    return 0;
  }
  if (parsed.kind === 'wrong') {
    console.error(`npm run bench -- peers: ${parsed.message} (--help tells more)`);
    return 2;
  }
  const { options } = parsed;
  const { report, unsafe } = await runPeers(options, args);
  if (options.out !== null) writeFileSync(options.out, `${JSON.stringify(report, null, 2)}\n`);
  if (options.html !== null) writeFileSync(options.html, suitePage(report));
  suiteLines(report).forEach((line) => console.log(line));
  return unsafe ? 1 : 0;
}

/** One user may send a bounded number of requests per second; so there are many. */
const users = 4_096;
const note = (line: string) => console.error(line);

async function runPeers(
  options: PeerOptions,
  args: readonly string[],
): Promise<{ report: SuiteReport; unsafe: boolean }> {
  note('starting Holdfast ...');
  const core = coreOfGateway();
  const holdfast = await oneGateway(core, null);
  const { databaseUrl, gatewayUrls } = holdfast.system;
  const postgres = await startTestPostgres({
    durable: true,
    ownGroup: true,
    settings: postgresSettings,
  });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'holdfast-peers-'));
  const pool = openPool(databaseUrl, {
    applicationName: 'hf-bench',
    max: 2,
    answerWithinMs: limits.operatorAnswerMs,
  });
  const generator = new Generator();
  const started: Competitor[] = [];
  const release = async () => {
    await generator.stop();
    await Promise.all(started.map((competitor) => competitor.stop()));
    await pool.end();
    await Promise.all([postgres.stop(), holdfast.release()]);
    rmSync(folder, { recursive: true, force: true });
  };
  const leave = () => void release().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, leave);
  try {
    const gatewayUrl = new URL(gatewayUrls[0]);
    const events = BenchEvents.prepare(pool);
    const sessions = await openSessions(gatewayUrl.href, users);
    const answer = await sampleAnswer({ gatewayUrl, events, users: sessions });
    const place: Place = { holdfast, events, postgres, folder, core, answer };
    const runOne = async (competitor: Competitor, round: Round) => {
      const run = await runOnce(generator, sessions, competitor, round);
      note(runLine(run));
      return run;
    };
    const { notRun, sweeps } = await startAll(options, place, pool, started, runOne);
    await warmUp(started, runOne);
    const runs = await allRounds(options, started, runOne);
    if (options.workloads.includes('reads')) {
      const times = { rounds: options.rounds, warmUpMs: 500, measureMs: options.seconds * 1_000 };
      const keep = (run: ContestRun) => note(runLine(run));
      runs.push(...(await readRounds(generator, place, await shownEvent(gatewayUrl), times, keep)));
    }
    const contests = contestLines(runs, started);
    const report: SuiteReport = {
      command: ['npm run bench -- peers', ...args].join(' '),
      at: new Date().toISOString(),
      machine: await describeMachine(pool, folder),
      versions: { Redis: (await redisVersion()) ?? 'not installed' },
      method: methodOf(options, core !== null, generator.givesWay),
      ...{ contests, sweeps, notRun, notMeasured },
      figures: targetFigures(runs),
    };
    const honest = new Set(started.filter((one) => one.claimsSafety).map(({ name }) => name));
    const unsafe = contests.some(
      ({ competitor, wrong }) => honest.has(competitor) && wrong.length > 0,
    );
    return { report, unsafe };
  } finally {
    process.off('SIGINT', leave).off('SIGTERM', leave);
    await release();
  }
}

type RunOne = (competitor: Competitor, round: Round) => Promise<ContestRun>;

/** Holdfast, the bare server and the peers that can run, each with its best setting. */
async function startAll(
  options: PeerOptions,
  place: Place,
  pool: Parameters<typeof holdfastAsCompetitor>[1],
  started: Competitor[],
  runOne: RunOne,
): Promise<{ notRun: NotRun[]; sweeps: SweepLine[] }> {
  const notRun: NotRun[] = [];
  const sweeps: SweepLine[] = [];
  const chosen = peers.filter(({ name }) => options.only.includes(name));
  started.push(holdfastAsCompetitor(place, pool));
  if (options.only.includes(singleName)) started.push(await startSingle(users));
  for (const entry of chosen) {
    const setting = options.sweep ? await sweepOf(entry, place, runOne, sweeps) : undefined;
    const peer = await startPeer(entry, place, setting);
    if ('reason' in peer) notRun.push(peer);
    else started.push(peer);
  }
  started.push(await bareAsCompetitor(place));
  return { notRun, sweeps };
}

async function sweepOf(entry: PeerEntry, place: Place, runOne: RunOne, sweeps: SweepLine[]) {
  const { best, lines } = await sweep(entry, (setting) => startPeer(entry, place, setting), runOne);
  sweeps.push(...lines);
  return best;
}

/** Compilers and heaps of all reach their working state; nothing of it is counted. */
async function warmUp(competitors: readonly Competitor[], runOne: RunOne): Promise<void> {
  note('warming up ...');
  const [workload] = workloads;
  const times = { workload, connections: 256, warmUpMs: 0, measureMs: 1_500 };
  for (const competitor of competitors) {
    await runOne(competitor, { ...times, arrivals: { kind: 'closed' } });
  }
}

async function allRounds(
  options: PeerOptions,
  competitors: readonly Competitor[],
  runOne: RunOne,
): Promise<ContestRun[]> {
  const times = { rounds: options.rounds, warmUpMs: 500, measureMs: options.seconds * 1_000 };
  const runs: ContestRun[] = [];
  for (const workload of workloads.filter(({ name }) => options.workloads.includes(name))) {
    note(`${workload.title}: ${workload.what}`);
    const closed = await contest(competitors, workload, options.connections, times, runOne);
    runs.push(...closed);
    if (options.open)
      runs.push(...(await openRounds(competitors, workload, closed, times, runOne)));
  }
  return runs;
}

/** The same rate for all: half of what Holdfast took in the closed loop. */
async function openRounds(
  competitors: readonly Competitor[],
  workload: Workload,
  closed: readonly ContestRun[],
  times: { readonly warmUpMs: number; readonly measureMs: number },
  runOne: RunOne,
): Promise<ContestRun[]> {
  const ours = closed.filter(({ competitor }) => competitor === 'holdfast');
  const answered = ours.map(({ result }) => {
    const { accepted, refused } = result.window;
    return ((accepted + refused) / result.measuredMs) * 1_000;
  });
  const arrivals: Arrivals = { kind: 'open', perSecond: Math.round(Math.max(...answered) / 2) };
  const runs: ContestRun[] = [];
  for (const competitor of competitors) {
    runs.push(await runOne(competitor, { ...times, workload, connections: 256, arrivals }));
  }
  return runs;
}

/** One of the demo's events, whose seats are known by the time it is measured. */
async function shownEvent(gatewayUrl: URL): Promise<string> {
  const found = await fetch(new URL('/v1/events?keyword=nutcracker', gatewayUrl));
  const [{ event_id: eventId }] = (await found.json()) as { event_id: string }[];
  await activate({ gatewayUrl }, eventId);
  return eventId;
}

function methodOf(options: PeerOptions, pinned: boolean, givesWay: boolean): string[] {
  const { rounds, seconds } = options;
  return [
    `${rounds} interleaved rounds of ${seconds} s each, after 0.5 s that do not count.`,
    'The load generator runs on the same cores' +
      (givesWay ? ', in the idle class (chrt --idle).' : '.'),
    ...(pinned
      ? ['Gateway, fronts and bare server have one core each in their turn (npm start -- --pin).']
      : []),
    "Peers have a Postgres of their own, of the version and with the settings of Holdfast's.",
  ];
}

function runLine({ competitor, workload, connections, result, wrong }: ContestRun): string {
  const rate = Math.round((result.window.accepted / result.measuredMs) * 1_000);
  const { refused, errors, timeouts } = result.window;
  const bad = `refused ${refused} errors ${errors} time-outs ${timeouts}`;
  const load = `${workload} ${String(connections).padStart(3)}`;
  const rest = wrong.length === 0 ? '' : `  WRONG: ${wrong[0]}`;
  return `  ${competitor.padEnd(28)} ${load} ${String(rate).padStart(7)}/s  ${bad}${rest}`;
}
