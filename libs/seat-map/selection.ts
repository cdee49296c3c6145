import { blockAround, runAround } from './seat-groups.js';
import type { SeatLooks } from './seat-looks.js';
import type { SeatPlan } from './seat-plan.js';

/**
 * What the buyer is about to take: first how many they are, then one tap for all of them. It asks
 * nobody; the page sends what is chosen and tells what came back.
 *
 * CH1  What is chosen is as many as the party, or nothing: a half choice is no choice.
 * CH2  A chosen seat that is taken, or of which nobody knows, ends the choice, and says which it
 *      was: nobody pays for what he no longer sees.
 */
export type Choice =
  | { readonly kind: 'none' }
  | { readonly kind: 'chosen'; readonly seats: readonly number[] }
  /** Not enough free neighbours there; `most` are together, 0: the seat itself cannot be had. */
  | { readonly kind: 'no_room'; readonly seat: number; readonly most: number }
  /** Somebody was faster. `offer`: the nearest block that can be had; empty: none. */
  | {
      readonly kind: 'taken';
      readonly lost: readonly number[];
      readonly offer: readonly number[];
    };

const none: Choice = { kind: 'none' };

export class Selection {
  choice: Choice = none;
  #party: number;

  /** `party`: how many, from 1. */
  constructor(
    private readonly plan: SeatPlan,
    private readonly looks: SeatLooks,
    party: number,
  ) {
    this.#party = party;
  }

  get party(): number {
    return this.#party;
  }

  /** Another number of people is another choice (CH1). */
  setParty(party: number): void {
    if (party === this.#party) return;
    this.#party = party;
    this.clear();
  }

  /** Chooses a block with this seat; the same block again gives it up. */
  tap(seat: number): Choice {
    const before = this.choice;
    this.clear();
    if (before.kind === 'chosen' && before.seats.includes(seat)) return this.choice;
    const { bytes } = this.looks;
    const seats = blockAround(this.plan, bytes, seat, this.#party);
    const most = runAround(this.plan, bytes, seat)?.count ?? 0;
    this.#set(seats === null ? { kind: 'no_room', seat, most } : { kind: 'chosen', seats });
    return this.choice;
  }

  /** A block from elsewhere: the list, best available, an offer that was accepted. */
  choose(seats: readonly number[]): void {
    if (seats.length !== this.#party) throw new RangeError('a block is as large as the party');
    this.#set({ kind: 'chosen', seats });
  }

  /** The hold was refused: 409 names the seats that were lost and a block in their place. */
  refused(lost: readonly number[], offer: readonly number[]): void {
    this.#set({ kind: 'taken', lost, offer });
  }

  clear(): void {
    this.#set(none);
  }

  /**
   * The live map says that these seats are not free any more (CH2). True: the choice is over by it.
   */
  lostTo(seats: readonly number[]): boolean {
    if (this.choice.kind !== 'chosen') return false;
    const chosen = new Set(this.choice.seats);
    const lost = seats.filter((seat) => chosen.has(seat));
    if (lost.length === 0) return false;
    this.#set({ kind: 'taken', lost, offer: [] });
    return true;
  }

  #set(choice: Choice): void {
    this.choice = choice;
    this.looks.setMine(choice.kind === 'chosen' ? choice.seats : []);
  }
}
