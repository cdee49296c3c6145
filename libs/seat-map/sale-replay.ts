import { look } from './seat-looks.js';

/**
 * A sale seen again: the steps of its course, kept as what each changed, so that the map of any
 * moment is a few additions away from that of any other, forwards and backwards.
 *
 * RY1  At any moment each seat has the status that the steps until then gave it, in their order,
 *      however one came there.
 * RY2  It keeps at most `changesMax` changes, and what is held now; what is more is not shown and
 *      is said to be missing (`isCut`).
 * RY3  A step of which nobody knows what it did ends what is known: nothing behind it is shown.
 */
export interface ReplayStep {
  readonly at: number;
  readonly what: string;
  readonly hold?: string;
  readonly seats?: readonly number[];
  readonly areas?: readonly AreaPart[];
  readonly off_sale?: boolean;
}

interface AreaPart {
  readonly area: number;
  readonly quantity: number;
}

interface Places {
  readonly seats: readonly number[];
  readonly areas: readonly AreaPart[];
}

export type ReplaySale = 'scheduled' | 'open' | 'closed' | 'cancelled';

const sales: readonly ReplaySale[] = ['scheduled', 'open', 'closed', 'cancelled'];
/** Of an area, places that are held, booked, blocked: as of a seat's status, less one. */
const kinds = 3;

export class SaleReplay {
  /** The moments of its first and last step; both 0 before there is one. */
  fromMs = 0;
  toMs = 0;
  /** Where it stands. */
  atMs = 0;
  isCut = false;
  /** Per seat, as in the live map's bytes; read it, never write it. */
  readonly statuses: Uint8Array;
  /** Per seat, then per area and kind, then of the sale: as of `atMs`, and behind the last step. */
  readonly #now: Int32Array;
  readonly #last: Int32Array;
  readonly #held = new Map<string, Places>();
  readonly #times = new Column(Float64Array);
  /** Of each step, where its changes end. */
  readonly #ends = new Column(Uint32Array);
  readonly #places = new Column(Uint32Array);
  readonly #deltas = new Column(Int32Array);
  #steps = 0;

  constructor(
    readonly seatCount: number,
    readonly areaCount: number,
    private readonly changesMax = 2_000_000,
  ) {
    this.statuses = new Uint8Array(seatCount);
    this.#now = new Int32Array(seatCount + areaCount * kinds + 1);
    this.#last = new Int32Array(this.#now.length);
  }

  get stepCount(): number {
    return this.#times.length;
  }

  get sale(): ReplaySale {
    return sales[this.#now[this.#now.length - 1]];
  }

  /** Of an area, as of `atMs`. */
  areaAt(area: number): { readonly held: number; readonly booked: number } {
    const at = this.seatCount + area * kinds;
    return { held: this.#now[at], booked: this.#now[at + 1] };
  }

  /** What comes behind what is there; it stays where it stands. */
  add(steps: readonly ReplayStep[]): void {
    for (const step of steps) {
      if (this.isCut) return;
      this.isCut = step.what === 'Unknown' || this.#places.length >= this.changesMax;
      if (!this.isCut) this.#add(step);
    }
  }

  /** To the last step at or before `ms`. Returns the seats that changed, some of them twice. */
  seek(ms: number): number[] {
    const changed: number[] = [];
    while (this.#steps < this.stepCount && this.#times.at(this.#steps) <= ms) {
      this.#apply(this.#steps, 1, changed);
      this.#steps += 1;
    }
    while (this.#steps > 0 && this.#times.at(this.#steps - 1) > ms) {
      this.#steps -= 1;
      this.#apply(this.#steps, -1, changed);
    }
    this.atMs = ms;
    return changed;
  }

  #apply(step: number, sign: 1 | -1, changed: number[]): void {
    const from = step === 0 ? 0 : this.#ends.at(step - 1);
    for (let at = from; at < this.#ends.at(step); at += 1) {
      const place = this.#places.at(at);
      this.#now[place] += sign * this.#deltas.at(at);
      if (place >= this.seatCount) continue;
      this.statuses[place] = this.#now[place];
      changed.push(place);
    }
  }

  #add(step: ReplayStep): void {
    if (this.stepCount === 0) this.fromMs = this.atMs = step.at;
    this.toMs = step.at;
    this.#fold(step);
    this.#times.push(step.at);
    this.#ends.push(this.#places.length);
  }

  #fold(step: ReplayStep): void {
    const { what, hold = '', seats = [], areas = [] } = step;
    const places = { seats, areas };
    switch (what) {
      case 'SaleOpened':
        return this.#set(this.#last.length - 1, 1);
      case 'SaleClosed':
        return this.#set(this.#last.length - 1, 2);
      case 'EventCancelled':
        return this.#set(this.#last.length - 1, 3);
      case 'SeatsHeld':
        this.#held.set(hold, places);
        return this.#move(places, look.free, look.held);
      case 'HoldReleased':
        this.#held.set(hold, without(this.#held.get(hold), places));
        return this.#move(places, look.held, look.free);
      case 'HoldExpired':
        this.#move(this.#held.get(hold) ?? nothing, look.held, look.free);
        return void this.#held.delete(hold);
      case 'SeatsBooked':
        this.#held.delete(hold);
        return this.#move(places, look.held, look.booked);
      case 'SeatsBookedLate':
        return this.#move(places, look.free, look.booked);
      case 'BookingCancelled':
        return this.#move(places, look.booked, step.off_sale === true ? look.blocked : look.free);
      case 'SeatsBlocked':
        return this.#move(places, look.free, look.blocked);
      case 'SeatsUnblocked':
        return this.#move(places, look.blocked, look.free);
      default:
        return undefined;
    }
  }

  #move({ seats, areas }: Places, from: number, to: number): void {
    for (const seat of seats) this.#set(seat, to);
    for (const { area, quantity } of areas) {
      const first = this.seatCount + area * kinds - 1;
      if (from !== look.free) this.#set(first + from, this.#last[first + from] - quantity);
      if (to !== look.free) this.#set(first + to, this.#last[first + to] + quantity);
    }
  }

  #set(place: number, value: number): void {
    const delta = value - this.#last[place];
    if (place >= this.#last.length || delta === 0) return;
    this.#last[place] = value;
    this.#places.push(place);
    this.#deltas.push(delta);
  }
}

const nothing: Places = { seats: [], areas: [] };

function without(held: Places = nothing, { seats, areas }: Places): Places {
  const left = (part: AreaPart): number =>
    part.quantity - (areas.find(({ area }) => area === part.area)?.quantity ?? 0);
  return {
    seats: held.seats.filter((seat) => !seats.includes(seat)),
    areas: held.areas
      .map((part) => ({ area: part.area, quantity: left(part) }))
      .filter(({ quantity }) => quantity > 0),
  };
}

type Numbers = Float64Array | Uint32Array | Int32Array;

/** Numbers of one type, as many as come: an array of them would be eight times as large. */
class Column<Kind extends Numbers> {
  length = 0;
  #numbers: Kind;

  constructor(private readonly kind: new (length: number) => Kind) {
    this.#numbers = new kind(1_024);
  }

  at(index: number): number {
    return this.#numbers[index];
  }

  push(number: number): void {
    if (this.length === this.#numbers.length) {
      const larger = new this.kind(2 * this.length);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.length++] = number;
  }
}
