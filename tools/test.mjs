/**
 * npm test: everything that must hold before a change lands, from a bare clone.
 *
 *   npm test              format, lint, types, build, all specs, nothing left behind
 *   npm test -- PATTERN   only the specs whose path matches
 *
 * Goes on after a failure, so that one run shows all of them. The last line is
 * `N passed, N failed`: tests and static steps, one each. No test at all is a failure.
 */
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { commandLine, processesWithEnvironment, sendSignal } from '../ops/system/processes.mjs';
import { built, root, setup, setupOrExit } from '../ops/setup.mjs';

const runName = 'HOLDFAST_TEST_RUN';
const runId = randomUUID();
const patterns = process.argv.slice(2);
const wrongFlag = patterns.find((pattern) => pattern.startsWith('-'));
if (wrongFlag !== undefined) {
  console.error(`npm test: ${wrongFlag} is not an option; a word that spec paths contain is`);
  process.exit(2);
}

/** Specs that measure: no neighbour, after all others. */
const alone = ['trials/loadfaults/overload.process.spec.ts'];

const jest = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  path.join(root, 'node_modules/jest/bin/jest.js'),
];
const results = [];
/** What this machine could not try. */
const notRun = [];
const env = {
  ...process.env,
  [runName]: runId,
  NODE_OPTIONS: '',
  FORCE_COLOR: process.stdout.isTTY ? '1' : '0',
};
const temporary = mkdtempSync(path.join(tmpdir(), 'holdfast-test-'));
const folders = [temporary];
const running = new Set();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    for (const child of running) sendSignal(child.pid, signal);
    cleanUp();
    process.exit(1);
  });
}

await setupOrExit();
const treeBefore = workTree();
await haveNats();
const whole = patterns.length === 0;
// Nearly as long as all other static steps together, on one core: specs begin beside it.
const lint = whole ? linted() : null;
if (whole) await formatTypesBuild();
const files = specFiles();
if (whole) {
  const { longest } = await import('./test/longest-first.mjs');
  const known = files.map((file) => path.relative(root, file));
  record(
    'specs with a place of their own exist',
    [...alone, ...longest].every((file) => known.includes(file)),
    0,
  );
}
const startsServers = (file) => /\.process\.spec\.tsx?$/.test(file);
if (files.some(startsServers)) await postgresTemplate();
const isAlone = (file) => alone.includes(path.relative(root, file));
await Promise.all([
  lint,
  whole ? newestNode() : null,
  // Process specs start servers and mostly wait, the others compute: four fill two cores, three
  // left a sixth of them idle.
  specs(
    'specs',
    files.filter((file) => !isAlone(file)),
    4,
  ),
]);
await specs('specs alone', files.filter(isAlone), 1);
if (whole) afterwards();
cleanUp();
finish();

async function linted() {
  await command('lint', 'oxlint/bin/oxlint', ['--type-aware', '--deny-warnings']);
}

async function formatTypesBuild() {
  await command('format', 'oxfmt/bin/oxfmt', ['--check']);
  // Some tools need the API of TypeScript 6; the check itself takes a third of the time with 7.
  await command('types', 'typescript-native/bin/tsc', ['--noEmit']);
  await command('types of pages', 'typescript-native/bin/tsc', ['-p', 'apps/gateway/web']);
  await step('build', async (say) => {
    await setup({ rebuild: true, say: (line) => say(`${line}\n`) });
    return true;
  });
}

function afterwards() {
  const left = processesWithEnvironment(runName, runId);
  record('nothing left running', left.length === 0, 0);
  left.forEach((pid) => console.log(`  process ${pid}: ${commandLine(pid)}`));
  if (treeBefore === null) return;
  const treeAfter = workTree();
  record('work tree unchanged', treeAfter === treeBefore, 0);
  if (treeAfter !== treeBefore) console.log(treeAfter);
}

async function specs(name, paths, workers) {
  if (paths.length === 0) return;
  const file = path.join(temporary, `${name.replaceAll(' ', '-')}.json`);
  const startedMs = Date.now();
  console.log(`\n== ${name}`);
  const report = [`--maxWorkers=${workers}`, '--json', `--outputFile=${file}`];
  await run(process.execPath, [...jest, ...report, '--runTestsByPath', ...paths]);
  const seconds = (Date.now() - startedMs) / 1000;
  const outcome = readOutcome(file);
  results.push({ name, seconds, ...outcome });
  console.log(
    `${name}: ${outcome.passed} passed, ${outcome.failed} failed (${seconds.toFixed(1)} s)`,
  );
  for (const { file: spec, seconds: took } of outcome.slowest) {
    console.log(`  ${took.toFixed(1).padStart(6)} s  ${path.relative(root, spec)}`);
  }
}

/** `npm run test:nodes` in short, for the newest Node there is; 3 = there is none to be had. */
async function newestNode() {
  const program = path.join(root, 'tools/nodes.mjs');
  await step('the newest Node', async (say) => {
    const code = await run(process.execPath, [program, '--newest', '--short'], say);
    if (code === 3) notRun.push('the newest Node: the npm registry does not give it');
    return code === 3 ? null : code === 0;
  });
}

