import { describe, expect, it } from '@jest/globals';
import { freeSeat, linearize, type SeatOperation } from './linearizability.js';

const move = (from: string, to: string, callMs: number, answerMs: number): SeatOperation => ({
  name: `${from} to ${to}`,
  callMs,
  answerMs,
  step: (state) => (state === from ? to : null),
  looks: false,
});

const look = (word: string, callMs: number, answerMs: number): SeatOperation => ({
  name: `sees ${word}`,
  callMs,
  answerMs,
  step: (state) => (state === word ? state : null),
  looks: true,
});

describe('the search for an order', () => {
  it('finds one when calls overlap and only the later call can be first', () => {
    const operations = [move('a', 'b', 0, 10), move(freeSeat, 'a', 5, 10)];
    expect(linearize(operations)).toBe('yes');
  });

  it('finds none when the seat was given twice', () => {
    expect(linearize([move(freeSeat, 'a', 0, 10), move(freeSeat, 'b', 5, 20)])).toBe('no');
  });

  it('lets two have the seat when the first may have lost it in between', () => {
    const expiry = move('a', freeSeat, 12, Infinity);
    const twice = [move(freeSeat, 'a', 0, 10), expiry, move(freeSeat, 'b', 15, 20)];
    expect(linearize(twice)).toBe('yes');
    const early = [move(freeSeat, 'a', 0, 10), { ...expiry, callMs: 30 }, twice[2]];
    expect(linearize(early)).toBe('no');
  });

  it('uses what was never answered when that explains what was seen, and needs not', () => {
    const lost = move(freeSeat, 'a', 0, Infinity);
    expect(linearize([lost, look('a', 5, 6)])).toBe('yes');
    expect(linearize([lost, look(freeSeat, 5, 6)])).toBe('yes');
    expect(linearize([lost, look('a', 5, 6), look(freeSeat, 7, 8)])).toBe('no');
  });

  it('notices a look into the past', () => {
    const sold = move(freeSeat, 'a', 0, 10);
    expect(linearize([sold, look(freeSeat, 5, 15)])).toBe('yes');
    expect(linearize([sold, look(freeSeat, 11, 15)])).toBe('no');
  });

  it('is quick on a long and orderly history', () => {
    const operations = Array.from({ length: 2_000 }, (_, i) =>
      i % 2 === 0 ? move(freeSeat, 'a', i, i + 1.5) : move('a', freeSeat, i, i + 1.5),
    );
    expect(linearize(operations)).toBe('yes');
  });
});
