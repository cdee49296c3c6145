import { setTimeout as pause } from 'node:timers/promises';
import { rm } from 'node:fs/promises';
import { printMessage, printText } from '#ops/system/terminal.js';
import { converge } from '../chaos/converge.js';
import { judgeAll, provedNothing } from '../chaos/judgement.js';
import { Population } from '../chaos/population.js';
import { Api, now } from '../demo/api.js';
import { Balancer } from './balancer.js';
import { hallOfEitherBuild } from './hall-of-either-build.js';
import { Interpreter } from './interpreter.js';
import { newerBuild, olderBuild, type Build } from './older-build.js';
import { helpText, parseOptions, type UpgradeOptions } from './options.js';
import { errorLines, reportLines, type UpgradeReport } from './report.js';
import { Steps } from './steps.js';
import { UpgradeSystem } from './upgrade-system.js';

/** npm run upgrade. Returns the exit code: 0 clean, 1 something is wrong, 2 it could not run. */
export async function main(args: readonly string[]): Promise<number> {
  const parsed = parseOptions(args);
  if (parsed.kind === 'help') {
    printText(helpText);
    return 0;
  }
  if (parsed.kind === 'wrong') {
    printMessage(`npm run upgrade: ${parsed.message} (npm run upgrade -- --help tells more)`);
    return 2;
  }
  const { options } = parsed;
  const print = options.json ? printMessage : printText;
  const startedMs = performance.now();
  const say = (text: string) => {
    const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
    print(`${seconds.padStart(6)} s  ${text}`);
  };
  try {
    const report = await runUpgrade(options, say);
    if (options.json) printText(JSON.stringify(report, null, 2));
    else printText(reportLines(report).join('\n'));
    return report.clean ? 0 : 1;
  } catch (error) {
    printMessage(`npm run upgrade: ${(error as Error).message}`);
    return 2;
  }
}

/** More than all steps take together; the sale is closed when they are done. */
const longestRunMs = 60 * 60_000;

export async function runUpgrade(
  options: UpgradeOptions,
  say: (text: string) => void,
): Promise<UpgradeReport> {
  const startedMs = performance.now();
  const newer = await newerBuild();
  const older = await olderBuild(options, say);
  let system: UpgradeSystem | null = null;
  let clean = false;
  try {
    system = await UpgradeSystem.start(older, say);
    const seconds = () => Math.round((performance.now() - startedMs) / 1_000);
    const report = await thereAndBack({ options, system, older, newer, say, seconds });
    ({ clean } = report);
    return report;
  } finally {
    await system?.stop();
    if (clean && system !== null) await rm(system.folder, { recursive: true, force: true });
    else if (system !== null) say(`logs are kept in ${system.folder}`);
    await older.dispose();
  }
}

interface Run {
  readonly options: UpgradeOptions;
  readonly system: UpgradeSystem;
  readonly older: Build;
  readonly newer: Build;
  readonly say: (text: string) => void;
  readonly seconds: () => number;
}

async function thereAndBack(run: Run): Promise<UpgradeReport> {
  const { options, system, older, newer, say } = run;
  const steps = new Steps();
  const balancer = new Balancer(system.gatewayUrls);
  const interpreter = new Interpreter();
  const api = new Api(balancer.next, (...what) => steps.answered(...what), interpreter.interpret);
  let importer = older;
  const population = new Population(system.pool, api, {
    buyers: options.buyers,
    watchersPerEvent: options.watchers,
    createEvent: (pool, seats) => importer.createEvent(pool, seats),
    openHall: hallOfEitherBuild,
  });
  const begin = async (step: string, settle = true): Promise<void> => {
    say(step);
    steps.begin(step);
    if (settle) await pause(options.settleMs);
  };
  try {
    const endsAtMs = now() + longestRunMs;
    steps.begin('all older');
    await population.firstWave(endsAtMs);
    const shopping = population.shop(endsAtMs);
    await pause(options.settleMs);
    await begin('the newer schema', false);
    await newer.migrate(system.databaseUrl);
    await pause(options.settleMs);
    for (const build of [newer, older, newer]) {
      importer = build;
      await replaceAll(run, build, steps, begin);
      await begin(`all ${build.name}`);
    }
    // For good: nothing but a restart opens it again.
    system.closeDoor();
    await begin('the broker closed to strangers');
    await begin('the last buyers go home', false);
    population.close();
    await shopping;
    const late = await converge(system, population);
    say('judges');
    return await judge(run, population, steps, late);
  } finally {
    balancer.stop();
    population.stop();
    api.close();
  }
}

/** The order of docs/operating/deploys.md, in both directions. */
async function replaceAll(
  { system, options }: Run,
  build: Build,
  steps: Steps,
  begin: (step: string, settle: boolean) => Promise<void>,
): Promise<void> {
  const order = (['payments', 'shard', 'gateway'] as const).flatMap((role) => system.of(role));
  for (const member of order) {
    await begin(`${member.name} by the ${build.name}`, false);
    if (member.role === 'shard') await system.drain(member.name);
    steps.replaced(await member.replace(build));
    await member.warm();
    await pause(options.settleMs);
  }
}

async function judge(
  { system, seconds }: Run,
  population: Population,
  steps: Steps,
  late: readonly string[],
): Promise<UpgradeReport> {
  const { verdicts, money, looked, wrong: found } = await judgeAll(system, population);
  const { tally, stalls } = population;
  const buyers = stalls.flatMap((stall) => stall.buyers);
  const reports = steps.reports(buyers.flatMap((buyer) => buyer.evidence() ?? []));
  const wrong = [
    ...late,
    ...found,
    ...provedNothing(reports.length, tally, looked),
    ...[...tally.errorCodes].map(([what, times]) => `${times} x ${what}`),
    ...(tally.unknown > 0 ? [`${tally.unknown} requests have an unknown outcome`] : []),
    ...(await notUnderstood(system)),
    ...reports.flatMap((report) => [
      ...errorLines(report).map((text) => `${report.step}: ${text}`),
      ...(report.held === 0 ? [`${report.step}: nobody held a seat`] : []),
    ]),
  ];
  return {
    clean: wrong.length === 0,
    seconds: seconds(),
    steps: reports,
    events: stalls.length,
    buyers: buyers.length,
    held: tally.held,
    booked: tally.booked,
    take_overs: verdicts.reduce((sum, { epochs }) => sum + epochs - 1, 0),
    facts: verdicts.reduce((sum, { facts }) => sum + facts, 0),
    reconnects: population.reconnects,
    money,
    looked,
    wrong,
  };
}

/** Words of a process, of either release, that met something it cannot read. */
const puzzled = [
  'malformed command batch dropped',
  'command batch unreadable',
  'reply frame unreadable',
  'frame unreadable',
  'answer to a ping unreadable',
  'a bus handler failed',
  'event given to a newer program',
];

async function notUnderstood({ members }: UpgradeSystem): Promise<string[]> {
  const wrong = members.map(async (member) => {
    const log = await member.log();
    return puzzled.flatMap((words) => {
      const times = log.split(`"msg":"${words}"`).length - 1;
      return times === 0 ? [] : [`${member.name} logged ${times} x ${words}`];
    });
  });
  return (await Promise.all(wrong)).flat();
}
