import { beforeEach, describe, expect, it } from '@jest/globals';
import * as send from '#libs/testing/commands.js';
import { DeciderSpec } from '#libs/testing/decider-spec.js';
import { plainLayout, plainRules } from '#libs/testing/plain-layout.js';
import { placesOfBuyers, type Refusal, type UserId } from '../inventory.js';

const layout = plainLayout([{ seats: '..........' }], [{ capacity: 9 }]);
const rules = plainRules({ holdTtlMs: 1_000, holdTtlMsMax: 5_000, placesPerBuyerMax: 4 });

describe('a hold of who was admitted with a party', () => {
  let sale: DeciderSpec;

  beforeEach(() => {
    sale = new DeciderSpec(layout, rules);
    sale.run(send.openSale, { at: 1_000 });
  });

  const refusalOf = (...asked: Parameters<DeciderSpec['run']>): Refusal | undefined => {
    const decision = sale.run(...asked);
    return decision.kind === 'refused' ? decision.refusal : undefined;
  };
  const full = { code: 'buyer_limit', limit: 2, left: 0 };

  it('is bounded together with all others of his, held and booked', () => {
    expect(refusalOf(send.holdSeats('a', [0], { partyMax: 2 }))).toBeUndefined();
    expect(refusalOf(send.holdSeats('b', [2, 3], { partyMax: 2 }))).toEqual({ ...full, left: 1 });
    const standing = { areas: [[0, 1] as [number, number]], partyMax: 2 };
    expect(refusalOf(send.holdSeats('b', [], standing))).toBeUndefined();
    sale.run(send.beginPayment('b'));
    sale.run(send.bookHold('b', 'bkg'));
    expect(refusalOf(send.holdSeats('c', [5], { partyMax: 2 }))).toEqual(full);
    sale.run(send.releaseHold('a'));
    expect(refusalOf(send.holdSeats('c', [5, 6], { partyMax: 2 }))).toEqual({ ...full, left: 1 });
    expect(refusalOf(send.holdSeats('c', [5], { partyMax: 2 }))).toBeUndefined();
  });

  it('finds what his own hold had free again when its time is over', () => {
    sale.run(send.holdSeats('a', [0, 1], { partyMax: 2 }), { at: 1_000 });
    expect(refusalOf(send.holdSeats('b', [4, 5], { partyMax: 2 }), { at: 2_000 })).toBeUndefined();
    expect(sale.facts.slice(-2).map(({ type }) => type)).toEqual(['HoldExpired', 'SeatsHeld']);
  });

  it('has never more than the event lets one buyer have', () => {
    expect(refusalOf(send.holdSeats('a', [0, 1, 2, 3, 4], { partyMax: 9 }))).toMatchObject({
      ...{ code: 'buyer_limit', limit: 4 },
    });
  });

  it('is told how much of it is held and how much is booked', () => {
    sale.run(send.holdSeats('a', [0, 1]));
    sale.run(send.beginPayment('a'));
    sale.run(send.bookHold('a', 'bkg'));
    sale.run(send.holdSeats('b', [], { areas: [[0, 1]] }));
    const [me] = [...sale.facts].flatMap((fact) => ('userId' in fact ? [fact.userId] : []));
    const places = placesOfBuyers(sale.state, [me, 'usr_nobody' as UserId, me]);
    const mine = { held: 1, booked: 2 };
    expect(places).toEqual([mine, { held: 0, booked: 0 }, mine]);
  });

  it('is the same command with another admission, and has the answer of the first (G4)', () => {
    sale.run(send.holdSeats('a', [0, 1], { partyMax: 2 }), { id: 'mine', keyed: true });
    const again = sale.when(send.holdSeats('a', [0, 1], { partyMax: 1 }), { id: 'mine' });
    expect(again).toMatchObject({ kind: 'replayed', answer: { kind: 'accepted' } });
  });
});
