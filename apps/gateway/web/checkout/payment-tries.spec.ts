import { beforeEach, describe, expect, it } from '@jest/globals';
import { endTry, keyOfTry, tryIsBooking } from './payment-tries.js';

const kept = new Map<string, string>();
Object.assign(globalThis, {
  sessionStorage: {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  },
});

describe('a try to pay', () => {
  beforeEach(() => kept.clear());

  it('is the same one with the same card, and another with another', () => {
    const key = keyOfTry('rsv_a', 'pm_1');
    tryIsBooking('rsv_a', key, 'bkg_1');
    expect(keyOfTry('rsv_a', 'pm_1')).toBe(key);
    expect(keyOfTry('rsv_b', 'pm_1')).not.toBe(key);
    expect(keyOfTry('rsv_a', 'pm_2')).not.toBe(key);
  });

  it('is ended by its key or its booking', () => {
    const first = keyOfTry('rsv_a', 'pm_1');
    endTry('rsv_a', first);
    const second = keyOfTry('rsv_a', 'pm_1');
    expect(second).not.toBe(first);
    tryIsBooking('rsv_a', second, 'bkg_2');
    endTry('rsv_a', 'bkg_2');
    expect(keyOfTry('rsv_a', 'pm_1')).not.toBe(second);
  });

  it('is not ended by what became of an older one', () => {
    const first = keyOfTry('rsv_a', 'pm_1');
    tryIsBooking('rsv_a', first, 'bkg_1');
    const second = keyOfTry('rsv_a', 'pm_2');
    // Its answer comes late.
    tryIsBooking('rsv_a', first, 'bkg_1');
    endTry('rsv_a', 'bkg_1');
    endTry('rsv_a', first);
    expect(keyOfTry('rsv_a', 'pm_2')).toBe(second);
  });
});
