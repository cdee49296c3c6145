import { beforeEach, describe, expect, it } from '@jest/globals';
import * as send from '#libs/testing/commands.js';
import { DeciderSpec } from '#libs/testing/decider-spec.js';
import { plainLayout, plainRules } from '#libs/testing/plain-layout.js';
import {
  createState,
  decodeFacts,
  decodeState,
  digest,
  encodeFacts,
  encodeState,
  evolve,
  factLevelNewest,
  type Fact,
  type MinorUnits,
  type Outcome,
} from '../inventory.js';

/** Seats 0 to 3 cost A, 4 to 7 cost B, the floor costs B. */
const layout = plainLayout(
  [
    { seats: '....', category: 0 },
    { seats: '....', category: 1 },
  ],
  [{ capacity: 9, category: 1 }],
);
const [a, b] = [100, 50] as MinorUnits[];
const rules = plainRules({ prices: [a, b] });
const dearer = send.changeRules({ prices: [150, 50] });

describe('the price of a hold', () => {
  let sale: DeciderSpec;

  beforeEach(() => {
    sale = new DeciderSpec(layout, rules);
    sale.run(send.openSale, { at: 1_000 });
  });

  const outcomeOf = (command: Parameters<DeciderSpec['run']>[0], sender = {}): Outcome => {
    const decision = sale.run(command, sender);
    if (decision.kind !== 'accepted') throw new Error(JSON.stringify(decision));
    return decision.outcome;
  };
  const heldPrices = () =>
    sale.facts.filter((fact) => fact.type === 'SeatsHeld').map(({ prices }) => prices);

  it('is in its fact, one number where all places cost the same, else run by run', () => {
    sale.run(send.holdSeats('same', [0, 1]));
    sale.run(send.holdSeats('mixed', [2, 4, 5], { areas: [[0, 3]] }));
    const runs = [
      { count: 1, priceMinor: a },
      { count: 5, priceMinor: b },
    ];
    expect(heldPrices()).toEqual([a, runs]);
  });

  it('is what is charged, however prices change, and a part given back takes only its own', () => {
    expect(outcomeOf(send.holdSeats('h', [0, 4]))).toMatchObject({ totalMinor: 150 });
    sale.run(dearer);
    expect(outcomeOf(send.releaseHold('h', [4]))).toMatchObject({ totalMinor: 100 });
    sale.run(send.beginPayment('h'));
    expect(outcomeOf(send.bookHold('h', 'bkg'))).toMatchObject({ totalMinor: 100 });
  });

  it('is of now for who holds now', () => {
    sale.run(dearer);
    expect(outcomeOf(send.holdSeats('h', [0, 4]))).toMatchObject({ totalMinor: 200 });
  });

  it('is kept place by place over several releases, areas with it', () => {
    sale.run(send.holdSeats('h', [1, 3, 4, 6], { areas: [[0, 3]] }));
    sale.run(send.changeRules({ prices: [1, 7_777] }));
    expect(outcomeOf(send.releaseHold('h', [3, 6], [[0, 2]]))).toMatchObject({ totalMinor: 200 });
    expect(outcomeOf(send.releaseHold('h', [1]))).toMatchObject({ totalMinor: 100 });
    expect(outcomeOf(send.releaseHold('h', [4]))).toMatchObject({ totalMinor: 50 });
    expect(outcomeOf(send.releaseHold('h'))).toMatchObject({ totalMinor: 0, seats: [] });
  });

  it('is kept over a snapshot', () => {
    sale.run(send.holdSeats('h', [0, 4], { areas: [[0, 1]] }));
    sale.run(dearer);
    const loaded = decodeState(
      layout,
      plainRules({ prices: [9, 9] as never }),
      encodeState(sale.state),
    );
    expect(digest(loaded)).toBe(digest(sale.state));
    const release = sale.when(send.releaseHold('h', [4]));
    if (release.kind !== 'accepted') throw new Error('refused');
    for (const fact of release.facts) evolve(loaded, fact);
    expect(release.outcome).toMatchObject({ totalMinor: 150 });
    expect(loaded.holds.totalMinor(loaded.holds.find('h' as never))).toBe(150);
  });

  it('of a hold whose prices nobody wrote down is kept by the change itself', () => {
    sale.run(send.holdSeats('h', [0, 4]), { factLevel: 2 });
    expect(heldPrices()).toEqual([null]);
    sale.run(dearer);
    expect(outcomeOf(send.releaseHold('h', [4]))).toMatchObject({ totalMinor: 100 });
  });

  it('is the same for who folds what a level below wrote', () => {
    sale.run(send.holdSeats('one', [0, 1]), { factLevel: 2 });
    sale.run(send.holdSeats('two', [2, 4]), { factLevel: 2 });
    sale.run(send.releaseHold('one', [0]), { factLevel: 2 });
    const read = decodeFacts(encodeFacts(sale.facts, 2));
    const folded = createState(layout, rules);
    for (const fact of read) evolve(folded, fact);
    expect(digest(folded)).toBe(digest(sale.state));
    expect(digest(decodeState(layout, rules, encodeState(folded, 3)))).toBe(digest(folded));
  });

  it('is one byte in the journal beside what its total was', () => {
    sale.run(send.holdSeats('h', [0]));
    const held = sale.facts.at(-1) as Fact;
    const sizes = [2, factLevelNewest].map((level) => encodeFacts([held], level).length);
    expect(sizes[1] - sizes[0]).toBe(1);
  });
});

describe('a hold that expects a total', () => {
  const expecting = (expectedTotal: number, id = 'h') =>
    send.holdSeats(id, [0, 4], { areas: [[0, 2]], expectedTotal });

  it('is made at just that, and else told the new prices', () => {
    const sale = new DeciderSpec(layout, rules);
    sale.run(send.openSale, { at: 1_000 });
    expect(sale.run(expecting(250, 'first'))).toMatchObject({ kind: 'accepted' });
    sale.run(send.releaseHold('first'));
    sale.run(dearer);
    const refused = sale.run(expecting(250), { id: 'mine', keyed: true });
    const quote = {
      seats: [0, 4],
      areas: [{ area: 0, quantity: 2 }],
      prices: [
        { count: 1, priceMinor: 150 },
        { count: 3, priceMinor: 50 },
      ],
      totalMinor: 300,
    };
    expect(refused).toMatchObject({ kind: 'refused', refusal: { code: 'price_changed', quote } });
    // The answer is kept, also over a snapshot; and another expectation is another request.
    const loaded = new DeciderSpec(layout, rules).given(...sale.facts);
    expect(loaded.when(expecting(250), { id: 'mine', keyed: true })).toEqual({
      kind: 'replayed',
      answer: { kind: 'refused', refusal: { code: 'price_changed', quote } },
    });
    expect(sale.when(expecting(300), { id: 'mine' })).toMatchObject({
      refusal: { code: 'command_id_reused' },
    });
    expect(sale.run(expecting(300))).toMatchObject({ kind: 'accepted' });
  });

  it('is not remembered where the journal cannot say why it was refused', () => {
    const sale = new DeciderSpec(layout, rules);
    sale.run(send.openSale, { at: 1_000 });
    const refused = sale.run(expecting(1), { id: 'mine', keyed: true, factLevel: 2 });
    expect(refused).toMatchObject({ refusal: { code: 'price_changed' }, facts: [] });
  });
});
