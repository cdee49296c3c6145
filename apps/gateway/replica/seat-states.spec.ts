import { describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';

import type { EventEntry } from '../events/event-book.js';
import { SeatStates, type StateSource } from './seat-states.js';

class Source implements StateSource {
  entry = { detail: { eventId: 'evt_show1', rulesRevision: 0 } } as unknown as EventEntry;
  stateEpoch = 3;
  version = 1;
  taken = 0;

  snapshot() {
    this.taken += 1;
    return { letters: Uint8Array.of(this.version), saleStatus: 'open' as const, areas: [] };
  }
}

describe('the states of the seats', () => {
  it('are named by the owner and the version', () => {
    const source = new Source();
    const states = new SeatStates(source);
    const one = states.newest(0);
    expect([one.name, one.path]).toEqual(['3.1', '/v1/events/evt_show1/seats/3.1']);
    source.stateEpoch = 4;
    expect(states.newest(10_000).name).toBe('4.1');
    const tags = Object.values(one.tags).flatMap((byCoding) => Object.values(byCoding));
    expect(new Set(tags).size).toBe(6);
  });

  it('are other states once the rules have changed, also of the same seats', () => {
    const source = new Source();
    const states = new SeatStates(source);
    const before = states.newest(0);
    source.entry = { detail: { eventId: 'evt_show1', rulesRevision: 2 } } as unknown as EventEntry;
    const after = states.newest(10_000);
    expect(after.name).toBe('3.1.2');
    expect([before.entry, after.entry].map(({ detail }) => detail.rulesRevision)).toEqual([0, 2]);
    expect(states.named('3.1', 10_000)).toBe(before);
  });

  it('are taken at most four times in any second, however often they change', () => {
    const source = new Source();
    const states = new SeatStates(source);
    const takenAtMs: number[] = [];
    for (let ms = 0; ms < 10_000; ms++) {
      source.version += 1;
      const before = source.taken;
      const state = states.newest(ms);
      if (source.taken > before) takenAtMs.push(ms);
      expect(ms - state.takenAtMs).toBeLessThanOrEqual(1_000);
    }
    const max = limits.seatStatesPerSecondMax;
    takenAtMs.forEach((ms, i) => {
      if (i >= max) expect(ms - takenAtMs[i - max]).toBeGreaterThanOrEqual(1_000);
    });
    expect(takenAtMs.length).toBeGreaterThanOrEqual(38);
  });

  it('follow a quiet event at once', () => {
    const source = new Source();
    const states = new SeatStates(source);
    states.newest(0);
    source.version = 2;
    expect(states.newest(1).version).toBe(2);
    source.version = 3;
    expect(states.newest(2).version).toBe(2);
    expect(states.waitMs(2)).toBe(limits.seatStateGapMs - 1);
    expect(states.newest(1 + limits.seatStateGapMs).version).toBe(3);
  });

  it('are taken once for each change', () => {
    const source = new Source();
    const states = new SeatStates(source);
    for (let ms = 0; ms < 60_000; ms += 100) states.newest(ms);
    expect(source.taken).toBe(1);
  });

  it('can be asked for by name for a while, and their number is bounded', () => {
    const source = new Source();
    const states = new SeatStates(source);
    const names: string[] = [];
    for (let i = 0; i < limits.seatStatesKept + 5; i++) {
      source.version = i;
      names.push(states.newest(i * 1_000).name);
    }
    const nowMs = names.length * 1_000;
    const found = names.filter((name) => states.named(name, nowMs) !== null);
    expect(found).toEqual(names.slice(5));
    expect(states.bytes).toBe(limits.seatStatesKept);
    expect(states.named('3.999', nowMs)).toBeNull();
  });

  it('know the newest by name although nobody asked for it before', () => {
    const source = new Source();
    const states = new SeatStates(source);
    source.version = 9;
    expect(states.named('3.9', 0)?.version).toBe(9);
  });
});
