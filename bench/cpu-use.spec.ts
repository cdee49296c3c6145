import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { cpuSpent, cpuUse } from './cpu-use.js';

const hasProc = existsSync('/proc/self/stat');

describe('CPU time by process', () => {
  it('grows with work of the process and of its children, under one name for all of a role', () => {
    const processes = [{ name: 'worker-1', pid: process.pid }];
    const before = cpuUse(processes);
    const begun = process.cpuUsage().user;
    while (process.cpuUsage().user - begun < 60_000);
    const spent = cpuSpent(before, cpuUse(processes));
    if (hasProc) expect(spent?.worker).toBeGreaterThanOrEqual(20_000);
    else expect(spent).toBeNull();
  });

  it('counts the children of a process', async () => {
    const busy = 'const t = Date.now() + 3000; while (Date.now() < t);';
    const child = spawn(process.execPath, ['-e', busy]);
    const parent = [{ name: 'parent', pid: process.pid }];
    const own = [{ name: 'child', pid: child.pid ?? 0 }];
    const deadline = performance.now() + 5_000;
    let childUs = 0;
    while (hasProc && childUs < 50_000 && performance.now() < deadline) {
      childUs = cpuUse(own)?.child ?? 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
    const parentUs = cpuUse(parent)?.parent ?? 0;
    child.kill('SIGKILL');
    expect(childUs >= 50_000 || !hasProc).toBe(true);
    expect(parentUs).toBeGreaterThanOrEqual(childUs);
  });
});
