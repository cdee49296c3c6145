import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readHistory } from '#libs/oracle/read-history.js';
import { printMessage, printText } from '#ops/system/terminal.js';
import { Api, now } from '../demo/api.js';
import { Bank } from './bank.js';
import { converge } from './converge.js';
import { judgeRun, type ChaosReport, type Run } from './judgement.js';
import { Nemesis } from './nemesis.js';
import { helpText, parseOptions, type ChaosOptions } from './options.js';
import { Population } from './population.js';
import { reportLines } from './report.js';
import { Seeded } from './seeded.js';
import { ChaosSystem } from './system.js';

/** npm run chaos. Returns the exit code: 0 clean, 1 something is wrong, 2 it could not run. */
export async function main(args: readonly string[]): Promise<number> {
  const parsed = parseOptions(args);
  if (parsed.kind === 'help') {
    printText(helpText);
    return 0;
  }
  if (parsed.kind === 'wrong') {
    printMessage(`npm run chaos: ${parsed.message} (npm run chaos -- --help tells more)`);
    return 2;
  }
  const { options } = parsed;
  const print = options.json ? printMessage : printText;
  const startedMs = performance.now();
  const say = (line: string) => {
    const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
    print(`${seconds.padStart(6)} s  ${line}`);
  };
  const interrupted = listenForSignals(say);
  try {
    const report = await runChaos(options, interrupted, say);
    if (options.json) printText(JSON.stringify(report, null, 2));
    else printText(reportLines(report).join('\n'));
    return report.clean ? 0 : 1;
  } catch (error) {
    printMessage(`npm run chaos: ${(error as Error).message}`);
    return 2;
  }
}

/** The first signal ends the breaking, and the verdict comes; the second ends everything. */
function listenForSignals(say: (line: string) => void): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(130);
      say(`${signal}: heals, judges and ends; once more ends it at once`);
      controller.abort();
    });
  }
  return controller.signal;
}

export async function runChaos(
  options: ChaosOptions,
  interrupted: AbortSignal,
  say: (line: string) => void,
): Promise<ChaosReport> {
  const startedMs = performance.now();
  say(`seed ${options.seed}`);
  const wishes = {
    smallDisk: options.faults.includes('disk-full'),
    otherHost: options.faults.includes('cut-host'),
    fakeTime: options.faults.includes('clock-jump'),
    tls: options.tls,
    // The simulator tells them to no gateway over TLS, and who looks for disputes does so seldom.
    ...(options.tls ? {} : { webhooks: 'told' as const }),
  };
  const system = await ChaosSystem.start(wishes, say);
  const api = new Api(system.gatewayUrls, undefined, undefined, await system.ca());
  const population = new Population(system.pool, api, {
    buyers: options.buyers,
    watchersPerEvent: options.watchers,
    dispute: !options.tls,
  });
  const bank = new Bank(system.stripeUrl, new Seeded(options.seed));
  let report: ChaosReport | null = null;
  try {
    const { nemesis, late } = await breakAndHeal(
      options,
      { system, population, bank },
      interrupted,
      say,
    );
    const seconds = Math.round((performance.now() - startedMs) / 1_000);
    const run: Run = {
      system,
      population,
      nemesis,
      api,
      command: commandOf(options),
      seconds,
      late,
    };
    report = await judgeRun(run);
    if (!report.clean) await keep(run, report);
    return report;
  } finally {
    await bank.stop();
    population.stop();
    api.close();
    await system.stop();
    if (report?.clean === true) await rm(system.folder, { recursive: true, force: true });
    else say(`logs and history are kept in ${system.folder}`);
  }
}

interface Broken {
  readonly system: ChaosSystem;
  readonly population: Population;
  readonly bank: Bank;
}

async function breakAndHeal(
  options: ChaosOptions,
  { system, population, bank }: Broken,
  interrupted: AbortSignal,
  say: (line: string) => void,
) {
  const endsAtMs = now() + options.minutes * 60_000;
  await population.firstWave(endsAtMs);
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), endsAtMs - now());
  interrupted.addEventListener('abort', () => stop.abort());
  const context = { system, random: new Seeded(options.seed), events: () => population.events };
  const { faults: names, minutes } = options;
  const notSelling = population.notSelling.bind(population);
  const nemesis = new Nemesis(context, { names, minutes, stop: stop.signal }, notSelling, say);
  interrupted.addEventListener('abort', () => population.close());
  if (population.dispute) bank.start();
  const shopping = population.shop(endsAtMs);
  await nemesis.run();
  clearTimeout(timer);
  await nemesis.heal();
  say('everything is healed; the last buyers go home');
  await shopping;
  await bank.stop();
  say('waits until every event serves, payments are settled and watchers agree');
  const late = await converge(system, population);
  say('judges');
  return { nemesis, late };
}

/** What somebody needs who wants to know why. */
async function keep({ system, population, command }: Run, report: ChaosReport): Promise<void> {
  const folder = path.join(system.folder, 'history');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(system.folder, 'command'), `${command}\n`);
  await writeFile(path.join(folder, 'report.json'), JSON.stringify(report, null, 2));
  for (const stall of population.stalls) {
    const { eventId } = stall.market;
    const history = await readHistory(system.pool, eventId);
    const { buyers } = population.evidenceOf(stall);
    await writeFile(path.join(folder, `${eventId}.json`), JSON.stringify({ history, buyers }));
  }
  const ledger = path.join(system.folder, 'stripe.log');
  await copyFile(ledger, path.join(folder, 'stripe.log')).catch(() => undefined);
}

function commandOf({ minutes, faults, seed, buyers, watchers, tls }: ChaosOptions): string {
  const given = { minutes, faults: faults.join(), seed, buyers, watchers };
  const flags = Object.entries(given).map(([name, value]) => `--${name} ${value}`);
  return `npm run chaos -- ${flags.join(' ')}${tls ? ' --tls' : ''}`;
}
