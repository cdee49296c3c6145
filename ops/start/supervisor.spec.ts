import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive, sendSignal } from '../system/processes.mjs';
import { Supervisor, type ChildSpec, type SupervisorOptions } from './supervisor.js';

let folder: string;
let said: string[];
let supervisor: Supervisor;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-supervisor-'));
  said = [];
  supervisor = create();
});
afterEach(async () => {
  await supervisor.kill();
  rmSync(folder, { recursive: true, force: true });
});

function create(options: Partial<SupervisorOptions> = {}): Supervisor {
  return new Supervisor({ say: (line) => said.push(line), firstBackoffMs: 10, ...options });
}

const readyLine = 'console.log(\'HOLDFAST_READY {"port":7}\');';
const stayAlive = 'setInterval(() => undefined, 1000);';

function child(name: string, script: string, change: Partial<ChildSpec> = {}): ChildSpec {
  return {
    name,
    command: process.execPath,
    args: ['-e', script],
    env: { ...process.env, FOLDER: folder },
    logFile: path.join(folder, `${name}.log`),
    ready: { kind: 'line' },
    group: 0,
    stopSignal: 'SIGTERM',
    stopDeadlineMs: 5_000,
    ...change,
  };
}

const pidOf = (name: string): number =>
  supervisor.children.find((one) => one.name === name)?.pid ?? 0;

async function until(holds: () => boolean, what: string): Promise<void> {
  const endMs = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error(`not in time: ${what}`);
    await pause(10);
  }
}

