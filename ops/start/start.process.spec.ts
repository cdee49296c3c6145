import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { execSync, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { divideCores, findCores, parseCoreList } from '../system/affinity.js';
import { findSystem, readRunFile } from '../system/find-system.js';
import { projectRoot } from '../system/paths.js';
import {
  commandLine,
  isAlive,
  processesWithEnvironment,
  sendSignal,
} from '../system/processes.mjs';
import { freePort } from '#libs/platform/tcp-ports.js';
import { knockEverywhere } from '#libs/testing/strangers.js';
import type { ProcessList } from './leftovers.js';
import { tryThis } from './try-this.js';

/** The real `npm start`, with real servers, in a folder of its own. */
const marker = 'HOLDFAST_START_SPEC';
const markerValue = randomUUID();
const folders: string[] = [];
const launched: Launch[] = [];

interface Launch {
  readonly child: ChildProcess;
  readonly data: string;
  output(): string;
  errors(): string;
}

function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-start-'));
  folders.push(folder);
  return folder;
}

function launch(data: string, args: string[], command = [process.execPath, 'ops/start.mjs']) {
  const env: NodeJS.ProcessEnv = { ...process.env, NODE_OPTIONS: '', [marker]: markerValue };
  for (const name of ['DATABASE_URL', 'NATS_URL', 'STRIPE_SECRET_KEY', 'PORT']) delete env[name];
  const child = spawn(command[0], [...command.slice(1), '--data', data, ...args], {
    cwd: projectRoot,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const started: Launch = { child, data, output: () => output, errors: () => errors };
  launched.push(started);
  return started;
}

async function until(holds: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
  const endMs = performance.now() + 60_000;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`not in time: ${what()}`);
    await pause(20);
  }
}

/** Resolves with the address of the ready line. */
async function ready(started: Launch): Promise<string> {
  await until(
    () => /^ready http/m.test(started.output()) || ended(started),
    () => started.output() + started.errors(),
  );
  const url = /^ready (http:\S+)$/m.exec(started.output())?.[1];
  if (url === undefined) throw new Error(started.output() + started.errors());
  return url;
}

const ended = ({ child }: Launch): boolean => child.exitCode !== null || child.signalCode !== null;

async function endOf(started: Launch): Promise<number | null> {
  await until(
    () => ended(started),
    () => `the end of the launcher: ${started.output()}`,
  );
  return started.child.exitCode;
}

function listedIn(data: string): ProcessList {
  return JSON.parse(readFileSync(path.join(data, 'processes.json'), 'utf8')) as ProcessList;
}

/** Every text of secrets.json that is long enough to be one. */
function secretsIn(data: string): string[] {
  const texts: string[] = [];
  JSON.parse(readFileSync(path.join(data, 'secrets.json'), 'utf8'), (_key, value: unknown) => {
    if (typeof value === 'string' && value.length >= 12) texts.push(value);
    return value;
  });
  return texts;
}

const argumentsOf = (data: string): string[] => pidsIn(data).map(commandLine);

const logsIn = (data: string): string[] =>
  readdirSync(path.join(data, 'logs')).map((name) =>
    readFileSync(path.join(data, 'logs', name), 'utf8'),
  );

/** Of what others have any right to, by name; the database's own folder is not looked into. */
function openToOthers(data: string): string[] {
  const names = readdirSync(data, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !/^(postgres|binaries)\//.test(name),
  );
  return ['.', ...names].filter((name) => (statSync(path.join(data, name)).mode & 0o067) !== 0);
}

/** Every socket of these processes gives a stranger nothing. */
async function expectClosed(data: string, sockets: readonly string[]): Promise<void> {
  const system = findSystem({ data, env: {} });
  const all = processesWithEnvironment(marker, markerValue);
  const knocks = await knockEverywhere(system, all);
  expect(knocks.filter(({ holes }) => holes.length > 0)).toEqual([]);
  expect(knocks.map(({ socket }) => socket).sort()).toEqual(sockets);
  expect(openToOthers(data)).toEqual([]);
  const rights =
    'SELECT rolname, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user';
  expect(await rowsIn(data, rights)).toEqual([
    { rolname: 'hf_app', rolsuper: false, rolcreaterole: false },
  ]);
}

