import type {
  AreaQuantity,
  BestAvailable,
  BookLate,
  Command,
  Fact,
  SaleRules,
  SeatIndex,
  TextChange,
} from '#libs/inventory/inventory.js';
import { byOfOld } from '#libs/inventory/codec/upcasters.js';

/** Short forms of commands for specs; ids are plain text there. */
export function holdSeats(
  holdId: string,
  seats: readonly number[],
  more: {
    areas?: readonly [number, number][];
    best?: readonly Loose<BestAvailable>[];
    expectedTotal?: number;
    wheelchairs?: number;
    partyMax?: number;
  } = {},
): Command {
  const { areas = [], best = [], expectedTotal, wheelchairs, partyMax } = more;
  return {
    type: 'HoldSeats',
    holdId,
    seats: [...seats],
    areas: quantities(areas),
    best,
    ...(expectedTotal === undefined ? {} : { expectedTotal }),
    ...(wheelchairs === undefined ? {} : { wheelchairs }),
    ...(partyMax === undefined ? {} : { partyMax }),
  } as unknown as Command;
}

export const holdBest = (holdId: string, ...best: readonly Loose<BestAvailable>[]): Command =>
  holdSeats(holdId, [], { best });

export function releaseHold(
  holdId: string,
  seats?: readonly number[],
  areas?: readonly [number, number][],
): Command {
  return {
    type: 'ReleaseHold',
    holdId,
    ...(seats === undefined ? {} : { seats }),
    ...(areas === undefined ? {} : { areas: quantities(areas) }),
  } as unknown as Command;
}

export const extendHold = (holdId: string, byMs?: number): Command =>
  ({ type: 'ExtendHold', holdId, ...(byMs === undefined ? {} : { byMs }) }) as unknown as Command;

export const beginPayment = (holdId: string, attemptId = 'pay1'): Command =>
  ({ type: 'BeginPayment', holdId, attemptId }) as unknown as Command;

export const failPayment = (holdId: string, attemptId = 'pay1'): Command =>
  ({ type: 'FailPayment', holdId, attemptId }) as unknown as Command;

export const bookHold = (holdId: string, bookingId: string, attemptId = 'pay1'): Command =>
  ({ type: 'BookHold', holdId, bookingId, attemptId }) as unknown as Command;

export const cancelBooking = (
  bookingId: string,
  seats?: readonly number[],
  more: { readonly areas?: readonly [number, number][]; readonly offSale?: true } = {},
): Command =>
  ({
    type: 'CancelBooking',
    bookingId,
    ...(seats === undefined ? {} : { seats }),
    ...(more.areas === undefined ? {} : { areas: quantities(more.areas) }),
    ...(more.offSale === undefined ? {} : { offSale: more.offSale }),
  }) as unknown as Command;

export const bookLate = (
  holdId: string,
  bookingId: string,
  seats: readonly number[],
  totalMinor: number,
  more: Loose<Pick<BookLate, 'alternative' | 'newer' | 'attemptId'>> & {
    readonly areas?: readonly [number, number][];
  } = {},
): Command => {
  const { areas = [], ...said } = more;
  return {
    type: 'BookLate',
    holdId,
    bookingId,
    attemptId: 'pay1',
    seats: [...seats],
    areas: quantities(areas),
    totalMinor,
    alternative: false,
    newer: [],
    ...said,
  } as unknown as Command;
};

export const blockSeats = (
  seats: readonly number[],
  areas: readonly [number, number][] = [],
): Command => ({
  type: 'BlockSeats',
  seats: seats as readonly SeatIndex[],
  areas: quantities(areas),
  reason: 'camera',
});

export const unblockSeats = (
  seats: readonly number[],
  areas: readonly [number, number][] = [],
): Command => ({
  type: 'UnblockSeats',
  seats: seats as readonly SeatIndex[],
  areas: quantities(areas),
});

export function changeRules(
  rules: Loose<SaleRules>,
  capacities: readonly [number, number][] = [],
  texts: readonly TextChange[] = [],
): Command {
  const sizes = capacities.map(([area, capacity]) => ({ area, capacity }));
  return { type: 'ChangeRules', rules, capacities: sizes, texts } as unknown as Command;
}

export const openSale: Command = { type: 'OpenSale' };
export const closeSale: Command = { type: 'CloseSale' };
export const cancelEvent: Command = { type: 'CancelEvent' };
export const tick: Command = { type: 'Tick' };

/** A fact with plain text and numbers for ids and indexes; who usually does caused it. */
export function fact(plain: Loose<Fact>): Fact {
  const by = byOfOld(plain.type as Fact['type'], plain.cause !== undefined);
  const prices = plain.type === 'SeatsHeld' ? { prices: null } : {};
  return { by, ...prices, ...plain } as unknown as Fact;
}

type Loose<Shape> = { readonly [Key in keyof Shape]?: unknown };

function quantities(areas: readonly [number, number][]): AreaQuantity[] {
  return areas.map(([area, quantity]) => ({ area, quantity }) as AreaQuantity);
}
