import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { limits } from '#libs/contracts/limits.js';
import { openPool } from '#libs/database/pool.js';
import { SystemNotFound, type System } from '#ops/system/find-system.js';
import { verifyEvent } from '#ops/verify/verify.js';
import { Api } from './api.js';
import { Crowd, loadHall } from './crowd.js';
import { createDemoEvent } from './demo-event.js';
import { watcherLag } from './lag.js';
import { helpText, parseOptions, type DemoOptions } from './options.js';
import { findOrStart, type FoundSystem } from '#ops/system/own-system.js';
import { printMessage, printText } from '#ops/system/terminal.js';
import { ProgressLine } from './progress-line.js';
import { reportLines, reportOf, type DemoReport } from './report.js';

/** npm run demo. Returns the exit code: 0 clean, 1 something was wrong, 2 it could not run. */
export async function main(args: readonly string[]): Promise<number> {
  const parsed = parseOptions(args);
  if (parsed.kind === 'help') {
    printText(helpText);
    return 0;
  }
  if (parsed.kind === 'wrong') {
    printMessage(`npm run demo: ${parsed.message} (npm run demo -- --help tells more)`);
    return 2;
  }
  try {
    return await withSystem(parsed.options, new Output(parsed.options.json));
  } catch (error) {
    if (!(error instanceof SystemNotFound)) throw error;
    printMessage(`npm run demo: ${error.message}`);
    return 2;
  }
}

/** Lines for people; with --json the result alone goes to standard output. */
class Output {
  readonly #screen: NodeJS.WriteStream;
  readonly #print: (line: string) => void;
  #progress: ProgressLine | null = null;

  constructor(json: boolean) {
    this.#screen = json ? process.stderr : process.stdout;
    this.#print = json ? printMessage : printText;
  }

  say(line: string): void {
    if (this.#progress !== null) this.#progress.say(line);
    else this.#print(line);
  }

  startProgress(text: () => string): void {
    this.#progress = new ProgressLine(this.#screen, text);
  }

  stopProgress(): void {
    this.#progress?.stop();
    this.#progress = null;
  }
}

/** All buyers of a demo have one address. */
const limitsLine = '429: they share one address; npm start -- --unlimited lets them all in';

async function withSystem(options: DemoOptions, output: Output): Promise<number> {
  const onLine = (line: string) => output.say(`  ${line}`);
  const found = await findOrStart(options.data, { onLine });
  const { system } = found;
  const pool = openPool(system.databaseUrl, {
    applicationName: 'hf-demo',
    max: 2,
    answerWithinMs: limits.operatorAnswerMs,
  });
  const onSignal = () => void leave(found, pool);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  try {
    if (system.gatewayUrls.length === 0) {
      throw new SystemNotFound('no gateway is known: set HOLDFAST_GATEWAY_URL');
    }
    output.say(`${found.own ? 'own system' : 'system'} at ${system.gatewayUrls.join(', ')}`);
    const report = await runDemo(options, system, pool, output);
    if (options.json) printText(JSON.stringify(report, null, 2));
    else ['', ...reportLines(report)].forEach((line) => output.say(line));
    if (report.repeated.slowedDown > 0) output.say(limitsLine);
    if (options.watch) await showAgain(found, report.event_id, output);
    return report.verdict.clean && report.errors === 0 ? 0 : 1;
  } finally {
    output.stopProgress();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await pool.end();
    await found.release();
  }
}

/** Until then whoever wants to opens the address: buyers do not wait for watchers. */
const openMs = 10_000;
/** Node ends when nothing is to come any more. */
const forEverMs = 2 ** 31 - 1;

/** A system of our own stays up; `onSignal` ends it, and the process. */
async function showAgain(found: FoundSystem, eventId: string, output: Output): Promise<void> {
  const { gatewayUrls, data } = found.system;
  const folder = data === null ? '' : `--data '${data}' `;
  output.say(`the sale again, at any moment and speed: ${gatewayUrls[0]}/events/${eventId}/replay`);
  output.say(`  it asks for a token: npx holdfastctl ${folder}token --role sre`);
  if (!found.own) return;
  output.say('the system stays up until Ctrl-C');
  for (;;) await pause(forEverMs);
}

async function leave(found: FoundSystem, pool: pg.Pool): Promise<void> {
  await Promise.allSettled([pool.end(), found.release()]);
  process.exit(130);
}

async function runDemo(
  options: DemoOptions,
  { gatewayUrls }: System,
  pool: pg.Pool,
  output: Output,
): Promise<DemoReport> {
  const isOwnEvent = options.event === null;
  const eventId = options.event ?? (await createDemoEvent(pool, options.seats));
  if (options.watch) {
    output.say(`watch it in a browser: ${gatewayUrls[0]}/events/${eventId}/seats`);
    output.say(`it begins in ${openMs / 1_000} s`);
    await pause(openMs);
  }
  const startedMs = performance.now();
  const api = new Api(gatewayUrls);
  try {
    const hall = await loadHall(api, eventId, options.seats);
    const crowd = new Crowd(api, eventId, hall, options);
    const seconds = () => Math.round((performance.now() - startedMs) / 1_000);
    try {
      await crowd.watchersReady();
      const { buyers } = options;
      output.say(`${buyers} buyers fight for ${hall.contested} seats of ${eventId},`);
      output.say(
        `${crowd.watchers.length} watchers follow; any process of it may be killed meanwhile`,
      );
      output.startProgress(() => progress(crowd, api, seconds()));
      await crowd.shop();
      const settled = await crowd.settle();
      output.stopProgress();
      // On an event of our own everything must come to rest; on another, others may go on.
      const evidence = crowd.evidence(settled || isOwnEvent);
      const verified = await verifyEvent(pool, eventId, evidence);
      if (verified === null) throw new Error(`there is no event ${eventId} in the catalogue`);
      return reportOf({
        eventId,
        buyers,
        seats: hall.contested,
        watchers: crowd.watchers.length,
        seconds: seconds(),
        tally: crowd.tally,
        api: api.tally,
        reconnects: crowd.reconnects,
        lag: watcherLag(verified.history.rows, evidence.watchers),
        verdict: verified.verdict,
      });
    } finally {
      crowd.stop();
    }
  } finally {
    api.close();
  }
}

function progress(crowd: Crowd, api: Api, seconds: number): string {
  const { tally, watchers } = crowd;
  const { map } = watchers[0];
  const { brokenConnections, unavailable, slowedDown } = api.tally;
  const repeats = brokenConnections + unavailable + slowedDown;
  return [
    `${String(seconds).padStart(3)} s`,
    `free ${map.count('free')}`,
    `held ${map.count('held')}`,
    `sold ${map.count('booked')}`,
    `conflicts ${tally.conflicts}`,
    `declined ${tally.declined}`,
    `buyers left ${crowd.buyersLeft}`,
    ...(repeats > 0 ? [`repeated ${repeats}`] : []),
  ].join('  ');
}
