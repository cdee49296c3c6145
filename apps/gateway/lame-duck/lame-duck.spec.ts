import { beforeEach, describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';
import { silentLog } from '#libs/platform/log.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import { LameDuck, returnWindowMs } from './lame-duck.js';

describe('a gateway in lame duck', () => {
  let clock: VirtualClock;
  let open: number;
  let told: { atMs: number; retryAfterMs: number }[];
  let duck: LameDuck;
  let draw: number;

  beforeEach(() => {
    clock = new VirtualClock();
    open = 10_000;
    told = [];
    draw = 0;
    const sockets = {
      get count() {
        return open;
      },
      closeSome(count: number, retryAfterMs: () => number) {
        for (let left = Math.min(count, open); left > 0; left -= 1) {
          open -= 1;
          told.push({ atMs: clock.monotonicMs(), retryAfterMs: retryAfterMs() });
        }
      },
    };
    // Evenly over [0, 1), in an order that has nothing to do with who is closed first.
    const fraction = (): number => ((draw++ * 7_919) % 10_000) / 10_000;
    const random = { token: () => '', fraction };
    const onChange = (): void => undefined;
    const graceMs = limits.lameDuckGraceMs;
    const ports = { clock, random, log: silentLog() };
    duck = new LameDuck({ kinds: [sockets], ...ports, graceMs, onChange });
  });

  it('is not ready at once, but keeps everybody for the grace', async () => {
    expect(duck.enter()).toBe(true);
    expect(duck.enter()).toBe(false);
    expect(duck.state).toBe('lame_duck');
    await clock.advance(limits.lameDuckGraceMs - 1);
    expect([open, duck.refusal()]).toEqual([10_000, null]);
    await clock.advance(1);
    expect(open).toBeLessThan(10_000);
    expect(duck.refusal()).toEqual({ retry_after_ms: expect.any(Number) });
  });

  it('lets 10,000 clients go in a bounded time, and they come back at a bounded rate', async () => {
    duck.enter();
    await clock.advance(limits.lameDuckGraceMs + limits.lameDuckCloseMs);
    expect(open).toBe(0);
    const perSlice = new Map<number, number>();
    for (const { atMs } of told) perSlice.set(atMs, (perSlice.get(atMs) ?? 0) + 1);
    expect(perSlice.size).toBeGreaterThan(20);
    expect(Math.max(...perSlice.values())).toBeLessThan(500);
    const perSecond = new Map<number, number>();
    for (const { atMs, retryAfterMs } of told) {
      const second = Math.floor((atMs + retryAfterMs) / 1_000);
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
    }
    const most = Math.max(...perSecond.values());
    expect(most).toBeLessThanOrEqual(limits.lameDuckReturnsPerSecond * 1.1);
  });

  it('can be called back, at any time before it stops', async () => {
    duck.enter();
    await clock.advance(limits.lameDuckGraceMs + limits.lameDuckSliceMs);
    const left = open;
    expect(left).toBeGreaterThan(0);
    expect(duck.cancel()).toBe(true);
    await clock.advance(60_000);
    expect([open, duck.state, duck.refusal()]).toEqual([left, 'serving', null]);
    expect(duck.cancel()).toBe(false);
  });

  it('leaves without a second grace when an operator had given it one', async () => {
    duck.enter();
    await clock.advance(limits.lameDuckGraceMs * 10);
    let left = false;
    void duck.leave(limits.lameDuckGraceMs).then(() => (left = true));
    await clock.advance(1);
    expect([left, duck.state, duck.cancel()]).toEqual([true, 'stopping', false]);
  });

  it('lets everybody go at once when it is hurried', async () => {
    let left = false;
    void duck.leave(limits.lameDuckGraceMs).then(() => (left = true));
    await clock.advance(10);
    duck.hurry();
    await clock.advance(0);
    expect([open, left]).toEqual([0, true]);
  });

  it('gives few clients a short time and many a longer one, with a bound', () => {
    expect(returnWindowMs(3)).toBe(limits.lameDuckReturnMsMin);
    expect(returnWindowMs(10_000)).toBe(5_000);
    expect(returnWindowMs(1e9)).toBe(limits.lameDuckReturnMsMax);
  });
});
