import { describe, it, expect } from '@jest/globals';
import * as send from '#libs/testing/commands.js';
import { DeciderSpec, type Sender } from '#libs/testing/decider-spec.js';
import { blockLayout, plainRules } from '#libs/testing/plain-layout.js';
import {
  createState,
  decide,
  decodeState,
  encodeState,
  evolve,
  type Command,
  type InventoryState,
} from '../inventory.js';

const layout = blockLayout(4, 10);
const rules = plainRules();

function openedSale(bounds = {}): DeciderSpec {
  return new DeciderSpec(layout, rules, bounds).given(
    send.fact({ type: 'SaleOpened', atMs: 1_000 }),
  );
}

/** What another owner has after it folded the same facts. */
function nextOwner(sale: DeciderSpec, bounds = {}): InventoryState {
  const state = createState(layout, rules, bounds);
  for (const fact of sale.facts) evolve(state, fact);
  return state;
}

describe('a command id', () => {
  it('gets its first answer again, word for word, after the hold has changed (G4)', () => {
    const sale = openedSale();
    const first = sale.run(send.holdSeats('h', [1, 2]), { id: 'key' });
    sale.run(send.releaseHold('h', [1]));
    sale.run(send.extendHold('h'), { at: 5_000 });
    const again = sale.when(send.holdSeats('h', [1, 2]), { id: 'key' });
    const outcome = first.kind === 'accepted' ? first.outcome : undefined;
    expect(outcome).toMatchObject({ type: 'hold', seats: [1, 2], totalMinor: 10_000 });
    expect(again).toEqual({ kind: 'replayed', answer: { kind: 'accepted', outcome } });
  });

  it('gets the first hold even when the repeated request brings a new hold id', () => {
    const sale = openedSale();
    sale.run(send.holdSeats('first', [1]), { id: 'key' });
    const again = sale.when(send.holdSeats('second', [1]), { id: 'key' });
    expect(again).toMatchObject({ kind: 'replayed', answer: { outcome: { holdId: 'first' } } });
  });

  it('is refused with another body, another type or another user', () => {
    const sale = openedSale();
    sale.run(send.holdSeats('h', [1]), { id: 'key' });
    const refused = [
      sale.when(send.holdSeats('h', [2]), { id: 'key' }),
      sale.when(send.releaseHold('h'), { id: 'key' }),
      sale.when(send.holdSeats('h', [1]), { id: 'key', user: 'bob' }),
    ];
    for (const decision of refused) {
      expect(decision).toEqual({
        kind: 'refused',
        refusal: { code: 'command_id_reused' },
        facts: [],
      });
    }
  });

  it.each([
    ['every accepted command', send.openSale, false],
    ['a hold', send.holdSeats('h', [7]), false],
    ['a refused command that is keyed', send.holdSeats('h', [0]), true],
  ])('is known to the next owner: %s', (_, command, keyed) => {
    const sale = openedSale();
    sale.run(send.holdSeats('taken', [0]), { user: 'bob' });
    const first = sale.run(command, { id: 'key', keyed });
    const envelope = sale.envelope(command, { id: 'key', keyed });
    const again = decide(nextOwner(sale), envelope);
    expect(again.kind).toBe('replayed');
    expect(first).toMatchObject(again.kind === 'replayed' ? again.answer : {});
  });

  it('gets the same answers from an owner that loaded a snapshot, word for word (G4)', () => {
    const sale = openedSale();
    const sent: [Command, Sender][] = [
      [send.holdSeats('a', [1, 2]), { id: 'as it was made' }],
      [send.holdSeats('b', [3, 4, 5]), { id: 'made, then made less', user: 'bob' }],
      [send.releaseHold('b', [4]), { id: 'made less', user: 'bob' }],
      [send.holdSeats('c', [7]), { id: 'made, then extended' }],
      [send.extendHold('c', 5_000), { id: 'extended' }],
      [send.holdSeats('Ümlaut', [9]), { id: 'made, then released' }],
      [send.releaseHold('Ümlaut'), { id: 'released' }],
      [send.holdSeats('d', [1]), { id: 'refused', keyed: true, user: 'bob' }],
      [send.beginPayment('a'), { id: 'paying' }],
      [send.blockSeats([20]), { id: 'blocked' }],
    ];
    for (const [command, sender] of sent) sale.run(command, sender);
    const loaded = decodeState(layout, rules, encodeState(sale.state));
    const answers = sent.map(([command, sender]) => sale.when(command, sender));
    expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['replayed']));
    const again = sent.map(([command, sender]) => decide(loaded, sale.envelope(command, sender)));
    expect(again).toEqual(answers);
  });

  it.each([2, 3] as const)('gets what was answered about payments again (format %i)', (format) => {
    const sale = openedSale();
    const sent: [Command, Sender][] = [
      [send.holdSeats('a', [1, 2]), { id: 'a held' }],
      [send.beginPayment('a', 'att-a'), { id: 'a paying' }],
      [send.bookHold('a', 'Buchung ä', 'att-a'), { id: 'a booked' }],
      [send.holdSeats('b', [3, 4, 5]), { id: 'b held', user: 'bob' }],
      [send.beginPayment('b', 'att-b'), { id: 'b paying', user: 'bob' }],
      [send.bookHold('b', 'bkg-b', 'att-b'), { id: 'b booked', user: 'bob' }],
      [send.cancelBooking('bkg-b', [4]), { id: 'b less', user: 'bob' }],
      [send.holdSeats('c', [7]), { id: 'c held', user: 'cy' }],
      [send.beginPayment('c', 'att-c'), { id: 'c paying', user: 'cy' }],
      [send.bookHold('c', 'bkg-c', 'att-c'), { id: 'c booked', user: 'cy' }],
      [send.cancelBooking('bkg-c'), { id: 'c cancelled', user: 'cy' }],
      [send.holdSeats('d', [8]), { id: 'd held' }],
      [send.beginPayment('d', 'att-d'), { id: 'd paying' }],
    ];
    const first = sent.map(([command, sender]) => sale.run(command, sender));
    expect(first.map(({ kind }) => kind)).toEqual(sent.map(() => 'accepted'));
    const loaded = decodeState(layout, rules, encodeState(sale.state, format));
    for (const state of [sale.state, loaded]) {
      const again = sent.map(([command, sender]) => decide(state, sale.envelope(command, sender)));
      const answers = first.map((decision) =>
        decision.kind === 'accepted' ? { kind: decision.kind, outcome: decision.outcome } : null,
      );
      expect(again).toEqual(answers.map((answer) => ({ kind: 'replayed', answer })));
    }
  });

  it('of a refused command is not recorded when the caller cannot repeat it', () => {
    const sale = openedSale();
    sale.run(send.holdSeats('taken', [0]), { user: 'bob' });
    const refused = sale.run(send.holdSeats('h', [0]), { id: 'key', keyed: false });
    expect(refused).toMatchObject({ kind: 'refused', facts: [] });
    sale.run(send.releaseHold('taken'), { user: 'bob' });
    expect(sale.when(send.holdSeats('h', [0]), { id: 'key' }).kind).toBe('accepted');
  });

  it('stays unused when the command was malformed', () => {
    const sale = openedSale();
    expect(sale.run(send.holdSeats('h', []), { id: 'key', keyed: true })).toMatchObject({
      refusal: { code: 'invalid_command' },
      facts: [],
    });
    expect(sale.run(send.holdSeats('h', [3]), { id: 'key', keyed: true }).kind).toBe('accepted');
  });

  it('is answered as before though the rules would refuse the cart now', () => {
    const sale = openedSale();
    sale.run(send.holdSeats('h', [1, 2, 3]), { id: 'key' });
    const stricter = createState(layout, { ...rules, placesPerHoldMax: 2 });
    for (const fact of sale.facts) evolve(stricter, fact);
    const again = decide(stricter, sale.envelope(send.holdSeats('h', [1, 2, 3]), { id: 'key' }));
    expect(again.kind).toBe('replayed');
  });

  it('is forgotten oldest first once the window is full', () => {
    const bounds = { commandWindowMax: 3 };
    const sale = openedSale(bounds);
    for (const n of [1, 2, 3, 4]) sale.run(send.blockSeats([n]), { id: `key${n}` });
    const kinds = [1, 2, 3, 4].map(
      (n) =>
        decide(nextOwner(sale, bounds), sale.envelope(send.blockSeats([n]), { id: `key${n}` }))
          .kind,
    );
    expect(kinds).toEqual(['refused', 'replayed', 'replayed', 'replayed']);
  });
});
