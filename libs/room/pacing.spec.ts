import { describe, expect, it } from '@jest/globals';
import { advance, type Demand } from './pacing.js';
import type { Room, RoomCounts } from './room.js';

const nowMs = 1_000_000;

const room = (more: Partial<Room> = {}): Room =>
  ({
    ...{ serving: 0, nextIndex: 10_000, activeMax: 100, ratePerMinute: 60_000, paused: false },
    ...{ soldOut: false, placesFree: null, pacedUntilMs: nowMs - 1_000, claimMs: 60_000 },
    ...{ together: null, pacePercent: 100 },
    ...{ head: { final: true }, ...more },
  }) as unknown as Room;

const counts = (more: Partial<RoomCounts> = {}): RoomCounts => ({
  ...{ active: 0, activePeople: 0, lapsedBelow: 0, claimedSince: 0, lapsedSample: 0 },
  claimedLapsing: 0,
  ...{ claimedSample: 0, settledSample: 0, settledPeople: 0, boughtPlaces: 0, ...more },
});

const called = (one: Room, now: RoomCounts, demand?: Demand): number =>
  (advance(one, now, nowMs, demand)?.serving ?? one.serving) - one.serving;

const demandOf = (more: Partial<Demand> = {}): Demand => ({
  ...{ seeking: 0, looked: 0, ending: 0, ...more },
});

describe('pacing', () => {
  it('calls no more than may be admitted at once (PCG1)', () => {
    expect(called(room(), counts())).toBe(100);
    expect(called(room(), counts({ active: 60, activePeople: 60 }))).toBe(40);
    expect(called(room({ serving: 30 }), counts())).toBe(70);
    expect(called(room({ serving: 30 }), counts({ active: 30, claimedSince: 30 }))).toBe(70);
    expect(called(room({ serving: 100 }), counts({ active: 5, claimedSince: 5 }))).toBe(0);
  });

  it('waits for those who never come one claim window, and expects less of the next (PCG1)', () => {
    const silent = { lapsedBelow: 100, lapsedSample: 100, claimedSample: 0 };
    expect(called(room({ serving: 100 }), counts(silent))).toBe(100);
    // 50 called, of whom five are expected.
    expect(called(room({ serving: 150 }), counts(silent))).toBe(95);
    const half = { lapsedBelow: 100, lapsedSample: 100, claimedSample: 50 };
    expect(called(room({ serving: 150 }), counts(half))).toBe(75);
  });

  it('calls no more people than places are free (PCG2)', () => {
    expect(called(room({ placesFree: 20 }), counts())).toBe(10);
    expect(called(room({ placesFree: 20 }), counts({ active: 10, activePeople: 40 }))).toBe(5);
    expect(called(room({ placesFree: 20, serving: 8 }), counts())).toBe(2);
    expect(called(room({ placesFree: 0 }), counts())).toBe(0);
  });

  it('leaves to those who are in what they may still hold (PCG2)', () => {
    const inside = counts({ active: 10, activePeople: 20 });
    const one = room({ placesFree: 20 });
    expect(called(one, inside, demandOf({ seeking: 12, looked: 20 }))).toBe(4);
    expect(called(one, inside, demandOf({ seeking: 20, looked: 20 }))).toBe(0);
    // Nobody has looked at half of them.
    expect(called(one, inside, demandOf({ seeking: 4, looked: 10 }))).toBe(3);
  });

  it('calls as many as would buy, by those who were in (PCG2)', () => {
    const one = room({ placesFree: 20 });
    const half = { settledSample: 20, settledPeople: 40, boughtPlaces: 20 };
    expect(called(one, counts(half), demandOf())).toBe(20);
    expect(called(one, counts({ ...half, settledSample: 19 }), demandOf())).toBe(10);
    expect(called(one, counts({ ...half, boughtPlaces: 0 }), demandOf())).toBe(50);
    // Of what is held and about to end, half is expected back.
    expect(called(one, counts(half), demandOf({ ending: 4 }))).toBe(22);
  });

  it('counts what is free where a party of the usual size can sit (PCG2)', () => {
    const fours = counts({ active: 2, activePeople: 8 });
    const demand = demandOf({ looked: 8 });
    expect(called(room({ placesFree: 20, together: [20, 9, 5, 3] }), fours, demand)).toBe(3);
    // No four together any more, but two threes.
    expect(called(room({ placesFree: 20, together: [20, 8, 2, 0] }), fours, demand)).toBe(1);
  });

  it('does not stand still before a place that fits nobody (PCG5)', () => {
    const last = room({ placesFree: 1, together: [1, 0, 0, 0] });
    expect(called(last, counts(), demandOf())).toBe(1);
    const inside = counts({ active: 1, activePeople: 2 });
    expect(called(last, inside, demandOf({ seeking: 2, looked: 2 }))).toBe(0);
    expect(called({ ...last, serving: 1 }, counts(), demandOf())).toBe(0);
    const half = counts({ settledSample: 20, settledPeople: 40, boughtPlaces: 20 });
    expect(called({ ...last, placesFree: 0 }, half, demandOf({ ending: 9 }))).toBe(4);
    expect(called({ ...last, placesFree: 0 }, half, demandOf({ ending: 1 }))).toBe(0);
  });

  it('has a part of its rate, or nothing, while answers are slow (PCG3)', () => {
    expect(called(room({ ratePerMinute: 600, pacePercent: 50 }), counts())).toBe(5);
    expect(called(room({ ratePerMinute: 600, pacePercent: 0 }), counts())).toBe(0);
  });

  it('does not stand still before a single place when nobody is there to take it (PCG5)', () => {
    expect(called(room({ placesFree: 1 }), counts())).toBe(1);
    expect(called(room({ placesFree: 1, serving: 1 }), counts())).toBe(0);
    expect(called(room({ placesFree: 1 }), counts({ active: 1, activePeople: 4 }))).toBe(0);
  });

  it('calls at a low rate too, one after the other (PCG3)', () => {
    const slow = room({ ratePerMinute: 2, pacedUntilMs: null });
    expect(called(slow, counts())).toBe(1);
    expect(called({ ...slow, pacedUntilMs: nowMs - 29_000 }, counts())).toBe(0);
    expect(called({ ...slow, pacedUntilMs: nowMs - 90_000 }, counts())).toBe(1);
  });

  it('keeps the rate, also when it was away for long (PCG3)', () => {
    expect(called(room({ ratePerMinute: 600 }), counts())).toBe(10);
    expect(called(room({ ratePerMinute: 600, pacedUntilMs: null }), counts())).toBe(20);
    const next = advance(room({ ratePerMinute: 600 }), counts(), nowMs);
    expect(next?.pacedUntilMs).toBe(nowMs);
    // What is not a whole one yet is not lost.
    const slow = room({ ratePerMinute: 40, pacedUntilMs: nowMs - 1_400 });
    expect(called(slow, counts())).toBe(0);
    expect(called({ ...slow, pacedUntilMs: nowMs - 1_600 }, counts())).toBe(1);
  });

  it('calls nobody who is not there, and nobody in a pause or without places (PCG4)', () => {
    expect(called(room({ nextIndex: 3 }), counts())).toBe(3);
    expect(called(room({ paused: true }), counts())).toBe(0);
    expect(called(room({ soldOut: true }), counts())).toBe(0);
    expect(called(room({ ratePerMinute: 0 }), counts())).toBe(0);
    expect(called(room({ head: null }), counts())).toBe(0);
  });
});
