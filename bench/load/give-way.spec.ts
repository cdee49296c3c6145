import { spawn, spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { giveWay } from './give-way.js';

describe('The load generator', () => {
  it('says whether it gives way to the system it measures, and does what it says', () => {
    const other = spawn(process.execPath, ['-e', 'setTimeout(() => undefined, 60_000)']);
    try {
      const classOf = () => spawnSync('chrt', ['-p', String(other.pid)], { encoding: 'utf8' });
      const canGiveWay = spawnSync('chrt', ['-i', '0', 'true']).status === 0;
      if (canGiveWay) expect(classOf().stdout).not.toContain('SCHED_IDLE');
      expect(giveWay(other.pid)).toBe(canGiveWay);
      if (canGiveWay) expect(classOf().stdout).toContain('SCHED_IDLE');
    } finally {
      other.kill('SIGKILL');
    }
  });

  it('says no for a process that is not there', () => {
    expect(giveWay(2 ** 22 + 1)).toBe(false);
  });
});
