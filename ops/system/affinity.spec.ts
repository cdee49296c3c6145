import { describe, expect, it } from '@jest/globals';
import { divideCores, findCores, onCores, parseCoreList } from './affinity.js';

describe('cores', () => {
  it.each([
    ['0', [0]],
    ['0-3', [0, 1, 2, 3]],
    ['2,4-5,9', [2, 4, 5, 9]],
    ['', []],
  ])('are read from the kernel list "%s"', (list, cores) => {
    expect(parseCoreList(list)).toEqual(cores);
  });

  it('are one for each gateway, and what is left for everything else', () => {
    expect(divideCores([0, 1, 2], 1)).toEqual({ gateways: [0], others: [1, 2] });
    expect(divideCores([4, 6, 7, 9], 2)).toEqual({ gateways: [4, 6], others: [7, 9] });
  });

  it('of the gateways are shared when a single one is left', () => {
    expect(divideCores([0, 1], 1)).toEqual({ gateways: [0], others: [0, 1] });
    expect(divideCores([2, 3, 5], 2)).toEqual({ gateways: [2, 3], others: [2, 3, 5] });
  });

  it('are not divided when nothing is left for the others', () => {
    expect(divideCores([0], 1)).toBeNull();
    expect(divideCores([0, 1], 2)).toBeNull();
  });

  it('go before the command', () => {
    expect(onCores('/usr/bin/taskset', [1, 3], ['node', 'x.js'])).toEqual([
      '/usr/bin/taskset',
      '--cpu-list',
      '1,3',
      'node',
      'x.js',
    ]);
  });

  it('are found on this machine, or the reason is', () => {
    const found = findCores();
    if ('reason' in found) expect(found.reason).toContain('taskset');
    else expect(found.allowed.length).toBeGreaterThan(0);
  });
});