/** All spec files, or those whose path has one of the patterns in it. */
function specFiles() {
  const { stdout } = spawnSync(process.execPath, [...jest, '--listTests'], {
    cwd: root,
    encoding: 'utf8',
    env,
  });
  const all = stdout.split('\n').filter((line) => /\.spec\.tsx?$/.test(line));
  if (patterns.length === 0) return all;
  return all.filter((file) => {
    const shown = path.relative(root, file);
    return patterns.some((pattern) => shown.includes(pattern));
  });
}

/** A spec file that could not even be loaded counts as one failure. */
function readOutcome(file) {
  try {
    const json = JSON.parse(readFileSync(file, 'utf8'));
    const broken = json.testResults.filter(
      (suite) => suite.status === 'failed' && suite.assertionResults.length === 0,
    );
    return {
      passed: json.numPassedTests,
      failed: json.numFailedTests + broken.length,
      tests: json.numTotalTests,
      slowest: slowestOf(json.testResults),
    };
  } catch {
    return { passed: 0, failed: 1, tests: 0, slowest: [] };
  }
}

/** Where to begin when the whole takes too long. */
function slowestOf(suites) {
  const took = suites.map(({ name, startTime, endTime }) => ({
    file: name,
    seconds: (endTime - startTime) / 1000,
  }));
  return took.sort((a, b) => b.seconds - a.seconds).slice(0, 15);
}

async function command(name, program, args) {
  await step(name, async (say) => {
    const line = [path.join(root, 'node_modules', program), ...args];
    return (await run(process.execPath, line, say)) === 0;
  });
}

/**
 * Shows what the work says when it has ended, so that steps may run beside each other. The work
 * gives whether it went well; null: it could not be done here.
 */
async function step(name, work) {
  const startedMs = Date.now();
  const said = [];
  const say = (text) => void said.push(text);
  const passed = await work(say).catch((error) => {
    say(`${error.output ?? ''}\n${error.message}\n`);
    return false;
  });
  console.log(`\n== ${name}`);
  process.stdout.write(said.join(''));
  if (passed !== null) record(name, passed, (Date.now() - startedMs) / 1000);
}

function record(name, ok, seconds) {
  results.push({ name, seconds, passed: ok ? 1 : 0, failed: ok ? 0 : 1, tests: 0 });
  console.log(`${name}: ${ok ? 'passed' : 'FAILED'} (${seconds.toFixed(1)} s)`);
}

/**
 * With `say` everything that is printed goes there. Without it this is jest, which reports on
 * standard error; its JSON summary goes to the file and need not be shown.
 */
function run(program, args, say) {
  return new Promise((resolve) => {
    const stdio = say === undefined ? ['ignore', 'ignore', 'inherit'] : ['ignore', 'pipe', 'pipe'];
    const child = spawn(program, args, { cwd: root, env, stdio });
    running.add(child);
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', say);
    const end = (code) => {
      running.delete(child);
      resolve(code ?? -1);
    };
    child.on('error', () => end(-1));
    child.on('close', end);
  });
}

/** The same way as npm start: process specs need the real server. */
async function haveNats() {
  const { ensureNatsServer } = await built('ops/start/nats.js');
  const { TerminalProgress } = await built('ops/start/progress.js');
  const found = await ensureNatsServer(new TerminalProgress());
  if (found.reason !== undefined) console.log(`nats-server cannot be had: ${found.reason}`);
}

/** A data folder of Postgres that was never used: each spec that needs one copies it. */
async function postgresTemplate() {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-test-template-'));
  folders.push(folder);
  try {
    const { makePostgresTemplate, postgresTemplate: name } = await built(
      'libs/testing/postgres-folder.js',
    );
    env[name] = await makePostgresTemplate(folder);
  } catch (error) {
    console.log(`no data folder to copy for Postgres: ${error.message}`);
  }
}

/** Null outside of a git work tree. */
function workTree() {
  const git = spawnSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' });
  return git.status === 0 ? git.stdout : null;
}

function cleanUp() {
  for (const pid of processesWithEnvironment(runName, runId)) sendSignal(pid, 'SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

function finish() {
  const sum = (field) => results.reduce((total, one) => total + one[field], 0);
  console.log('\n== summary');
  for (const { name, seconds, passed, failed } of results) {
    const verdict = failed === 0 ? 'ok' : 'FAILED';
    const figures = `${passed} passed, ${failed} failed, ${seconds.toFixed(1)} s`;
    console.log(`${verdict.padEnd(7)} ${name.padEnd(22)} ${figures}`);
  }
  notRun.forEach((line) => console.log(`not run ${line}`));
  if (sum('tests') === 0) console.log('no test ran: that is a failure');
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  process.exitCode = sum('failed') > 0 || sum('tests') === 0 ? 1 : 0;
}
