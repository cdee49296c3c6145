import { constants, PerformanceObserver } from 'node:perf_hooks';
import { describe, expect, it } from '@jest/globals';
import { until } from '#libs/testing/until.js';
import { growOld } from './grow-old.js';

interface GcEntry {
  readonly detail: { readonly kind: number };
}

const collecting: readonly number[] = [
  constants.NODE_PERFORMANCE_GC_MINOR,
  constants.NODE_PERFORMANCE_GC_MAJOR,
];

describe('a process that has just started', () => {
  it.each([true, false])('makes old what lives, in pieces (touching memory: %s)', async (touch) => {
    let collections = 0;
    const observer = new PerformanceObserver((list) => {
      for (const { detail } of list.getEntries() as unknown as readonly GcEntry[]) {
        if (collecting.includes(detail.kind)) collections += 1;
      }
    });
    observer.observe({ entryTypes: ['gc'] });
    let pieces = 0;
    const breathe = (): Promise<void> => {
      pieces += 1;
      return new Promise((resolve) => setImmediate(resolve));
    };
    await growOld({ touch, breathe });
    expect(pieces).toBeGreaterThan(10);
    await until(() => collections >= 2, 'it was collected twice');
    observer.disconnect();
  });
});
