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
