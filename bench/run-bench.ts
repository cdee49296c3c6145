import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { limits } from '#libs/contracts/limits.js';
import { openPool } from '#libs/database/pool.js';
import { findSystem, SystemNotFound } from '#ops/system/find-system.js';
import type { FoundSystem } from '#ops/system/own-system.js';
import type { OneCore } from './bare.js';
import { BenchEvents } from './bench-events.js';
import { openSessions } from './buyers.js';
import { Generator } from './load/generator.js';
import { describeMachine } from './machine.js';
import { coreOfGateway, oneGateway, processesOf } from './measured-system.js';
import { measureCore } from './core.js';
import { helpText, parseOptions, type BenchOptions } from './options.js';
import { reportLines, type BenchReport, type LatencyLine } from './report.js';
import { interleavedRounds, latencyRounds, type Bench, type Run } from './rounds.js';
import { checkSafety } from './safety.js';
import { quick, thorough } from './schedule.js';
import { lineOf, linesOf, perSecond } from './summary.js';

/** npm run bench. Returns the exit code: 0 done, 1 a safety check failed, 2 it could not run. */
export async function main(args: readonly string[]): Promise<number> {
  const parsed = parseOptions(args);
  if (parsed.kind === 'help') {
    console.log(helpText);
    return 0;
  }
  if (parsed.kind === 'wrong') {
    console.error(`npm run bench: ${parsed.message} (npm run bench -- --help tells more)`);
    return 2;
  }
  try {
    const report = await runBench(parsed.options, args);
    const json = `${JSON.stringify(report, null, 2)}\n`;
    if (parsed.options.out !== null) writeFileSync(parsed.options.out, json);
    if (parsed.options.json) process.stdout.write(json);
    else reportLines(report).forEach((line) => console.log(line));
    return report.safety.violations.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof SystemNotFound)) throw error;
    console.error(`npm run bench: ${error.message}`);
    return 2;
  }
}

/** One user may send a bounded number of requests per second; so there are many. */
const users = 4_096;

/** What is going on goes to standard error: standard output is the result. */
const note = (line: string) => console.error(line);

async function runBench(options: BenchOptions, args: readonly string[]): Promise<BenchReport> {
  note('measuring the core alone ...');
  const decisions = await measureCore();
  note(options.url === null ? 'starting a system to measure ...' : `measuring ${options.url} ...`);
  const core = options.url === null ? coreOfGateway() : null;
  const found = await systemOf(options, core);
  const { system } = found;
  const pool = openPool(system.databaseUrl, {
    applicationName: 'hf-bench',
    max: 2,
    answerWithinMs: limits.operatorAnswerMs,
  });
  const generator = new Generator();
  const leave = () => {
    void Promise.allSettled([generator.stop(), found.release()]).then(() => process.exit(130));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, leave);
  try {
    const gatewayUrl = new URL(options.url ?? system.gatewayUrls[0]);
    const bench: Bench = {
      gatewayUrl,
      events: BenchEvents.prepare(pool),
      users: await openSessions(gatewayUrl.href, users),
      generator,
      processes: processesOf(found),
      core,
      onRun: (run) => note(runLine(run)),
    };
    const schedule = options.quick ? quick : thorough;
    const runs = await interleavedRounds(bench, schedule);
    const lines = linesOf(runs);
    const peak = Math.max(...runs.filter((run) => run.server === 'holdfast').map(perSecond));
    const latencyRuns = await latencyRounds(bench, schedule, peak);
    note('checking the journals ...');
    return {
      command: ['npm run bench --', ...args].join(' '),
      at: new Date().toISOString(),
      machine: await describeMachine(pool, system.data ?? os.tmpdir()),
      lines,
      latency: latencyRuns.map(latencyLine),
      core: decisions,
      pinned: core !== null,
      generatorGivesWay: generator.givesWay,
      safety: await checkSafety(pool, [...runs, ...latencyRuns]),
    };
  } finally {
    process.off('SIGINT', leave).off('SIGTERM', leave);
    await generator.stop();
    await pool.end();
    await found.release();
  }
}

async function systemOf(options: BenchOptions, core: OneCore | null): Promise<FoundSystem> {
  if (options.url === null) return oneGateway(core, options.edge);
  const system = findSystem({ data: options.data });
  return { system, own: false, release: () => Promise.resolve() };
}

function latencyLine(run: Run): LatencyLine {
  const name = run.arrivals.kind === 'open' ? 'half of the peak' : '1 connection';
  return { ...lineOf([run], null), name, dropped: run.result.dropped };
}

function runLine(run: Run): string {
  const { refused, errors, timeouts } = run.result.window;
  const rate = Math.round(perSecond(run)).toLocaleString('en-US').padStart(8);
  const name = run.server.padEnd(9);
  const bad = refused + errors + timeouts;
  const statuses = bad === 0 ? '' : `  ${JSON.stringify(run.result.statuses)}`;
  const ended = run.server === 'holdfast' && run.result.exhausted ? '  (ran out of seats)' : '';
  const connections = String(run.connections).padStart(3);
  return `  ${name} ${connections} connections ${rate}/s${statuses}${ended}`;
}
