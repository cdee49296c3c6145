import { beforeEach, describe, expect, it } from '@jest/globals';
import * as send from '#libs/testing/commands.js';
import { DeciderSpec } from '#libs/testing/decider-spec.js';
import { plainLayout, plainRules } from '#libs/testing/plain-layout.js';
import {
  areaFree,
  evolve,
  nextWakeAt,
  type AreaIndex,
  type By,
  type Refusal,
  type RulesChanged,
} from '../inventory.js';

const layout = plainLayout([{ seats: '......' }], [{ capacity: 5 }, { capacity: 3 }]);
const rules = plainRules({ holdTtlMs: 1_000, holdTtlMsMax: 5_000, placesPerBuyerMax: 4 });
const floor = 0 as AreaIndex;

describe('changing the rules of a running event', () => {
  let sale: DeciderSpec;

  beforeEach(() => {
    sale = new DeciderSpec(layout, rules);
    sale.run(send.openSale, { at: 1_000 });
  });

  const refusalOf = (...asked: Parameters<DeciderSpec['run']>): Refusal | undefined => {
    const decision = sale.run(...asked);
    return decision.kind === 'refused' ? decision.refusal : undefined;
  };

  it('is one fact with the rules before and after, who and when', () => {
    const alice: By = { role: 'operator', name: 'alice' };
    const texts = [{ field: 'name', before: 'Hamlet', after: 'Hamlet (new cast)' }];
    const change = send.changeRules({ placesPerBuyerMax: 6 }, [[0, 9]], texts);
    const decision = sale.run(change, { at: 1_700, by: alice });
    const before = { rules, capacities: [5, 3] };
    const after = { rules: { ...rules, placesPerBuyerMax: 6 }, capacities: [9, 3] };
    const outcome = { type: 'rules_changed', revision: 1, before, after };
    expect(decision).toMatchObject({ kind: 'accepted', outcome });
    const changed = { type: 'RulesChanged', atMs: 1_700, by: alice, revision: 1, texts };
    expect(sale.facts.at(-1)).toMatchObject({ ...changed, before, after });
  });

  it('answers the same command again with the same change (G4)', () => {
    const change = send.changeRules({}, [[0, 9]]);
    const first = sale.run(change, { id: 'once' });
    sale.run(send.changeRules({}, [[0, 8]]));
    const again = sale.when(change, { id: 'once' });
    if (first.kind !== 'accepted') throw new Error('refused');
    expect(again).toEqual({
      kind: 'replayed',
      answer: { kind: 'accepted', outcome: first.outcome },
    });
  });

  it('is folded one after the other, each change once', () => {
    sale.run(send.changeRules({}, [[0, 9]]));
    const changed = sale.facts.at(-1) as RulesChanged;
    for (const revision of [0, 1, 3]) {
      expect(() => evolve(sale.state, { ...changed, revision })).toThrow(/one after the other/);
    }
  });

  it('counts for what comes after it: places, limits, lifetimes', () => {
    expect(refusalOf(send.holdSeats('h', [], { areas: [[0, 6]] }))).toMatchObject({
      code: 'area_full',
    });
    sale.run(send.changeRules({ placesPerBuyerMax: 6, holdTtlMs: 2_000 }, [[0, 9]]));
    const held = sale.run(send.holdSeats('h', [], { areas: [[0, 6]] }));
    expect(held).toMatchObject({ kind: 'accepted', outcome: { deadlineMs: 3_000 } });
    expect(areaFree(sale.state, floor)).toBe(3);
  });

  it('takes an area down to what is taken of it, and not below', () => {
    sale.run(send.holdSeats('h', [], { areas: [[0, 2]] }));
    sale.run(send.blockSeats([], [[0, 1]]));
    expect(refusalOf(send.changeRules({}, [[0, 2]]))).toEqual({
      code: 'area_full',
      areas: [0],
      limit: 3,
    });
    expect(sale.run(send.changeRules({}, [[0, 3]]))).toMatchObject({ kind: 'accepted' });
    expect(areaFree(sale.state, floor)).toBe(0);
  });

  it('finds the places of a hold past its deadline free, and ends it first', () => {
    sale.run(send.holdSeats('h', [], { areas: [[0, 4]] }), { at: 1_000 });
    sale.run(send.changeRules({}, [[0, 1]]), { at: 2_000 });
    expect(sale.facts.slice(-2).map(({ type }) => type)).toEqual(['HoldExpired', 'RulesChanged']);
  });

  it('lets nobody lose what he has: more than a new limit, longer than a new lifetime', () => {
    sale.run(send.holdSeats('h', [0, 1, 2, 3]));
    sale.run(send.changeRules({ placesPerBuyerMax: 1, placesPerHoldMax: 1, holdTtlMs: 1 }));
    expect(sale.run(send.beginPayment('h'))).toMatchObject({ kind: 'accepted' });
    expect(sale.run(send.bookHold('h', 'bkg'))).toMatchObject({ kind: 'accepted' });
    expect(refusalOf(send.holdSeats('more', [4]))).toMatchObject({ code: 'buyer_limit', left: 0 });
  });

  it('opens a sale that had another time', () => {
    const later = new DeciderSpec(layout, plainRules({ opensAtMs: 90_000 as never }));
    later.run(send.changeRules({ opensAtMs: 50_000 }), { at: 1_000 });
    expect(nextWakeAt(later.state)).toBe(50_000);
    expect(later.run(send.holdSeats('h', [0]), { at: 50_000 }).kind).toBe('accepted');
  });

  it('is refused by name below the level that can write it down, and the id stays unused', () => {
    const change = send.changeRules({}, [[0, 9]]);
    const refused = sale.run(change, { id: 'mine', keyed: true, factLevel: 2 });
    expect(refused).toEqual({ kind: 'refused', refusal: { code: 'not_finalized' }, facts: [] });
    expect(sale.run(change, { id: 'mine', keyed: true }).kind).toBe('accepted');
  });

  it.each([
    ['rules.currency', send.changeRules({ currency: 'USD' })],
    ['rules.prices', send.changeRules({ prices: [] })],
    ['rules.prices', send.changeRules({ prices: [-2] })],
    ['rules.holdTtlMs', send.changeRules({ holdTtlMs: 0 })],
    ['rules.endsAtMs', send.changeRules({ endsAtMs: 1.5 })],
    ['rules.buyers', send.changeRules({ buyers: 'everybody' })],
    ['capacities[0].capacity', send.changeRules({}, [[0, 0]])],
    [
      'capacities[1].area',
      send.changeRules({}, [
        [0, 1],
        [0, 2],
      ]),
    ],
    ['texts[0]', send.changeRules({}, [], [{ field: '', before: '', after: '' }])],
  ])('does not take a malformed %s', (field, change) => {
    expect(refusalOf(change)).toEqual({ code: 'invalid_command', field });
  });

  it('needs areas that there are', () => {
    expect(refusalOf(send.changeRules({}, [[7, 1]]))).toEqual({ code: 'unknown_area', areas: [7] });
  });
});

