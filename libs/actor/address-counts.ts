import {
  rulesOf,
  type EventRules,
  type Fact,
  type HoldOutcome,
  type InventoryState,
  type Outcome,
  type Refusal,
} from '#libs/inventory/inventory.js';
import { limits } from '#libs/contracts/limits.js';

/** The live holds that came from one address. */
export interface Crowd {
  readonly mark: string;
  /** Seats and places of areas. */
  places: number;
}

/**
 * How many places of an event are held from one address (docs/decisions/0021). An address is here
 * what the gateway calls it, a keyed hash.
 *
 * AC1  In the owner's memory alone: no fact, snapshot or answer has it. A new owner begins anew and
 *      counts what is held from then on.
 * AC2  Counted are live holds: what expires, is released or is paid is free for others. Who comes
 *      without a mark is not counted.
 * AC3  Two lists as long as the hold table, and an entry for each address that holds anything.
 */
export class AddressCounts {
  /** Places that may be held from one address, by the event's rules. */
  private placesMax: number;
  private readonly seatCount: number;
  private readonly crowds = new Map<string, Crowd>();
  /** By slot of the hold table. */
  private readonly crowdOf: (Crowd | null)[] = [];
  private readonly placesOf: number[] = [];

  constructor(state: InventoryState) {
    this.seatCount = state.layout.seatCount;
    this.placesMax = placesMaxOf(this.seatCount, rulesOf(state));
  }

  /** Addresses that hold anything. */
  get size(): number {
    return this.crowds.size;
  }

  /** Asked behind all other checks: what is refused anyway says why. Null: it is no hold. */
  crowdFor(mark: string, outcome: Outcome): Crowd | Refusal | null {
    if (outcome.type !== 'hold') return null;
    const crowd = this.crowds.get(mark) ?? { mark, places: 0 };
    const left = Math.max(0, this.placesMax - crowd.places);
    if (placesIn(outcome) <= left) return crowd;
    return { code: 'address_limit', limit: this.placesMax, left };
  }

  /** A hold that was just folded. */
  held({ holds }: InventoryState, crowd: Crowd, outcome: Outcome): void {
    if (outcome.type !== 'hold') return;
    const slot = holds.find(outcome.holdId);
    const places = placesIn(outcome);
    if (crowd.places === 0) this.crowds.set(crowd.mark, crowd);
    crowd.places += places;
    while (this.crowdOf.length <= slot) {
      this.crowdOf.push(null);
      this.placesOf.push(0);
    }
    this.crowdOf[slot] = crowd;
    this.placesOf[slot] = places;
  }

  /** To be called with each fact, before it is folded. */
  follow({ holds }: InventoryState, fact: Fact): void {
    if (fact.type === 'RulesChanged') this.placesMax = placesMaxOf(this.seatCount, fact.after);
    if (this.crowds.size === 0) return;
    if (fact.type === 'HoldExpired' || fact.type === 'SeatsBooked') {
      this.free(holds.find(fact.holdId), Infinity);
    } else if (fact.type === 'HoldReleased') {
      this.free(holds.find(fact.holdId), placesIn(fact));
    }
  }

  private free(slot: number, places: number): void {
    const crowd = slot < this.crowdOf.length ? this.crowdOf[slot] : null;
    if (crowd === null) return;
    const freed = Math.min(places, this.placesOf[slot]);
    crowd.places -= freed;
    this.placesOf[slot] -= freed;
    if (this.placesOf[slot] === 0) this.crowdOf[slot] = null;
    if (crowd.places === 0) this.crowds.delete(crowd.mark);
  }
}

/** What the event says; else a tenth of its places, and never less than one buyer may have. */
function placesMaxOf(seatCount: number, { rules, capacities }: EventRules): number {
  if (rules.placesPerAddressMax !== null) return rules.placesPerAddressMax;
  const places = capacities.reduce((sum, capacity) => sum + capacity, seatCount);
  const share = Math.ceil(places * limits.addressPlacesShare);
  return Math.max(limits.addressPlacesMin, rules.placesPerBuyerMax, share);
}

/** Seats and places of areas. */
function placesIn({ seats, areas }: Pick<HoldOutcome, 'seats' | 'areas'>): number {
  let places = seats.length;
  for (let i = 0; i < areas.length; i++) places += areas[i].quantity;
  return places;
}
