import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PendingCall } from './lane.js';
import { PendingCalls } from './pending-calls.js';

const call = (): PendingCall => ({ correlation: 0 }) as PendingCall;

describe('pending calls', () => {
  it('are found by their number until they are removed, in order of adding', () => {
    const steps = fc.array(fc.oneof(fc.constant(-1), fc.nat(3_000)), { maxLength: 4_000 });
    fc.assert(
      fc.property(steps, (choices) => {
        const calls = new PendingCalls();
        const model = new Map<number, PendingCall>();
        for (const choice of choices) {
          if (choice < model.size && choice >= 0) {
            const [number, pending] = [...model][choice];
            calls.remove(pending);
            model.delete(number);
            expect(calls.get(number)).toBeUndefined();
          } else {
            const pending = call();
            calls.add(pending);
            expect(model.has(pending.correlation)).toBe(false);
            model.set(pending.correlation, pending);
          }
        }
        expect(calls.size).toBe(model.size);
        expect(calls.all()).toEqual([...model.values()]);
        for (const [number, pending] of model) expect(calls.get(number)).toBe(pending);
      }),
      { numRuns: 30 },
    );
  });

  it('are not found by a number that falls into the same slot', () => {
    const calls = new PendingCalls();
    const pending = call();
    calls.add(pending);
    for (let slots = 1; slots <= 2 ** 20; slots *= 2) {
      expect(calls.get(pending.correlation + slots)).toBeUndefined();
    }
    expect(calls.get(pending.correlation)).toBe(pending);
  });

  it('skip the number whose slot is taken by a call that waits long', () => {
    const calls = new PendingCalls();
    const slow = call();
    calls.add(slow);
    const seen = new Set([slow.correlation]);
    for (let i = 0; i < 20_000; i++) {
      const quick = call();
      calls.add(quick);
      expect(seen.has(quick.correlation)).toBe(false);
      seen.add(quick.correlation);
      calls.remove(quick);
    }
    expect(calls.get(slow.correlation)).toBe(slow);
    expect(calls.all()).toEqual([slow]);
  });

  it('are removed once, also when their number was given anew', () => {
    const calls = new PendingCalls();
    const pending = call();
    calls.add(pending);
    const first = pending.correlation;
    calls.remove(pending);
    calls.add(pending);
    expect(calls.get(first)).toBeUndefined();
    calls.remove(pending);
    calls.remove(pending);
    expect(calls.size).toBe(0);
  });
});