describe('a sale that ends', () => {
  const ending = plainRules({ endsAtMs: 5_000 as never });
  const open = (): DeciderSpec => {
    const sale = new DeciderSpec(layout, ending);
    sale.run(send.openSale, { at: 1_000 });
    sale.run(send.holdSeats('h', [0]), { at: 4_000 });
    return sale;
  };

  it('gives no hold from its end on, by the time of the command', () => {
    const sale = open();
    expect(sale.when(send.holdSeats('late', [1]), { at: 4_999 }).kind).toBe('accepted');
    const late = sale.when(send.holdSeats('late', [1]), { at: 5_000 });
    expect(late).toMatchObject({ refusal: { code: 'sale_ended' } });
  });

  it('begins no payment any more, and lets one that began finish', () => {
    const late = open().when(send.beginPayment('h'), { at: 5_000 });
    expect(late).toMatchObject({ refusal: { code: 'sale_ended' } });
    const sale = open();
    sale.run(send.beginPayment('h'), { at: 4_999, id: 'begun' });
    const again = sale.when(send.beginPayment('h'), { at: 6_000, id: 'asked-again' });
    expect(again.kind).toBe('accepted');
    expect(sale.when(send.bookHold('h', 'bkg'), { at: 6_000 }).kind).toBe('accepted');
  });

  it('goes on when its end is put off', () => {
    const sale = open();
    sale.run(send.changeRules({ endsAtMs: 9_000 }), { at: 6_000 });
    expect(sale.when(send.holdSeats('late', [1]), { at: 6_000 }).kind).toBe('accepted');
  });

  it('is over also where it never opened', () => {
    const sale = new DeciderSpec(layout, { ...ending, opensAtMs: 6_000 as never });
    const late = sale.when(send.holdSeats('late', [1]), { at: 7_000 });
    expect(late).toMatchObject({ refusal: { code: 'sale_ended' } });
  });
});
