import { describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';

import { ProviderTimes } from './provider-times.js';

describe('how long the payment provider takes of late', () => {
  it('is what nine of ten of its last answers stayed under', () => {
    const times = new ProviderTimes();
    for (let i = 1; i <= 100; i += 1) times.note(1_000, i === 100 ? 30_000 : i);
    expect(times.recentMs(1_000)).toBe(90);
    for (let i = 0; i < limits.providerTimesKept; i += 1) times.note(1_000, 2_500);
    expect(times.recentMs(1_000)).toBe(2_500);
  });

  it('is not known when nothing was asked of it for a while', () => {
    const times = new ProviderTimes();
    expect(times.recentMs(0)).toBeNull();
    times.note(1_000, 40);
    expect(times.recentMs(999 + limits.providerTimesMs)).toBe(40);
    expect(times.recentMs(1_000 + limits.providerTimesMs)).toBeNull();
  });
});
