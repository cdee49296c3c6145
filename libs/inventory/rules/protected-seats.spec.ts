import { describe, it, expect } from '@jest/globals';
import * as send from '#libs/testing/commands.js';
import { DeciderSpec, type Sender } from '#libs/testing/decider-spec.js';
import {
  plainLayout,
  plainRules,
  type PlainArea,
  type PlainRow,
} from '#libs/testing/plain-layout.js';
import {
  decodeFacts,
  encodeFacts,
  factLevelNewest,
  levelWithRules,
  type SaleRules,
} from '../inventory.js';

type Rules = Partial<Record<keyof SaleRules, unknown>>;

/** On sale since 1; `areas` beside rows that are drawn. */
function sold(rows: readonly (string | PlainRow)[], rules: Rules = {}, areas: PlainArea[] = []) {
  const plain = rows.map((row) => (typeof row === 'string' ? { seats: row } : row));
  const layout = plainLayout(plain, areas);
  const spec = new DeciderSpec(layout, plainRules(rules as Partial<SaleRules>));
  return spec.given(send.fact({ type: 'SaleOpened', atMs: 1 }));
}

/** What a buyer gets: seats, or the refusal's code and seats. */
function ask(
  spec: DeciderSpec,
  seats: readonly number[],
  wheelchairs?: number,
  sender: Sender = {},
): unknown {
  const need = wheelchairs === undefined ? {} : { wheelchairs };
  const decision = spec.when(send.holdSeats('h', seats, need), sender);
  if (decision.kind === 'refused') {
    const { code, seats: kept, ...rest } = decision.refusal;
    return { code, ...(kept === undefined ? {} : { kept }), ...rest };
  }
  return decision.kind === 'accepted' ? 'held' : decision.kind;
}

const kept = (...seats: number[]) => ({ code: 'accessible_seats_protected', kept: seats });

/** Holds, pays and books: sold for good. */
function sell(spec: DeciderSpec, id: string, seats: readonly number[], more = {}): void {
  const user = `buyer of ${id}`;
  spec.run(send.holdSeats(id, seats, more), { user });
  spec.run(send.beginPayment(id), { user });
  spec.run(send.bookHold(id, `booking ${id}`), { user });
}

describe('seats for wheelchair users and their company', () => {
  it('are kept from who names them without need', () => {
    const spec = sold(['.wcc.']);
    expect(ask(spec, [1])).toEqual(kept(1));
    expect(ask(spec, [0, 1, 2], 0)).toEqual(kept(1, 2));
    expect(ask(spec, [3, 4])).toEqual(kept(3));
    expect(ask(spec, [0])).toBe('held');
  });

  it('go to a wheelchair user with up to three beside the space', () => {
    expect(ask(sold(['.wccc.']), [0, 1, 2, 3, 4], 1)).toBe('held');
    expect(ask(sold(['wcccc']), [0, 1, 2, 3, 4], 1)).toEqual(kept(4));
    expect(ask(sold(['wwcccc']), [0, 1, 2, 3, 4, 5], 2)).toBe('held');
    expect(ask(sold(['ww']), [0, 1], 1)).toEqual(kept(1));
    expect(ask(sold(['ww']), [0, 1], 2)).toBe('held');
  });

  it('are no company across an aisle or another buyer, and all of a table is', () => {
    expect(ask(sold(['w|c']), [0, 1], 1)).toEqual(kept(1));
    expect(ask(sold(['w.c']), [0, 2], 1)).toEqual(kept(2));
    expect(ask(sold(['w.c']), [0, 1, 2], 1)).toBe('held');
    expect(ask(sold([{ seats: 'w...c', round: true }]), [0, 4], 1)).toBe('held');
    expect(ask(sold(['wc']), [1], 1)).toEqual(kept(1));
  });

  it('may be in a row of their own, in the section of the space', () => {
    expect(ask(sold(['w', 'cccc']), [0, 1, 2, 3], 1)).toBe('held');
    expect(ask(sold(['w', 'cccc']), [0, 1, 2, 3, 4], 1)).toEqual(kept(4));
    expect(ask(sold(['w', { seats: 'c', section: 1 }]), [0, 1], 1)).toEqual(kept(1));
    expect(ask(sold(['w', 'wc']), [0, 2], 1)).toEqual(kept(2));
  });

  it('are seats like others below the level at which the need can be written', () => {
    const old = { factLevel: levelWithRules - 1 };
    const spec = sold(['.wc.']);
    expect(ask(spec, [1, 2], undefined, old)).toBe('held');
    const decision = spec.when(send.holdSeats('h', [1], { wheelchairs: 1 }), old);
    expect(decision.kind === 'accepted' && decision.facts).toEqual([
      expect.not.objectContaining({ wheelchairs: 1 }),
    ]);
  });

  it('are no alternative for those who are refused them', () => {
    const spec = sold(['.ccc', 'w..w', 'ww']);
    spec.run(send.blockSeats([0]));
    expect(ask(spec, [0])).toMatchObject({ code: 'seats_unavailable', alternative: [5] });
    spec.run(send.blockSeats([4, 5, 6]));
    expect(ask(spec, [0])).toEqual({ code: 'seats_unavailable', kept: [0] });
    expect(ask(spec, [4], 1)).toMatchObject({ alternative: [7] });
    expect(ask(spec, [4])).toEqual({ code: 'seats_unavailable', kept: [4] });
  });
});

