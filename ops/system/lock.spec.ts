import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from './paths.js';
import { acquireLock, lockHolder, removeLockOf, type HeldLock } from './lock.mjs';
import { isAlive, processIdentity } from './processes.mjs';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-lock-'));
  file = path.join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function held(): HeldLock {
  const lock = acquireLock(file);
  if (lock.holder !== undefined) throw new Error(`held by ${lock.holder}`);
  return lock;
}

describe('a lock file', () => {
  it('is held by one, and free again after release', () => {
    const lock = held();
    expect(acquireLock(file)).toEqual({ holder: process.pid });
    expect(lockHolder(file)).toBe(process.pid);
    lock.release();
    expect(lockHolder(file)).toBeNull();
    held().release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is taken over from a process that is dead', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    const text = { pid: child.pid, identity: processIdentity(child.pid ?? 0) };
    await once(child, 'exit');
    writeFileSync(file, JSON.stringify(text));
    expect(lockHolder(file)).toBeNull();
    expect(held().recovered).toBe(true);
  });

  it('is taken over when its pid now belongs to another process', () => {
    writeFileSync(file, JSON.stringify({ pid: process.pid, identity: 'another:1' }));
    expect(held().recovered).toBe(true);
  });

  it('is taken over when it was torn by a power loss', () => {
    writeFileSync(file, '{"pid":');
    expect(held().recovered).toBe(true);
  });

  it('is not released by somebody who lost it', () => {
    const first = held();
    rmSync(file);
    writeFileSync(file, JSON.stringify({ pid: process.ppid, identity: null }));
    first.release();
    expect(lockHolder(file)).toBe(process.ppid);
  });

  it('can be removed in the name of its dead holder only', () => {
    writeFileSync(file, JSON.stringify({ pid: 1, identity: null }));
    removeLockOf(file, 2);
    expect(readdirSync(folder)).toEqual(['lock']);
    removeLockOf(file, 1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('goes to exactly one of many that find the same stale lock at once', async () => {
    writeFileSync(file, JSON.stringify({ pid: 0, identity: null }));
    const lock = pathToFileURL(path.join(projectRoot, 'ops/system/lock.mjs')).href;
    const script =
      `const { acquireLock } = await import(${JSON.stringify(lock)});` +
      `const got = acquireLock(${JSON.stringify(file)});` +
      "process.stdout.write(got.holder === undefined ? 'mine' : 'busy');" +
      'process.stdin.on("data", () => process.exit()).resume();';
    const children = Array.from({ length: 6 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', script]),
    );
    const answers = await Promise.all(
      children.map(async (child) => String((await once(child.stdout, 'data'))[0])),
    );
    children.forEach((child) => child.stdin.write('end\n'));
    await Promise.all(children.map((child) => once(child, 'exit')));
    expect(answers.filter((answer) => answer === 'mine')).toHaveLength(1);
  });
});

describe('the identity of a process', () => {
  it('stays the same, and is null for one that is gone', async () => {
    expect(processIdentity(process.pid)).toBe(processIdentity(process.pid));
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    expect(processIdentity(child.pid ?? 0)).toBeNull();
    expect(isAlive(child.pid ?? 0)).toBe(false);
    expect(isAlive(0)).toBe(false);
  });
});
