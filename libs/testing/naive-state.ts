import { factLevelNewest, levelWithLate } from '#libs/inventory/inventory.js';
import type {
  AreaIndex,
  AreaQuantity,
  Answer,
  Command,
  InventoryLayout,
  Refusal,
  SaleRules,
  SeatIndex,
} from '#libs/inventory/inventory.js';
import { isSpace } from './naive-pool.js';
import {
  done,
  placesOf,
  priceOf,
  refuse,
  type NaiveBooking,
  type NaiveHold,
  type Result,
} from './naive-values.js';

export type NaiveStatus = 'free' | 'held' | 'booked' | 'blocked';

/** What the naive inventory knows, and the questions its commands ask of it. */
export class NaiveState {
  readonly holds = new Map<string, NaiveHold>();
  readonly bookings = new Map<string, NaiveBooking>();
  readonly blockedSeats = new Set<number>();
  readonly blockedPlaces = new Map<number, number>();
  readonly ended = new Map<string, { user: string; expired: boolean }>();
  readonly remembered: { id: string; body: string; answer: Answer }[] = [];
  capacities: number[];
  /** Changes of the rules so far. */
  revision = 0;
  now = 0;
  /** Of facts: what the command that is handled can say. */
  factLevel = factLevelNewest;
  sale: 'scheduled' | 'open' | 'closed' | 'cancelled' = 'scheduled';

  constructor(
    readonly layout: InventoryLayout,
    public rules: SaleRules,
    readonly windowMax: number,
  ) {
    this.capacities = layout.areas.map(({ capacity }) => capacity);
  }

  statusOf(seat: number): NaiveStatus {
    if (this.blockedSeats.has(seat)) return 'blocked';
    for (const hold of this.holds.values()) if (hold.seats.includes(seat)) return 'held';
    for (const booking of this.bookings.values()) {
      if (booking.seats.includes(seat)) return 'booked';
    }
    return 'free';
  }

  areaTaken(area: number): { held: number; booked: number; blocked: number } {
    const sum = (all: Iterable<{ areas: Map<number, number> }>) =>
      [...all].reduce((total, one) => total + (one.areas.get(area) ?? 0), 0);
    const blocked = this.blockedPlaces.get(area) ?? 0;
    return { held: sum(this.holds.values()), booked: sum(this.bookings.values()), blocked };
  }

  protected withHold(id: string, user: string, then: (hold: NaiveHold) => Result): Result {
    const hold = this.holds.get(id);
    if (hold !== undefined && hold.user === user) return then(hold);
    const ended = this.ended.get(id);
    const expired = hold === undefined && ended?.expired === true && ended.user === user;
    return refuse({ code: expired ? 'hold_expired' : 'hold_not_found' });
  }

  protected withAttempt(
    id: string,
    user: string,
    attemptId: string,
    then: (hold: NaiveHold, before: number) => Result,
  ): Result {
    return this.withHold(id, user, (hold) => {
      if (hold.attempt === null) return refuse({ code: 'no_payment_in_progress' });
      if (hold.attempt.id !== attemptId) return refuse({ code: 'payment_attempt_mismatch' });
      return then(hold, hold.attempt.before);
    });
  }

  protected unknown(seats: readonly SeatIndex[], areas: readonly AreaQuantity[]): Refusal | null {
    const noSeats = seats.filter((seat) => seat >= this.layout.seatCount);
    if (noSeats.length > 0) return { code: 'unknown_seat', seats: noSeats };
    const noAreas = areas.map(({ area }) => area).filter((a) => a >= this.layout.areas.length);
    return noAreas.length > 0 ? { code: 'unknown_area', areas: noAreas } : null;
  }

  protected fullAreas(areas: readonly AreaQuantity[]): AreaIndex[] {
    return areas
      .filter(({ area, quantity }) => {
        const { held, booked, blocked } = this.areaTaken(area);
        return held + booked + blocked + quantity > this.capacities[area];
      })
      .map(({ area }) => area)
      .sort((a, b) => a - b);
  }

  /** Live wheelchair spaces. */
  protected spacesOfBuyer(user: string): number {
    return [...this.holds.values(), ...this.bookings.values()]
      .filter((owned) => owned.user === user)
      .flatMap(({ seats }) => seats)
      .filter((seat) => isSpace(this, seat)).length;
  }

  placesOfBuyer(user: string): number {
    return [...this.holds.values(), ...this.bookings.values()]
      .filter((owned) => owned.user === user)
      .reduce((sum, owned) => sum + placesOf(owned), 0);
  }

  protected seatPrice(seat: number): number {
    return this.rules.prices[this.layout.categoryOfSeat[seat]];
  }

  protected areaPrice(area: number): number {
    return this.rules.prices[this.layout.areas[area].category];
  }

  protected cost(seats: readonly number[], areas: Map<number, number>): number {
    const seatPrices = new Map(seats.map((seat) => [seat, this.seatPrice(seat)]));
    const areaPrices = new Map([...areas.keys()].map((area) => [area, this.areaPrice(area)]));
    return priceOf({ seats: [...seats], areas, seatPrices, areaPrices });
  }

  protected notOpen(now: number): Refusal | null {
    if (this.sale === 'cancelled') return { code: 'event_cancelled' };
    if (this.isOver(now)) return { code: 'sale_ended' };
    if (this.sale === 'open') return null;
    return { code: this.sale === 'closed' ? 'sale_closed' : 'sale_not_open' };
  }

  protected isOver(now: number): boolean {
    return this.rules.endsAtMs !== null && now >= this.rules.endsAtMs;
  }

  protected keepOffSale(seats: readonly number[], areas: readonly AreaQuantity[]): void {
    for (const seat of seats) this.blockedSeats.add(seat);
    for (const { area, quantity } of areas) {
      this.blockedPlaces.set(area, (this.blockedPlaces.get(area) ?? 0) + quantity);
    }
  }

  protected unwritable(command: Command): Refusal | null {
    if (this.factLevel >= levelWithLate) return null;
    const late = command.type === 'BookLate' || command.type === 'CancelEvent';
    const more = command.type === 'CancelBooking' && command.offSale === true;
    return late || more ? { code: 'not_finalized' } : null;
  }

  protected turnSale(type: 'OpenSale' | 'CloseSale' | 'CancelEvent'): Result {
    if (this.sale === 'cancelled') return refuse({ code: 'event_cancelled' });
    this.sale = type === 'OpenSale' ? 'open' : type === 'CloseSale' ? 'closed' : 'cancelled';
    return done;
  }
}
