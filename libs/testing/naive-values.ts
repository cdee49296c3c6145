import type {
  AreaIndex,
  AreaQuantity,
  Envelope,
  Outcome,
  Refusal,
  SeatIndex,
} from '#libs/inventory/inventory.js';

/** The values that the naive model works with, and the small steps it takes on them. */
export interface NaiveHold {
  readonly id: string;
  readonly user: string;
  seats: number[];
  areas: Map<number, number>;
  total: number;
  /** What each seat, and each place of an area, cost when it was made. */
  readonly seatPrices: Map<number, number>;
  readonly areaPrices: Map<number, number>;
  deadline: number;
  readonly madeAt: number;
  attempt: { id: string; before: number } | null;
}

export interface NaiveBooking {
  readonly id: string;
  readonly user: string;
  seats: number[];
  areas: Map<number, number>;
}

export type Result = { outcome: Outcome } | { refusal: Refusal };

export const done: Result = { outcome: { type: 'done' } };
export const refuse = (refusal: Refusal): Result => ({ refusal });

/** What makes two commands the same request: not the hold id that was made up for it. */
export function bodyOf({ userId, command }: Envelope): string {
  const body = command.type === 'HoldSeats' ? { ...command, holdId: '' } : command;
  return JSON.stringify([userId, body]);
}

export function holdOutcome(hold: NaiveHold): Result {
  const outcome = {
    type: 'hold',
    holdId: hold.id,
    seats: hold.seats,
    areas: listed(hold.areas),
    totalMinor: hold.total,
    deadlineMs: hold.deadline,
    ...(hold.attempt === null ? {} : { attemptId: hold.attempt.id }),
  };
  return { outcome: outcome as Outcome };
}

export function sorted(seats: readonly number[]): SeatIndex[] {
  return [...seats].sort((a, b) => a - b) as SeatIndex[];
}

export function sortedAreas(areas: readonly AreaQuantity[]): AreaQuantity[] {
  return [...areas].sort((a, b) => a.area - b.area);
}

export function listed(areas: Map<number, number>): AreaQuantity[] {
  return [...areas]
    .filter(([, quantity]) => quantity > 0)
    .map(([area, quantity]) => ({ area: area as AreaIndex, quantity }));
}

export function placesOf(owned: { seats: readonly number[]; areas: Map<number, number> }): number {
  return owned.seats.length + [...owned.areas.values()].reduce((sum, n) => sum + n, 0);
}

export function remove(
  owned: { seats: number[]; areas: Map<number, number> },
  seats: readonly number[],
  areas: readonly AreaQuantity[],
): void {
  owned.seats = owned.seats.filter((seat) => !seats.includes(seat));
  owned.areas = new Map(owned.areas);
  for (const { area, quantity } of areas) {
    owned.areas.set(area, (owned.areas.get(area) ?? 0) - quantity);
  }
}

export function foreignPlaces(
  owned: { seats: number[]; areas: Map<number, number> },
  seats: readonly number[],
  areas: readonly AreaQuantity[],
  code: 'not_in_hold' | 'not_in_booking',
): Refusal | null {
  const foreignSeats = seats.filter((seat) => !owned.seats.includes(seat));
  const foreignAreas = areas
    .filter(({ area, quantity }) => (owned.areas.get(area) ?? 0) < quantity)
    .map(({ area }) => area);
  if (foreignSeats.length + foreignAreas.length === 0) return null;
  return withLists({ code }, foreignSeats, foreignAreas);
}

export function withLists(refusal: Refusal, seats: readonly number[], areas: AreaIndex[]): Refusal {
  return {
    ...refusal,
    ...(seats.length === 0 ? {} : { seats: seats as SeatIndex[] }),
    ...(areas.length === 0 ? {} : { areas }),
  };
}

/** What is in it, place by place. */
export function priceOf({
  seats,
  areas,
  seatPrices,
  areaPrices,
}: Pick<NaiveHold, 'seats' | 'areas' | 'seatPrices' | 'areaPrices'>): number {
  const ofSeats = seats.map((seat) => seatPrices.get(seat) ?? NaN);
  const ofAreas = [...areas].map(([area, places]) => places * (areaPrices.get(area) ?? NaN));
  return [...ofSeats, ...ofAreas].reduce((sum, price) => sum + price, 0);
}

/** The refusal of a cart at another total: one price for all, or runs of equal ones. */
export function changedPrice(
  seats: readonly SeatIndex[],
  areas: Map<number, number>,
  seatPrices: Map<number, number>,
  areaPrices: Map<number, number>,
  total: number,
): Refusal {
  const each = [
    ...seats.map((seat) => seatPrices.get(seat)),
    ...[...areas].flatMap(([area, n]) => Array.from({ length: n }, () => areaPrices.get(area))),
  ];
  const starts = each.map((_, i) => i).filter((i) => i === 0 || each[i] !== each[i - 1]);
  const runs = starts.map((start, i) => {
    return { count: (starts[i + 1] ?? each.length) - start, priceMinor: each[start] };
  });
  const prices = runs.length === 1 ? runs[0].priceMinor : runs;
  const quote = { seats, areas: listed(areas), prices, totalMinor: total };
  return { code: 'price_changed', quote } as unknown as Refusal;
}
