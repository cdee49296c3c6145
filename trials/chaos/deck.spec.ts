import { describe, expect, it } from '@jest/globals';
import { Deck } from './deck.js';
import { faultNames, type FaultName } from './fault-names.js';
import { Seeded } from './seeded.js';

const deckOf = (seed: number, names: readonly FaultName[] = faultNames): Deck =>
  new Deck(names, new Seeded(seed));

/** Deals until the next deck would begin. */
function wholeDeck(deck: Deck, count = faultNames.length): FaultName[][] {
  const deals: FaultName[][] = [];
  while (deals.flat().length < count) deals.push(deck.deal());
  return deals;
}

describe('the deck of faults', () => {
  it('has each kind once, whatever the seed, and again in the next deck (DK1)', () => {
    for (let seed = 0; seed < 200; seed++) {
      const deck = deckOf(seed);
      for (const round of [1, 2]) {
        expect(wholeDeck(deck).flat().sort()).toEqual([...faultNames].sort());
        expect(deck.decks).toBe(round);
      }
    }
  });

  it('deals some alone and some together, never two that work on one server', () => {
    const sizes = new Map<number, number>();
    for (let seed = 0; seed < 200; seed++) {
      for (const deal of wholeDeck(deckOf(seed))) {
        sizes.set(deal.length, (sizes.get(deal.length) ?? 0) + 1);
        const postgres = ['postgres-fast', 'postgres-immediate', 'disk-full', 'promote-standby'];
        expect(deal.filter((name) => postgres.includes(name)).length).toBeLessThan(2);
        expect(deal).not.toEqual(expect.arrayContaining(['kill-nats', 'pause-nats']));
      }
    }
    expect([...sizes.keys()].sort()).toEqual([1, 2, 3, 4, 5]);
  });

  it('deals the same for the same seed', () => {
    expect(wholeDeck(deckOf(7))).toEqual(wholeDeck(deckOf(7)));
    expect(wholeDeck(deckOf(7))).not.toEqual(wholeDeck(deckOf(8)));
  });

  it('brings back what could not be done, once in a deck (DK2)', () => {
    const deck = deckOf(3);
    const [first] = deck.deal();
    deck.putBack(first);
    const rest = wholeDeck(deck, faultNames.length).flat();
    expect(rest.filter((name) => name === first)).toEqual([first]);
    deck.putBack(first);
    deck.deal();
    expect(deck.decks).toBe(2);
  });

  it('leaves out what the machine does not allow, and ends when nothing is left (DK3)', () => {
    const deck = deckOf(1, ['kill-shard', 'disk-full']);
    expect([deck.deal(), deck.deal()].flat()).toHaveLength(2);
    deck.takeOut('disk-full');
    expect([deck.deal(), deck.deal()].flat()).toEqual(['kill-shard', 'kill-shard']);
    deck.takeOut('kill-shard');
    expect(deck.deal()).toEqual([]);
  });
});
