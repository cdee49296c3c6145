import { beforeEach, describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import { FreshStates } from './fresh-states.js';
import type { EventEntry } from '../events/event-book.js';
import { SeatStates } from './seat-states.js';

const roundTripMs = 5;

describe('a state that is no older than the request', () => {
  let clock: VirtualClock;
  let ownerVersion: number | null;
  let version: number;
  let asked: number;
  let states: SeatStates;
  let fresh: FreshStates;

  beforeEach(() => {
    clock = new VirtualClock();
    [ownerVersion, version, asked] = [1, 1, 0];
    states = new SeatStates({
      entry: { detail: { eventId: 'evt_show1', rulesRevision: 0 } } as unknown as EventEntry,
      stateEpoch: 1,
      get version() {
        return version;
      },
      snapshot: () => ({ letters: new Uint8Array(1), saleStatus: 'open', areas: [] }),
    });
    fresh = new FreshStates({
      clock,
      states,
      version: () => version,
      ask: (done) => {
        asked += 1;
        clock.after(roundTripMs, () => done(ownerVersion));
      },
    });
  });

  const next = (): { version: number | null | undefined } => {
    const got: { version: number | null | undefined } = { version: undefined };
    void fresh.next().then((state) => (got.version = state?.version ?? null));
    return got;
  };

  it('is there as soon as the owner has said its version', async () => {
    const got = next();
    await clock.advance(roundTripMs);
    expect(got.version).toBe(1);
  });

  it('waits for what this gateway has not heard of yet', async () => {
    ownerVersion = 2;
    const got = next();
    await clock.advance(200);
    expect(got.version).toBeUndefined();
    version = 2;
    await clock.advance(10);
    expect(got.version).toBe(2);
  });

  it('is waited for while others have used up the states of the moment', async () => {
    const got = next();
    for (const seen of [2, 3]) {
      version = seen;
      await clock.advance(1);
      states.newest(clock.monotonicMs());
    }
    ownerVersion = version = 4;
    await clock.advance(roundTripMs);
    expect(got.version).toBeUndefined();
    await clock.advance(limits.seatStateGapMs);
    expect(got.version).toBe(4);
  });

  it('asks the owner once for all who came before, and again for who came after', async () => {
    next();
    await clock.advance(1);
    ownerVersion = 2;
    version = 2;
    const later = Array.from({ length: 100 }, next);
    await clock.advance(1_000);
    expect(later.every((got) => got.version === 2)).toBe(true);
    expect(asked).toBe(2);
  });

  it('costs the owner few questions and the loop few states, however many come', async () => {
    for (let ms = 0; ms < 2_000; ms++) {
      ownerVersion = version += 1;
      next();
      await clock.advance(1);
    }
    expect(asked).toBeLessThanOrEqual(2 * limits.seatStatesPerSecondMax + 1);
  });

  it('is none when the owner does not say, or what it said never comes', async () => {
    ownerVersion = null;
    const unheard = next();
    await clock.advance(100);
    expect(unheard.version).toBeNull();
    ownerVersion = 9;
    const unseen = next();
    await clock.advance(limits.seatsFreshWaitMs + 200);
    expect(unseen.version).toBeNull();
  });
});