describe('the need of a wheelchair space', () => {
  it('is in the fact in the words of the buyer, and comes back from the journal', () => {
    const spec = sold(['.wc.ww', '......']);
    const best = [{ quantity: 2, wheelchairs: 1 }];
    const decision = spec.when(send.holdSeats('h', [1, 2], { wheelchairs: 1, best }));
    const facts = decision.kind === 'accepted' ? decision.facts : [];
    expect(facts).toMatchObject([{ type: 'SeatsHeld', wheelchairs: 2 }]);
    expect(decodeFacts(encodeFacts(facts, factLevelNewest))).toEqual(facts);
    const plain = spec.when(send.holdSeats('h', [0], { wheelchairs: 0 }));
    expect(plain.kind === 'accepted' && plain.facts[0]).not.toHaveProperty('wheelchairs');
  });

  it('costs the facts of other holds nothing', () => {
    const held = (wheelchairs: number) => {
      const decision = sold(['w.']).when(send.holdSeats('h', [0, 1], { wheelchairs }));
      return decision.kind === 'accepted' ? decision.facts : [];
    };
    const [fact] = held(1);
    const plain = { ...fact };
    delete (plain as { wheelchairs?: number }).wheelchairs;
    const sizes = [[plain], [fact]].map((facts) => encodeFacts(facts, factLevelNewest).length);
    expect(sizes[1] - sizes[0]).toBe(1);
  });

  it('is part of what the command says, and no total', () => {
    const spec = sold(['ww']);
    spec.run(send.holdSeats('h', [0], { wheelchairs: 1 }), { id: 'key' });
    expect(spec.when(send.holdSeats('h', [0], { wheelchairs: 1 }), { id: 'key' }).kind).toBe(
      'replayed',
    );
    for (const other of [{}, { expectedTotal: 1 }, { wheelchairs: 0 }]) {
      expect(spec.when(send.holdSeats('h', [0], other), { id: 'key' })).toMatchObject({
        refusal: { code: 'command_id_reused' },
      });
    }
  });

  it('is of people on named seats', () => {
    for (const wheelchairs of [2, -1, 0.5]) {
      expect(sold(['w']).when(send.holdSeats('h', [0], { wheelchairs }))).toMatchObject({
        refusal: { code: 'invalid_command', field: 'wheelchairs' },
      });
    }
  });

  it('is bounded: so many spaces a buyer, held and booked', () => {
    const spec = sold(['wwwwww', '.....']);
    sell(spec, 'a', [0], { wheelchairs: 1 });
    const owner = { user: 'buyer of a' };
    spec.run(send.holdSeats('b', [1], { wheelchairs: 1 }), owner);
    const limit = { code: 'accessible_limit', limit: 2, left: 0 };
    expect(ask(spec, [2], 1, owner)).toEqual(limit);
    expect(spec.when(send.holdBest('h', { quantity: 1, wheelchairs: 1 }), owner)).toMatchObject({
      refusal: limit,
    });
    expect(ask(spec, [2, 3], 2)).toBe('held');
    expect(ask(spec, [2, 3, 4], 3)).toMatchObject({ code: 'accessible_limit', left: 2 });
    // A hold past its deadline has no space, ticked or not.
    expect(ask(spec, [2], 1, { ...owner, at: 600_001 })).toBe('held');
    spec.run(send.cancelBooking('booking a'));
    expect(ask(spec, [2], 1, owner)).toBe('held');
    expect(ask(spec, [6, 7], undefined, owner)).toBe('held');
  });
});

