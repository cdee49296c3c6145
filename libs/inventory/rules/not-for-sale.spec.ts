import { describe, expect, it } from '@jest/globals';
import * as send from '#libs/testing/commands.js';
import { DeciderSpec } from '#libs/testing/decider-spec.js';
import { plainLayout, plainRules } from '#libs/testing/plain-layout.js';
import { nextWakeAt, type AreaIndex, type MinorUnits, type TimeMs } from '../inventory.js';
import { notForSale } from '../layout.js';

const layout = plainLayout(
  [{ seats: '....' }, { seats: '....', category: 1 }],
  [{ capacity: 5 }, { capacity: 3, category: 1 }],
);
const sold = (prices: readonly number[], opensAtMs: number | null = null) =>
  plainRules({ prices: prices as MinorUnits[], opensAtMs: opensAtMs as TimeMs | null });
const [standard, choir] = [5_000, notForSale];
const rules = sold([standard, choir, choir, choir], 2_000);
const choirSeats = [4, 5, 6, 7];

/** As its owner begins: the first turn is a Tick's. */
function begun(): DeciderSpec {
  const sale = new DeciderSpec(layout, rules);
  sale.run(send.tick, { at: 1_000 });
  return sale;
}

describe('places without a price', () => {
  it('are blocked by the first facts of the event, before anything else can happen', () => {
    const sale = new DeciderSpec(layout, rules);
    expect(nextWakeAt(sale.state)).toBe(0);
    sale.run(send.tick, { at: 1_000 });
    expect(sale.facts).toMatchObject([
      {
        type: 'SeatsBlocked',
        atMs: 1_000,
        by: { role: 'system' },
        seats: choirSeats,
        areas: [{ area: 1, quantity: 3 }],
        reason: 'not for sale',
      },
    ]);
    expect([...sale.state.seatCounts]).toEqual([4, 0, 0, 4]);
    expect(nextWakeAt(sale.state)).toBe(2_000);
  });

  it('and the sale may open in the same turn', () => {
    const sale = new DeciderSpec(layout, rules);
    sale.run(send.tick, { at: 3_000 });
    expect(sale.facts.map(({ type }) => type)).toEqual(['SeatsBlocked', 'SaleOpened']);
  });

  it("are in nobody's cart, named or chosen", () => {
    const sale = begun();
    const named = sale.run(send.holdSeats('h1', [4]), { at: 2_500 });
    expect(named).toMatchObject({ refusal: { code: 'seats_unavailable', seats: [4] } });
    const standing = sale.run(send.holdSeats('h2', [], { areas: [[1, 1]] }));
    expect(standing).toMatchObject({ refusal: { code: 'area_full', areas: [1] } });
    const chosen = sale.run(send.holdSeats('h3', [], { best: [{ quantity: 1, category: 1 }] }));
    expect(chosen).toMatchObject({ refusal: { code: 'no_block_available' } });
  });

  it('are not held either where they are not blocked yet (NFS1)', () => {
    const sale = new DeciderSpec(layout, rules);
    const mixed = sale.run(send.holdSeats('h', [0, 4], { areas: [[1, 1]] }), { at: 2_500 });
    expect(mixed).toMatchObject({ refusal: { code: 'seats_unavailable', seats: [4] } });
    const standing = sale.when(send.holdSeats('i', [], { areas: [[1, 1]] }), { at: 2_500 });
    expect(standing).toMatchObject({ refusal: { code: 'area_full', areas: [1] } });
  });

  it('cannot be unblocked', () => {
    const sale = begun();
    expect(sale.run(send.unblockSeats([4]))).toMatchObject({
      refusal: { code: 'seats_unavailable', seats: [4] },
    });
    expect(sale.run(send.unblockSeats([], [[1, 1]]))).toMatchObject({
      refusal: { code: 'area_full', areas: [1 as AreaIndex] },
    });
  });

  it('get one by command and are then unblocked; the other way they are blocked by name', () => {
    const sale = begun();
    const priced = { prices: [standard, 3_000, choir, choir] };
    expect(sale.run(send.changeRules(priced), { at: 2_500 }).kind).toBe('accepted');
    expect(sale.run(send.unblockSeats(choirSeats)).kind).toBe('accepted');
    const held = sale.run(send.holdSeats('h', [4, 5]));
    expect(held).toMatchObject({ kind: 'accepted', outcome: { totalMinor: 6_000 } });
    expect(sale.run(send.changeRules({ prices: rules.prices }))).toMatchObject({
      refusal: { code: 'invalid_command', field: 'rules.prices' },
    });
  });

  it('of an event where something has happened already are left as they are', () => {
    const sale = new DeciderSpec(layout, sold([standard, 1, 1, 1]));
    sale.run(send.openSale, { at: 1_000 });
    expect(nextWakeAt(sale.state)).toBeNull();
  });
});

describe('a price of nothing', () => {
  it('is a price: its seats are held for 0', () => {
    const sale = new DeciderSpec(layout, sold([0, 0, 0, 0], 1_000));
    const held = sale.run(send.holdSeats('h', [0, 1]), { at: 1_500 });
    expect(held).toMatchObject({ kind: 'accepted', outcome: { totalMinor: 0 } });
    const chosen = sale.run(send.holdSeats('b', [], { best: [{ quantity: 2, priceMax: 0 }] }));
    expect(chosen.kind).toBe('accepted');
  });
});
