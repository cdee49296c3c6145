import { expect, it } from '@jest/globals';

import { silentLog } from '#libs/platform/log.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import { createStripePolicy } from './stripe-policy.js';
import { TooLateError } from './stripe-errors.js';

const fails = (): Promise<never> => Promise.reject(new Error('socket hang up'));

it('says how long a provider that fails is left alone, and lets somebody try then', async () => {
  const clock = new VirtualClock();
  const policy = createStripePolicy({ timeoutMs: 1_000, clock, log: silentLog() });
  expect(policy.restMs()).toBe(0);
  await expect(policy.execute(() => Promise.reject(new TooLateError('late')))).rejects.toThrow();
  expect(policy.restMs()).toBe(0);
  let calls = 0;
  while (policy.restMs() === 0 && calls < 200) {
    calls += 1;
    await policy.execute(fails).catch(() => undefined);
  }
  const restMs = policy.restMs();
  expect(restMs).toBeGreaterThan(0);
  await clock.advance(restMs - 1);
  expect(policy.restMs()).toBe(1);
  await clock.advance(1);
  expect(policy.restMs()).toBe(0);
}, 30_000);
