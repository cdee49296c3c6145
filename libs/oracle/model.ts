import type { AreaQuantity } from '#libs/inventory/commands.js';
import type { SeatWord } from './evidence.js';
import { MapHash } from './map-hash.js';

/**
 * The oracle's own idea of an event: maps and sets, no typed arrays, no code of the core. It is
 * slow on purpose, so that it can be read and believed.
 */
export class Model {
  version = 0;
  /** Seats that are not free. */
  readonly seats = new Map<number, SeatState>();
  readonly areas = new Map<number, AreaState>();
  readonly holds = new Map<string, HoldState>();
  readonly bookings = new Map<string, BookingState>();
  /** How each hold that is over ended. */
  readonly ended = new Map<string, HoldEnd>();
  /** When the row with the end of an expired hold was written, by the clock of Postgres. */
  readonly expiryWrittenAtMs = new Map<string, number>();
  /** What a hold had when time ended it. */
  readonly lapsed = new Map<string, LapsedHold>();
  /** Every hold that ever was, as it was made. */
  readonly made = new Map<string, MadeHold>();
  readonly #hash = new MapHash();

  constructor(private readonly seatIds: readonly string[]) {}

  get mapHash(): number {
    return this.#hash.value;
  }

  setSeat(seat: number, state: SeatState | null): void {
    const id = this.seatIds[seat] ?? `#${seat}`;
    this.#hash.change(id, this.seats.get(seat)?.word ?? 'free', state?.word ?? 'free');
    if (state === null) this.seats.delete(seat);
    else this.seats.set(seat, state);
  }

  area(index: number): AreaState {
    let area = this.areas.get(index);
    if (area === undefined) {
      area = { held: 0, booked: 0, blocked: 0 };
      this.areas.set(index, area);
    }
    return area;
  }

  /** Seats that are not free, by public id. */
  wordsById(): Map<string, SeatWord> {
    const words = new Map<string, SeatWord>();
    for (const [seat, state] of this.seats) words.set(this.seatIds[seat], state.word);
    return words;
  }
}

export interface SeatState {
  readonly word: Exclude<SeatWord, 'free'>;
  /** Hold or booking id, or the reason of a block. */
  readonly owner: string;
}

export interface AreaState {
  held: number;
  booked: number;
  blocked: number;
}

export interface HoldState {
  readonly userId: string;
  readonly seats: Set<number>;
  readonly areas: Map<number, number>;
  deadlineMs: number;
  /** The deadline to which the hold returns when a payment fails. */
  ownDeadlineMs: number;
  attemptId: string | null;
  /** Place by place: seats ascending, then areas. Null: the journal does not say. */
  prices: readonly number[] | null;
  total: number;
}

export type LapsedHold = Pick<HoldState, 'userId' | 'seats' | 'areas' | 'total'>;

export interface BookingState {
  readonly holdId: string;
  readonly userId: string;
  /** As sold. */
  readonly sold: readonly number[];
  /** Not cancelled. */
  readonly live: Set<number>;
  readonly areas: Map<number, number>;
  cancelled: boolean;
}

export type HoldEnd = 'released' | 'expired' | 'booked';

export interface MadeHold {
  readonly userId: string;
  readonly seats: readonly number[];
  /** Version of the fact. */
  readonly version: number;
}

export function quantities(areas: readonly AreaQuantity[]): Map<number, number> {
  const sums = new Map<number, number>();
  for (const { area, quantity } of areas) sums.set(area, (sums.get(area) ?? 0) + quantity);
  return sums;
}

export function sameQuantities(a: Map<number, number>, b: Map<number, number>): boolean {
  return a.size === b.size && [...a].every(([area, quantity]) => b.get(area) === quantity);
}

export function sameMembers<T>(a: Iterable<T>, b: Iterable<T>): boolean {
  const left = new Set(a);
  const right = new Set(b);
  return left.size === right.size && [...left].every((member) => right.has(member));
}
