import { describe, expect, it } from '@jest/globals';
import { fitOf, isGuarding, isPlaceDue, largestFit, roughly, viewOf } from './room-view.js';
import { placeDoc, servingDoc } from './testing/room-docs.js';

const atMs = (time: string): number => Date.parse(`2027-03-01T${time}Z`);
const noon = atMs('12:00:00');

describe('what somebody before a waiting room is shown', () => {
  it('is nothing before anybody has answered, and that there is none', () => {
    expect(viewOf({ serving: undefined, place: undefined }, noon).kind).toBe('unknown');
    expect(viewOf({ serving: null, place: undefined }, noon).kind).toBe('none');
    expect(viewOf({ serving: servingDoc(), place: undefined }, noon).kind).toBe('unknown');
    const closed = servingDoc({ phase: 'closed' });
    expect(viewOf({ serving: closed, place: placeDoc() }, noon).kind).toBe('closed');
  });

  it('is when it opens, then when the draw is, by the clock and not by the last answer', () => {
    const serving = servingDoc({ phase: 'scheduled' });
    const known = { serving, place: undefined };
    expect(viewOf(known, atMs('10:59:59'))).toMatchObject({ kind: 'scheduled' });
    expect(viewOf(known, atMs('11:00:00'))).toEqual({ kind: 'outside', drawsAtMs: noon });
    const lobby = { serving: servingDoc({ phase: 'lobby' }), place: placeDoc() };
    expect(viewOf(lobby, noon - 1)).toEqual({ kind: 'lobby', drawsAtMs: noon });
    expect(viewOf(lobby, noon)).toEqual({ kind: 'drawing' });
    expect(viewOf({ ...lobby, place: null }, noon)).toEqual({ kind: 'outside', drawsAtMs: null });
  });

  it('is the place, how many are before, and a range by the pace of the last minute', () => {
    const serving = servingDoc({ serving: 40, called_per_minute: 60 });
    const place = placeDoc({ position: 100 });
    const range = [42, 90];
    expect(viewOf({ serving, place }, noon)).toEqual({
      ...{ kind: 'waiting', position: 100, before: 60, range },
    });
    const still = servingDoc({ serving: 40 });
    expect(viewOf({ serving: still, place }, noon)).toMatchObject({ before: 60, range: null });
    expect(viewOf({ serving, place: placeDoc() }, noon).kind).toBe('drawing');
  });

  it('is a turn while its time lasts, and never before it is called (RV1)', () => {
    const serving = servingDoc({ serving: 101 });
    const waiting = placeDoc({ position: 100 });
    expect(viewOf({ serving, place: waiting }, noon)).toMatchObject({ kind: 'waiting', before: 0 });
    const claim_until = '2027-03-01T12:02:00Z';
    const called = { serving, place: placeDoc({ position: 100, state: 'called', claim_until }) };
    const untilMs = atMs('12:02:00');
    expect(viewOf(called, untilMs - 1)).toEqual({ kind: 'called', untilMs });
    expect(viewOf(called, untilMs)).toEqual({ kind: 'lapsed' });
    const admission = { token: 't', until: '2027-03-01T12:10:00Z' };
    const inside = { serving, place: placeDoc({ position: 100, state: 'admitted', admission }) };
    expect(viewOf(inside, noon)).toEqual({ kind: 'admitted', untilMs: atMs('12:10:00') });
    expect(viewOf(inside, atMs('12:10:00'))).toEqual({ kind: 'over' });
  });

  it('is that all is sold, at once and to all but who is in (RV2)', () => {
    const serving = servingDoc({ sold_out: true });
    for (const place of [null, placeDoc({ position: 9 }), placeDoc({ state: 'lapsed' })]) {
      expect(viewOf({ serving, place }, noon)).toEqual({ kind: 'sold_out' });
    }
    const admission = { token: 't', until: '2027-03-01T12:10:00Z' };
    const inside = placeDoc({ position: 1, state: 'admitted', admission });
    expect(viewOf({ serving, place: inside }, noon).kind).toBe('admitted');
  });
});

describe('a question for the own place', () => {
  const due = (room: object, place: object | null | undefined) =>
    isPlaceDue({ serving: servingDoc(room), place: place == null ? place : placeDoc(place) });

  it('is asked when the answer may be another, and else by nobody', () => {
    expect(due({ phase: 'lobby' }, undefined)).toBe(true);
    expect(due({ phase: 'lobby' }, {})).toBe(false);
    expect(due({ phase: 'serving' }, null)).toBe(false);
    expect(due({ phase: 'serving' }, {})).toBe(true);
    expect(due({ phase: 'serving', serving: 5 }, { position: 5 })).toBe(false);
    expect(due({ phase: 'serving', serving: 6 }, { position: 5 })).toBe(true);
    expect(due({ phase: 'serving', serving: 6 }, { position: 5, state: 'called' })).toBe(true);
    expect(due({ phase: 'serving', serving: 6 }, { position: 5, state: 'over' })).toBe(false);
    expect(due({ phase: 'closed' }, undefined)).toBe(false);
    expect(due({ phase: 'scheduled' }, undefined)).toBe(false);
  });
});

describe('a waiting room', () => {
  it('keeps holds back from its opening until it is closed', () => {
    const guards = (room: object, nowMs: number) =>
      isGuarding({ serving: servingDoc(room) }, nowMs);
    expect(guards({ phase: 'scheduled' }, atMs('10:59:59'))).toBe(false);
    expect(guards({ phase: 'scheduled' }, atMs('11:00:00'))).toBe(true);
    expect(guards({ phase: 'serving' }, noon)).toBe(true);
    expect(guards({ phase: 'closed' }, noon)).toBe(false);
    expect(isGuarding({ serving: null }, noon)).toBe(false);
  });

  it('says for whom it is good still, by what is heard of it', () => {
    const left = (held: number, paying: number) =>
      servingDoc({ places_held: held, places_paying: paying, together: [5, 2, 0, 0] });
    expect([2, 3].map((party) => fitOf(left(1, 0), party))).toEqual(['now', 'held']);
    expect([3, 4].map((party) => fitOf(left(0, 1), party))).toEqual(['held', 'held']);
    expect(fitOf(left(0, 0), 4)).toBe('no');
    expect(fitOf(servingDoc(), 4)).toBeNull();
    expect([4, 2, 1].map((party) => largestFit(left(0, 0), party))).toEqual([2, 1, 0]);
  });

  it('is heard in few numbers while the line gets shorter', () => {
    const heard = new Set(Array.from({ length: 1_000 }, (_, before) => roughly(before)));
    expect(heard.size).toBe(29);
    expect([347, 300, 10, 7, 1, 0].map(roughly)).toEqual([400, 300, 10, 7, 1, 0]);
  });
});
