import { beforeEach, describe, expect, it } from '@jest/globals';
import * as send from '#libs/testing/commands.js';
import { DeciderSpec } from '#libs/testing/decider-spec.js';
import { plainLayout, plainRules } from '#libs/testing/plain-layout.js';
import { stillFree } from './inventory.js';

const layout = plainLayout(
  [{ seats: '.....' }, { seats: '..|..' }, { seats: '......', round: true }],
  [{ capacity: 3 }],
);
const rules = plainRules({ holdTtlMs: 1_000, paymentTtlMs: 9_000, placesPerBuyerMax: 20 });

describe('what can still be had of an event', () => {
  let sale: DeciderSpec;

  beforeEach(() => {
    sale = new DeciderSpec(layout, rules);
    sale.run(send.openSale, { at: 1_000 });
  });

  const now = (endingBeforeMs = 0) => stillFree(sale.state, 6, endingBeforeMs);

  it('is counted by how many can sit together: in a row, around a table, standing', () => {
    // 5, 2, 2 and 6 side by side, and 3 who stand.
    expect(now()).toMatchObject({ free: 18, together: [18, 8, 4, 2, 2, 1] });
  });

  it('ends at a seat that is taken, and goes on over the joint of a table', () => {
    sale.run(send.holdSeats('h', [2, 11, 12]));
    // 2 and 2 of the first row; of the table its first two and its last two are four together.
    expect(now()).toMatchObject({ free: 15, held: 3, together: [15, 7, 2, 1, 0, 0] });
  });

  it('is apart what is held, paid for, and about to end', () => {
    sale.run(send.holdSeats('a', [0, 1]), { at: 1_000 });
    sale.run(send.holdSeats('b', [], { areas: [[0, 2]] }), { at: 1_500 });
    sale.run(send.holdSeats('c', [4]), { at: 1_500 });
    sale.run(send.beginPayment('c'));
    expect(now(2_001)).toMatchObject({ free: 13, held: 4, paying: 1, ending: 2 });
    sale.run(send.bookHold('c', 'bkg'));
    expect(now(2_000)).toMatchObject({ free: 13, held: 4, paying: 0, ending: 0 });
  });
});