describe('the supervisor', () => {
  it('waits for the ready line and hands on what it says', async () => {
    const info = await supervisor.start(child('a', `console.log('x'); ${readyLine} ${stayAlive}`));
    expect(info).toEqual({ port: 7 });
    expect(supervisor.children).toMatchObject([{ name: 'a' }]);
  });

  it('waits until a probe says yes', async () => {
    let asked = 0;
    const probe = () => Promise.resolve((asked += 1) === 3);
    await supervisor.start(child('a', stayAlive, { ready: { kind: 'probe', probe } }));
    expect(asked).toBe(3);
  });

  it('starts every child by the command it was given for it, a second time too', async () => {
    const wrap = (spec: ChildSpec) => ['env', 'WRAPPED=yes', spec.command, ...spec.args] as const;
    supervisor = create({ wrap: (spec) => [...wrap(spec)] });
    const tell = "require('fs').appendFileSync(process.env.FOLDER + '/w', process.env.WRAPPED);";
    await supervisor.start(child('a', tell + readyLine + stayAlive));
    sendSignal(pidOf('a'), 'SIGKILL');
    const told = () => readFileSync(path.join(folder, 'w'), 'utf8');
    await until(() => told() === 'yesyes', 'a second process with the same command');
  });

  it('starts a child that died again, and says so in one line', async () => {
    await supervisor.start(child('a', readyLine + stayAlive));
    const first = pidOf('a');
    sendSignal(first, 'SIGKILL');
    await until(() => ![0, first].includes(pidOf('a')), 'a second process');
    expect(said).toEqual(['a died (SIGKILL): starting it again in 0.01 s']);
  });

  it('waits longer before each restart, up to a bound', async () => {
    supervisor = create({ firstBackoffMs: 2, backoffMsMax: 5 });
    await supervisor.start(child('a', `${readyLine} setTimeout(() => process.exit(3), 20);`));
    await until(() => said.length >= 4, 'four restarts');
    expect(said.slice(0, 4)).toEqual([
      'a died (exit code 3): starting it again in 0.002 s',
      'a died (exit code 3): starting it again in 0.004 s',
      'a died (exit code 3): starting it again in 0.005 s',
      'a died (exit code 3): starting it again in 0.005 s',
    ]);
  });

  it('waits as long as a child of its own wants', async () => {
    const spec = child('a', `${readyLine} setTimeout(() => process.exit(3), 20);`);
    await supervisor.start({ ...spec, firstBackoffMs: 3 });
    await until(() => said.length >= 2, 'two restarts');
    expect(said.slice(0, 2)).toEqual([
      'a died (exit code 3): starting it again in 0.003 s',
      'a died (exit code 3): starting it again in 0.006 s',
    ]);
  });

  it('begins with the first back-off again once a child has settled', async () => {
    supervisor = create({ firstBackoffMs: 2, settledAfterMs: 0 });
    await supervisor.start(child('a', `${readyLine} setTimeout(() => process.exit(3), 20);`));
    await until(() => said.length >= 3, 'three restarts');
    expect(new Set(said)).toEqual(new Set(['a died (exit code 3): starting it again in 0.002 s']));
  });

  it('does not restart a child whose first start failed, and tells the cause', async () => {
    const failing = child('a', "console.error('fatal: no such venue'); process.exit(2);");
    await expect(supervisor.start(failing)).rejects.toThrow(
      'a ended at once (exit code 2): fatal: no such venue',
    );
    expect(supervisor.children).toEqual([]);
    expect(said).toEqual([]);
  });

  it('refuses a program that does not exist', async () => {
    const missing = child('a', '', { command: '/no/such/program' });
    await expect(supervisor.start(missing)).rejects.toThrow('a: spawn /no/such/program ENOENT');
  });

  it('gives up on a child that is never ready', async () => {
    supervisor = create({ readyWithinMs: 200 });
    await expect(supervisor.start(child('a', stayAlive))).rejects.toThrow(
      'a was not ready in 0.2 s',
    );
  });

  it('puts what a child says on standard error into its log', async () => {
    await supervisor.start(child('a', `console.error('careful'); ${readyLine} ${stayAlive}`));
    const log = path.join(folder, 'a.log');
    await until(() => readFileSync(log, 'utf8').includes('careful'), 'the log line');
    expect(readFileSync(log, 'utf8')).toBe('careful\n');
  });

  it('stops later groups first, and restarts nobody', async () => {
    const note = (name: string) =>
      `process.on('SIGTERM', () => { require('node:fs').appendFileSync(` +
      `process.env.FOLDER + '/order', '${name} '); process.exit(0); });`;
    for (const [name, group] of [
      ['a', 0],
      ['b', 1],
      ['c', 1],
      ['d', 2],
    ] as const) {
      await supervisor.start(child(name, note(name) + readyLine + stayAlive, { group }));
    }
    const pids = supervisor.children.map((one) => one.pid);
    expect(await supervisor.stop()).toEqual([]);
    expect(readFileSync(path.join(folder, 'order'), 'utf8')).toMatch(/^d (b c|c b) a $/);
    expect(pids.filter((pid) => isAlive(pid))).toEqual([]);
    expect(said).toEqual([]);
  });

  it('kills a child that does not stop in time, and names it', async () => {
    const stubborn = `process.on('SIGTERM', () => undefined); ${readyLine} ${stayAlive}`;
    await supervisor.start(child('a', stubborn, { stopDeadlineMs: 100 }));
    const pid = pidOf('a');
    expect(await supervisor.stop()).toEqual(['a']);
    expect(isAlive(pid)).toBe(false);
  });

  it('stops a child that is paused', async () => {
    await supervisor.start(child('a', readyLine + stayAlive));
    sendSignal(pidOf('a'), 'SIGSTOP');
    expect(await supervisor.stop()).toEqual([]);
  });

  it('tells of every child that comes or goes', async () => {
    const seen: string[][] = [];
    supervisor = create({ onChange: (list) => seen.push(list.map((one) => one.name)) });
    await supervisor.start(child('a', readyLine + stayAlive));
    await supervisor.start(child('b', readyLine + stayAlive, { group: 1 }));
    await supervisor.stop();
    await until(() => seen.at(-1)?.length === 0, 'the last end');
    // At its start and when it is ready.
    expect(seen.slice(0, 4)).toEqual([['a'], ['a'], ['a', 'b'], ['a', 'b']]);
    expect(seen.slice(4).map((names) => names.length)).toEqual([1, 0]);
  });

  it('shows where the numbers of a child are, once it has said so', async () => {
    supervisor = create();
    const ready = `process.stdout.write('HOLDFAST_READY {"metricsPort":9100}\\n');`;
    await supervisor.start(child('a', ready + stayAlive));
    await supervisor.start(child('b', readyLine + stayAlive));
    expect(supervisor.shown).toEqual([
      { name: 'a', pid: pidOf('a'), metricsPort: 9100 },
      { name: 'b', pid: pidOf('b') },
    ]);
  });
});
