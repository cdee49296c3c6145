import { spawnSync } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { printMessage, printText } from '#ops/system/terminal.js';
import { SimReport } from './report.js';
import type { SimResult } from './simulate.js';
import { ProgressLine } from '../demo/progress-line.js';
import { helpText, parseOptions, type SimRunOptions } from './options.js';
import type { SeedOrder } from './seed-worker.js';

/** How many failing seeds are shown with their last lines; the others are only named. */
const shownMax = 5;
const lastLines = 60;

export async function main(args: readonly string[]): Promise<number> {
  const parsed = parseOptions(args);
  if (parsed.kind === 'help') {
    printText(helpText);
    return 0;
  }
  if (parsed.kind === 'wrong') {
    printMessage(`npm run sim: ${parsed.message}`);
    return 2;
  }
  return runSeeds(parsed.options);
}

async function runSeeds(options: SimRunOptions): Promise<number> {
  const report = new SimReport(performance.now());
  const commit = commitNow();
  const progress = options.json ? null : progressOf(report, options);
  let next = options.seed;
  const end = options.seed + options.seeds;
  let stopped = false;
  const stop = (): void => {
    stopped = true;
  };
  process.once('SIGINT', stop);
  const worker = async (): Promise<void> => {
    const thread = new Worker(new URL('./seed-worker.js', import.meta.url));
    while (next < end && !stopped) {
      const seed = next;
      next += 1;
      const result = await runOne(thread, { seed, minutes: options.minutes, trace: options.trace });
      report.add(result);
      if (result.violations.length === 0) continue;
      if (report.failures.length > shownMax || options.json) continue;
      const shown = await runOne(thread, { seed, minutes: options.minutes, trace: true });
      const text = failureText(shown, result, options, commit);
      if (progress === null) printText(text);
      else progress.say(text);
    }
    await thread.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(options.jobs, options.seeds) }, worker));
  process.off('SIGINT', stop);
  progress?.stop();
  if (options.trace && report.last !== null) printText(report.last.trace);
  if (options.json) printText(JSON.stringify(report.plain(commit, performance.now())));
  else printText(report.table(commit, performance.now()));
  return report.failures.length === 0 && !stopped ? 0 : 1;
}

function runOne(thread: Worker, order: SeedOrder): Promise<SimResult> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => reject(error);
    thread.once('error', failed);
    thread.once('message', (result: SimResult) => {
      thread.off('error', failed);
      resolve(result);
    });
    thread.postMessage(order);
  });
}

function progressOf(report: SimReport, { seeds }: SimRunOptions): ProgressLine {
  return new ProgressLine(process.stdout, () => {
    return `${report.seeds} of ${seeds} seeds, ${report.pace(performance.now())}`;
  });
}

function failureText(
  shown: SimResult,
  first: SimResult,
  { minutes }: SimRunOptions,
  commit: string,
): string {
  const more = minutes === 1 ? '' : ` --minutes ${minutes}`;
  const same = shown.traceHash === first.traceHash ? '' : ' (and the run did not repeat itself!)';
  return [
    `seed ${first.seed} at ${commit} breaks ${first.violations.length} promises${same}`,
    ...first.violations.map((violation) => `  - ${violation}`),
    `  replay: npm run sim -- --seed ${first.seed}${more} --trace`,
    `  the end of what happened:`,
    ...shown.trace
      .split('\n')
      .slice(-lastLines)
      .map((line) => `  ${line}`),
  ].join('\n');
}

/** With a plus when the working tree is not that commit. */
function commitNow(): string {
  const git = (...args: string[]): string =>
    spawnSync('git', args, { encoding: 'utf8', timeout: 5_000 }).stdout ?? '';
  const commit = git('rev-parse', '--short', 'HEAD').trim();
  if (commit === '') return 'an unknown commit';
  return git('status', '--porcelain').trim() === '' ? commit : `${commit}+`;
}