const pidsIn = (data: string): number[] => listedIn(data).children.map((one) => one.pid);

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`).then(
    (response) => response.ok,
    () => false,
  );

async function eventsIn(data: string): Promise<unknown> {
  return (await rowsIn(data, 'SELECT count(*)::int AS events FROM ownership'))[0].events;
}

async function rowsIn(data: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: findSystem({ data, env: {} }).databaseUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

async function nothingRuns(pids: number[]): Promise<void> {
  const left = () => [
    ...pids.filter((pid) => isAlive(pid)),
    ...processesWithEnvironment(marker, markerValue),
  ];
  await until(
    () => left().length === 0,
    () => `processes ${left().join(', ')} end`,
  );
}

afterEach(async () => {
  for (const started of launched.splice(0)) {
    if (!ended(started)) sendSignal(started.child.pid ?? 0, 'SIGTERM');
    await endOf(started);
  }
});
afterAll(() => {
  for (const pid of processesWithEnvironment(marker, markerValue)) sendSignal(pid, 'SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const statusOf = (pid: number): string => readFileSync(`/proc/${pid}/status`, 'utf8');

describe('npm start', () => {
  it('runs the whole system, refuses a second one, and leaves nothing at SIGTERM', async () => {
    const data = newFolder();
    const port = await freePort();
    const npm = ['npm', 'start', '--silent', '--'];
    const first = launch(data, ['--port', String(port), '--gateways', '2', '--unlimited'], npm);
    const url = await ready(first);
    expect(url).toBe(`http://127.0.0.1:${port}`);
    const lastLines = (): string[] => first.output().trimEnd().split('\n').slice(-5);
    // What follows the ready line may come in a packet of its own.
    await until(
      () => lastLines()[0] === `ready ${url}`,
      () => first.output(),
    );
    expect(first.output()).toMatch(
      /^edge +(uWebSockets\.js|node:http; .+; fewer holds a second)$/m,
    );
    expect(first.output()).toContain('limits     none for addresses of this machine (--unlimited)');
    expect(
      lastLines()
        .slice(1)
        .every((line) => line.includes('curl ')),
    ).toBe(true);

    // Word for word: what hides secrets would make a stranger of whoever pastes them.
    expect(lastLines().slice(1, 4)).toEqual(tryThis(url));
    const asOperator = lastLines()[4].replace('npx holdfastctl', 'node ops/holdfastctl.mjs');
    const { events } = JSON.parse(execSync(asOperator, { cwd: projectRoot }).toString()) as {
      events: unknown[];
    };
    expect(events).toHaveLength(12);

    const system = findSystem({ data, env: {} });
    expect(system.gatewayUrls).toHaveLength(2);
    expect(await Promise.all(system.gatewayUrls.map(answers))).toEqual([true, true]);
    expect(system.children.map((one) => one.name).sort()).toEqual([
      'gateway-1',
      'gateway-2',
      'nats-server',
      'payments',
      'postgres',
      'shard-1',
      'shard-2',
      'stripe-simulator',
    ]);

    expect(secretsIn(data).length).toBeGreaterThan(5);
    const shown = [first.output(), ...argumentsOf(data), ...logsIn(data)];
    expect(secretsIn(data).filter((one) => shown.some((text) => text.includes(one)))).toEqual([]);

    await expectClosed(data, [
      ...['gateway-1: gateway', 'gateway-1: metrics', 'gateway-2: gateway', 'gateway-2: metrics'],
      ...['nats-server: nats-server', 'payments: metrics', 'postgres: postgres'],
      ...['shard-1: metrics', 'shard-2: metrics', 'stripe-simulator: simulator'],
    ]);

    const sameFolder = launch(data, ['--port', '0']);
    expect(await endOf(sameFolder)).toBe(1);
    expect(sameFolder.errors()).toMatch(
      /^npm start: Holdfast runs on \S+ already \(process \d+\): stop it, or use another --data\n$/,
    );
    const samePort = launch(newFolder(), ['--port', String(port)]);
    expect(await endOf(samePort)).toBe(1);
    expect(samePort.errors()).toBe(
      `npm start: port ${port} is taken: free it, or use another with --port N\n`,
    );

    const pids = pidsIn(data);
    sendSignal(first.child.pid ?? 0, 'SIGTERM');
    await endOf(first);
    await nothingRuns(pids);
    expect(readRunFile(data)).toBeNull();
    expect(existsSync(path.join(data, 'lock'))).toBe(false);
  }, 120_000);

  /** Where there is a core to spare; elsewhere --pin is refused (affinity.spec). */
  const cores = findCores();
  const division = 'reason' in cores ? null : divideCores(cores.allowed, 1);

  function expectPinned(data: string): void {
    if (division === null) return;
    for (const { name, pid } of listedIn(data).children) {
      const wanted = name === 'gateway-1' ? division.gateways : division.others;
      const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(statusOf(pid))?.[1] ?? '';
      expect([name, parseCoreList(list)]).toEqual([name, wanted]);
    }
  }

  it('restarts a killed shard, and survives kills of the launcher and of everything', async () => {
    const data = newFolder();
    const first = launch(data, [
      '--port',
      '0',
      '--shards',
      '1',
      ...(division === null ? [] : ['--pin']),
    ]);
    await ready(first);
    const events = await eventsIn(data);
    expect(events).toBeGreaterThan(0);
    const shardPid = () => listedIn(data).children.find((one) => one.name === 'shard-1')?.pid ?? 0;
    const killed = shardPid();
    sendSignal(killed, 'SIGKILL');
    await until(
      () => ![0, killed].includes(shardPid()),
      () => 'a new shard',
    );
    expect(first.output()).toContain('shard-1 died (SIGKILL): starting it again in 0.25 s\n');

    expectPinned(data);
    const pids = pidsIn(data);
    sendSignal(first.child.pid ?? 0, 'SIGKILL');
    await nothingRuns(pids);

    const second = launch(data, ['--port', '0', '--shards', '1']);
    await ready(second);
    expect(await eventsIn(data)).toBe(events);
    const { keeper, children } = listedIn(data);
    // Everything but the two servers: what a kill of all Node processes leaves.
    const servers = children.filter((one) => /postgres|nats/.test(one.name));
    const nodes = children.filter((one) => !servers.includes(one));
    const doomed = [second.child.pid, keeper?.pid, ...nodes.map((one) => one.pid)];
    for (const pid of doomed) sendSignal(pid ?? 0, 'SIGKILL');
    await endOf(second);
    expect(servers.map((one) => isAlive(one.pid))).toEqual([true, true]);

    const third = launch(data, ['--port', '0', '--shards', '1']);
    await ready(third);
    expect(third.output()).toMatch(/^the last run was killed; stopped its /m);
    expect(servers.map((one) => isAlive(one.pid))).toEqual([false, false]);
    expect(await eventsIn(data)).toBe(events);
  }, 90_000);

  it('runs every role in one process with --single', async () => {
    const data = newFolder();
    const single = launch(data, ['--port', '0', '--single']);
    const url = await ready(single);
    expect(await answers(url)).toBe(true);
    const system = findSystem({ data, env: {} });
    expect(system).toMatchObject({ single: true, natsUrl: null });
    expect(system.children.map((one) => one.name).sort()).toEqual(['holdfast', 'postgres']);
    await expectClosed(data, [
      ...['holdfast: gateway', 'holdfast: metrics', 'holdfast: simulator', 'postgres: postgres'],
    ]);
    const pids = pidsIn(data);
    // As the terminal and npm tell of one Ctrl-C.
    sendSignal(single.child.pid ?? 0, 'SIGINT');
    sendSignal(single.child.pid ?? 0, 'SIGINT');
    expect(await endOf(single)).toBe(0);
    expect(single.output()).toMatch(/stopped\n$/);
    await nothingRuns(pids);
  }, 60_000);

  it('refuses a wrong option in one line, with exit code 2', async () => {
    const wrong = launch(newFolder(), ['--shards', 'two']);
    expect(await endOf(wrong)).toBe(2);
    expect(wrong.output()).toBe('');
    const message = '--shards wants a number from 1 to 16, not "two"';
    expect(wrong.errors()).toBe(`npm start: ${message} (npm start -- --help tells more)\n`);
  }, 30_000);
});
