import { describe, expect, it } from '@jest/globals';
import { differsIn, type KnownDispute } from './disputed.js';

const id = 'du_1';
const moved = (...amounts: number[]) => amounts.map((amount) => ({ amount }));
const at = (status: string, ...amounts: number[]) => ({
  ...{ id, status },
  balance_transactions: moved(...amounts),
});
const here = (status: string, away: number, open: number, lost: number): KnownDispute => ({
  ...{ id, status, away, open, lost },
});

describe('a dispute of a trial', () => {
  it.each([
    ['asked about', at('warning_needs_response'), here('warning_needs_response', 0, 0, 0)],
    ['open', at('needs_response', -700), here('needs_response', 700, 700, 0)],
    ['lost', at('lost', -700), here('lost', 700, 0, 700)],
    ['won, after whatever', at('won', -700, 700), here('won', 0, 0, 0)],
  ])('is the same here: %s', (_how, dispute, known) => {
    expect(differsIn(dispute, known)).toBeNull();
  });

  it.each([
    ['that nobody heard of', at('needs_response', -700), undefined, /nobody here knows/],
    ['of which not all was heard', at('won', -700, 700), here('lost', 700, 0, 700), /here lost/],
    ['that is still open in the ledger', at('lost', -700), here('lost', 700, 700, 0), /700,0,700/],
    ['that was entered twice', at('lost', -700), here('lost', 1_400, 0, 1_400), /1400,0,1400/],
    ['that was not entered', at('needs_response', -700), here('needs_response', 0, 0, 0), /0,0,0/],
  ])('is found wrong: one %s', (_how, dispute, known, words) => {
    expect(differsIn(dispute, known)).toMatch(words);
  });
});
