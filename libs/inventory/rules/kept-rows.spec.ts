import { describe, it, expect } from '@jest/globals';
import fc from 'fast-check';
import * as send from '#libs/testing/commands.js';
import { DeciderSpec } from '#libs/testing/decider-spec.js';
import { plainLayout, plainRules } from '#libs/testing/plain-layout.js';
import { decodeState, encodeState, type BestAvailable } from '../inventory.js';
import { previewBestAvailable } from './best-available.js';

const layout = plainLayout([
  { seats: '......|....', category: 0 },
  { seats: 'wcc.......', category: 0, section: 1 },
  { seats: '..rr..hh', category: 1, section: 1 },
  { seats: '......', category: 1, round: true },
  { seats: '.w.w.cc.', category: 2 },
]);
const rules = plainRules({ strandedSingles: 'refuse', placesPerBuyerMax: 1_000 });

const question = fc.record(
  {
    quantity: fc.integer({ min: 1, max: 5 }),
    category: fc.integer({ min: 0, max: 2 }),
    section: fc.integer({ min: 0, max: 1 }),
    wheelchairs: fc.integer({ min: 0, max: 1 }),
    maySplit: fc.boolean(),
  },
  { requiredKeys: ['quantity'] },
);

const step = fc.oneof(
  fc.record({ does: fc.constant('hold' as const), question }),
  fc.record({ does: fc.constant('release' as const), hold: fc.nat(30) }),
  fc.record({ does: fc.constant('block' as const), seat: fc.nat(layout.seatCount - 1) }),
  fc.record({ does: fc.constant('later' as const), byMs: fc.nat(rules.holdTtlMs) }),
);

/** What a state that has kept nothing says: it was read from a snapshot a moment ago. */
function afresh(sale: DeciderSpec, asked: BestAvailable, nowMs: number): unknown {
  const state = decodeState(layout, rules, encodeState(sale.state));
  return previewBestAvailable(state, asked, nowMs);
}

describe('rows that are kept between searches', () => {
  it('give what a search gives that knows nothing, after whatever was held or freed (KR1)', () => {
    let compared = 0;
    let overdue = 0;
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 5, maxLength: 30 }),
        fc.array(question),
        (steps, all) => {
          const sale = new DeciderSpec(layout, rules).given(
            send.fact({ type: 'SaleOpened', atMs: 1 }),
          );
          let nowMs = 1;
          let holds = 0;
          for (const one of steps) {
            const at = { at: nowMs, user: 'ann' };
            if (one.does === 'later') nowMs += one.byMs;
            if (one.does === 'block') sale.run(send.blockSeats([one.seat]), at);
            if (one.does === 'release') sale.run(send.releaseHold(`h${one.hold}`), at);
            if (one.does === 'hold') {
              sale.run(send.holdBest(`h${holds++}`, one.question), at);
            }
            if (sale.state.holds.expiry.firstDeadlineMs <= nowMs) overdue++;
            for (const asked of all as BestAvailable[]) {
              const kept = previewBestAvailable(sale.state, asked, nowMs);
              expect(kept).toEqual(afresh(sale, asked, nowMs));
              compared++;
            }
          }
        },
      ),
      { numRuns: 60, seed: 20_270_301 },
    );
    expect(compared).toBeGreaterThan(1_000);
    expect(overdue).toBeGreaterThan(50);
  });

  it('are let go when an event is asked more questions than it keeps (KR2)', () => {
    const sale = new DeciderSpec(layout, rules).given(send.fact({ type: 'SaleOpened', atMs: 1 }));
    for (let round = 0; round < 3; round++) {
      for (let quantity = 1; quantity <= 9; quantity++) {
        for (const category of [undefined, 0, 1]) {
          const asked = { quantity, ...(category === undefined ? {} : { category }) };
          const kept = previewBestAvailable(sale.state, asked, 1);
          expect(kept).toEqual(afresh(sale, asked, 1));
        }
      }
      sale.run(send.holdBest(`h${round}`, { quantity: 3 }), { at: 1 });
    }
  });
});
