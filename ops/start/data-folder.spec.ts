import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from '#libs/testing/until.js';
import { isAlive, pidIsTaken, processIdentity } from '../system/processes.mjs';
import { DataFolderRefused, openDataFolder, writeJson } from './data-folder.js';
import { leftoverPostgres, processListName, stopLeftovers } from './leftovers.js';
import { closedAncestor } from './postgres.js';

let folder: string;
const started: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-data-'));
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** The pid of a process that has ended and that its parent, which lives on, never asks for. */
async function zombie(): Promise<number> {
  const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60']);
  started.push(parent);
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  await until(() => processIdentity(pid) === null, 'it ended');
  return pid;
}

async function bystander(): Promise<{ pid: number; identity: string | null }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
  started.push(child);
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  return { pid, identity: processIdentity(pid) };
}

describe('the data folder', () => {
  it('is made, and has secrets that only its owner reads and that stay the same', () => {
    const home = path.join(folder, 'new', 'data');
    const first = openDataFolder(home);
    const secrets = first.prepare();
    first.release();
    expect(secrets.tokenSecret.length).toBeGreaterThanOrEqual(32);
    expect(secrets.stripeKey).toMatch(/^sk_test_/);
    expect(statSync(first.file('secrets.json')).mode & 0o777).toBe(0o600);
    const second = openDataFolder(home);
    expect(second.prepare()).toEqual(secrets);
    second.release();
  });

  it('is refused to a second system in one line', () => {
    const held = openDataFolder(folder);
    expect(() => openDataFolder(folder)).toThrow(
      `Holdfast runs on ${folder} already (process ${process.pid}): stop it, or use another --data`,
    );
    held.release();
  });

  it('is refused when it has files that are not ours, and keeps them', () => {
    writeFileSync(path.join(folder, 'thesis.txt'), 'mine');
    expect(() => openDataFolder(folder)).toThrow(DataFolderRefused);
    expect(readdirSync(folder)).toEqual(['thesis.txt']);
  });

  it('is refused when it is a file', () => {
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    expect(() => openDataFolder(file)).toThrow(/^the data folder .* cannot be used \(EEXIST\)$/);
  });

  it('is emptied for a fresh start, but stays locked', () => {
    const data = openDataFolder(folder);
    data.prepare();
    mkdirSync(data.file('postgres'));
    data.empty();
    expect(readdirSync(folder)).toEqual(['lock']);
    data.release();
  });
});

describe('what a killed run left behind', () => {
  it('is stopped, but not a process that only has the same number', async () => {
    const ours = await bystander();
    const other = await bystander();
    const data = openDataFolder(folder);
    const child = { group: 0, signal: 'SIGTERM', deadlineMs: 5_000 } as const;
    writeJson(data.file(processListName), {
      launcher: 1,
      keeper: null,
      children: [
        { ...child, name: 'shard-1', ...ours },
        { ...child, name: 'shard-2', ...other, identity: 'another:1' },
      ],
    });
    expect(await stopLeftovers(data)).toEqual(['shard-1']);
    expect([isAlive(ours.pid), isAlive(other.pid)]).toEqual([false, true]);
    expect(readdirSync(folder)).toEqual(['lock']);
    data.release();
  });

  it('is nothing after a clean stop, or when the list is torn', async () => {
    const data = openDataFolder(folder);
    expect(await stopLeftovers(data)).toEqual([]);
    writeFileSync(data.file(processListName), '{"children":');
    expect(await stopLeftovers(data)).toEqual([]);
    data.release();
  });

  it('is not a process that got the pid of the old Postgres; its pid file goes', async () => {
    const other = await bystander();
    writeFileSync(path.join(folder, 'postmaster.pid'), `${other.pid}\n${folder}\n`);
    expect(leftoverPostgres(folder)).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not the zombie of the old Postgres; its pid file goes', async () => {
    const pid = await zombie();
    expect(pidIsTaken(pid)).toBe(true);
    writeFileSync(path.join(folder, 'postmaster.pid'), `${pid}\n${folder}\n`);
    expect(leftoverPostgres(folder)).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves the pid file of a dead Postgres to Postgres', () => {
    writeFileSync(path.join(folder, 'postmaster.pid'), `${2 ** 22 + 1}\n${folder}\n`);
    expect(leftoverPostgres(folder)).toBeNull();
    expect(readdirSync(folder)).toEqual(['postmaster.pid']);
  });
});

describe('a folder that the user of the database cannot reach', () => {
  it('is found by the first closed folder above it', () => {
    const inner = path.join(folder, 'closed', 'open');
    mkdirSync(inner, { recursive: true });
    const stranger = { uid: 54_321, gid: 54_321 };
    for (const [mode, wanted] of [
      [0o755, null],
      [0o700, path.join(folder, 'closed')],
    ] as const) {
      chmodSync(path.join(folder, 'closed'), mode);
      chmodSync(folder, 0o755);
      expect(closedAncestor(inner, stranger)).toBe(wanted);
    }
  });
});
