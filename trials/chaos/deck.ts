import type { FaultName } from './fault-names.js';
import type { Seeded } from './seeded.js';

/** Of these one at a time: they start and stop the same server, or cut the same line. */
const exclusive: readonly (readonly FaultName[])[] = [
  ['kill-nats', 'pause-nats'],
  [
    'postgres-fast',
    'postgres-immediate',
    'disk-full',
    'kill-backend',
    'terminate-backends',
    'promote-standby',
  ],
];

const alonePerTogether = 4;
const togetherMax = 5;

/**
 * Deals the kinds of faults: four alone, then two to five together, and so on. Invariants:
 *   DK1  Each kind comes once per deck, in an order that the seed draws.
 *   DK2  What could not be done comes back before the deck ends, once: something else stood in its
 *        way.
 *   DK3  What this machine does not allow is out of every later deck.
 */
export class Deck {
  #left: FaultName[] = [];
  #again = new Set<FaultName>();
  #deals = 0;
  #decks = 0;
  readonly #out = new Set<FaultName>();

  constructor(
    private readonly names: readonly FaultName[],
    private readonly random: Seeded,
  ) {}

  /** Decks that were begun. */
  get decks(): number {
    return this.#decks;
  }

  /** The next kinds to do at the same time; empty when none is possible at all. */
  deal(): FaultName[] {
    if (this.#left.length === 0) this.#shuffle();
    this.#deals++;
    if (this.#deals % (alonePerTogether + 1) !== 0) return this.#left.splice(0, 1);
    const count = Math.floor(this.random.between(2, togetherMax + 1));
    const chosen: FaultName[] = [];
    for (const name of [...this.#left]) {
      if (chosen.length < count && !clashes(name, chosen)) chosen.push(name);
    }
    this.#left = this.#left.filter((name) => !chosen.includes(name));
    return chosen;
  }

  /** It was dealt and could not be done. */
  putBack(name: FaultName): void {
    if (this.#again.has(name)) return;
    this.#again.add(name);
    this.#left.push(name);
  }

  takeOut(name: FaultName): void {
    this.#out.add(name);
  }

  #shuffle(): void {
    this.#left = this.random.shuffled(this.names.filter((name) => !this.#out.has(name)));
    this.#again = new Set();
    this.#decks++;
  }
}

function clashes(name: FaultName, chosen: readonly FaultName[]): boolean {
  const group = exclusive.find((names) => names.includes(name));
  return chosen.some((other) => group?.includes(other));
}
