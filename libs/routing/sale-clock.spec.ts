import { beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import { SaleClock, slewParts } from './sale-clock.js';

const hourMs = 3_600_000;

let base: VirtualClock;
let clock: SaleClock;
/** The store's wall clock minus the monotonic one. */
let storeAheadMs: number;

beforeEach(() => {
  base = new VirtualClock(5_000);
  clock = new SaleClock(base);
  storeAheadMs = 1_800_000_000_000;
});

const storeNowMs = (): number => base.monotonicMs() + storeAheadMs;

/** One question: the store reads its clock half way. */
async function ask(tookMs = 0, promisesNothing = false): Promise<void> {
  const sentAtMs = base.monotonicMs();
  await base.advance(tookMs / 2);
  const storeMs = storeNowMs();
  await base.advance(tookMs / 2);
  clock.hear({ storeMs, sentAtMs, heardAtMs: base.monotonicMs() }, promisesNothing);
}

async function askFor(durationMs: number, promisesNothing = false): Promise<void> {
  for (let passedMs = 0; passedMs < durationMs; passedMs += 250) {
    await base.advance(250);
    await ask(0, promisesNothing);
  }
}

describe('the clock of a sale', () => {
  it('shows no time before the store has told it', () => {
    expect(() => clock.nowMs()).toThrow('the store has told its time');
  });

  it('is the time of the store, and goes on without it', async () => {
    await ask();
    await base.advance(60_000);
    expect(clock.nowMs()).toBe(storeNowMs());
  });

  it('is late by no more than an answer took, never early (S1)', async () => {
    await ask(400);
    expect(storeNowMs() - clock.nowMs()).toBe(200);
    await askFor(30_000);
    expect(storeNowMs() - clock.nowMs()).toBe(0);
    await ask(400);
    expect(storeNowMs() - clock.nowMs()).toBe(0);
  });

  it.each([hourMs, -hourMs])('does not see the wall clock step by %d ms', async (stepMs) => {
    await ask();
    base.jump(stepMs);
    await askFor(10_000);
    expect(clock.nowMs()).toBe(storeNowMs());
  });

  it.each([hourMs, -hourMs])('follows a store that steps by %d ms slowly (S3)', async (stepMs) => {
    await ask();
    const beforeMs = clock.nowMs();
    storeAheadMs += stepMs;
    await askFor(100_000);
    const wanted = 100_000 + (Math.sign(stepMs) * 100_000) / slewParts;
    expect(clock.nowMs() - beforeMs).toBe(wanted);
    expect(Math.sign(clock.gapMs)).toBe(Math.sign(stepMs));
  });

  it('never goes back (S2)', async () => {
    await ask();
    storeAheadMs -= 100;
    for (let i = 0; i < 100; i += 1) {
      await base.advance(250);
      const beforeMs = clock.nowMs();
      await ask();
      expect(clock.nowMs()).toBeGreaterThanOrEqual(beforeMs);
    }
    expect(storeNowMs() - clock.nowMs()).toBe(0);
  });

  it('steps forward, and only forward, while nothing is promised (S4)', async () => {
    await ask();
    storeAheadMs += hourMs;
    await ask(0, true);
    expect(clock.nowMs()).toBe(storeNowMs());
    storeAheadMs -= hourMs;
    await askFor(1_000, true);
    expect(clock.nowMs()).toBeGreaterThan(storeNowMs() + hourMs - 1_000);
  });
});