describe('the release of the pool', () => {
  const rest = (spec: DeciderSpec, id: string, seats: number[], more = {}) =>
    sell(spec, id, seats, more);

  it('is never, unless the event says otherwise', () => {
    const spec = sold(['.w'], {});
    rest(spec, 'a', [0]);
    expect(ask(spec, [1], undefined, { at: 9e12 })).toEqual(kept(1));
  });

  it('is at a time', () => {
    const spec = sold(['.wc'], { accessibleRelease: 5_000 });
    expect(ask(spec, [1, 2], undefined, { at: 4_999 })).toEqual(kept(1, 2));
    expect(ask(spec, [1, 2], undefined, { at: 5_000 })).toBe('held');
  });

  it('is with the rest of the price class sold, and a hold is not a sale', () => {
    const rows = ['..wc', { seats: '.w', category: 1 }];
    const spec = sold(rows, { accessibleRelease: 'sold_out' }, [{ capacity: 1, category: 0 }]);
    rest(spec, 'a', [0]);
    rest(spec, 'c', [], { areas: [[0, 1]] });
    spec.run(send.holdSeats('b', [1]), { user: 'bob' });
    expect(ask(spec, [2])).toEqual(kept(2));
    spec.run(send.beginPayment('b'), { user: 'bob' });
    spec.run(send.bookHold('b', 'booking b'), { user: 'bob' });
    expect(ask(spec, [2, 3])).toBe('held');
    spec.run(send.cancelBooking('booking c'));
    expect(ask(spec, [2])).toEqual(kept(2));
    rest(spec, 'd', [], { areas: [[0, 1]] });
    expect(ask(spec, [5])).toEqual(kept(5));
    spec.run(send.cancelBooking('booking a'));
    expect(ask(spec, [2])).toEqual(kept(2));
  });

  it('is with the rest of the section where the pool is a price class of its own', () => {
    const rows = ['.', { seats: 'w', category: 1 }, { seats: 'w', category: 1, section: 1 }];
    const spec = sold(rows, { accessibleRelease: 'sold_out' });
    expect(ask(spec, [1])).toEqual(kept(1));
    rest(spec, 'a', [0]);
    expect(ask(spec, [1])).toBe('held');
    expect(ask(spec, [2])).toEqual(kept(2));
  });

  it('lets best available take them last, companion seats before spaces', () => {
    const spec = sold(['wc.', '..'], { accessibleRelease: 5_000 });
    const best = (quantity: number, at: number) => {
      const decision = spec.when(send.holdBest('h', { quantity }), { at });
      if (decision.kind !== 'accepted') return 'nothing';
      return decision.outcome.type === 'hold' ? decision.outcome.seats : null;
    };
    expect(best(2, 5_000)).toEqual([3, 4]);
    expect(best(3, 4_999)).toBe('nothing');
    expect(best(3, 5_000)).toEqual([0, 1, 2]);
    spec.run(send.blockSeats([2, 3, 4]));
    expect(best(1, 4_999)).toBe('nothing');
    expect(best(1, 5_000)).toEqual([1]);
  });

  it('changes by command, and is what the last change said after a snapshot', () => {
    const spec = sold(['.w']);
    spec.run(send.changeRules({ accessibleRelease: 10, wheelchairsPerBuyerMax: 1 }));
    expect(ask(spec, [1], undefined, { at: 10 })).toBe('held');
    const changed = spec.facts.at(-1);
    expect(changed).toMatchObject({
      before: { rules: { accessibleRelease: 'never', wheelchairsPerBuyerMax: 2 } },
      after: { rules: { accessibleRelease: 10, wheelchairsPerBuyerMax: 1 } },
    });
    const facts = changed === undefined ? [] : [changed];
    expect(decodeFacts(encodeFacts(facts, factLevelNewest))).toEqual(facts);
    for (const accessibleRelease of ['later', -1, null]) {
      expect(spec.when(send.changeRules({ accessibleRelease }))).toMatchObject({
        refusal: { code: 'invalid_command', field: 'rules.accessibleRelease' },
      });
    }
  });
});
