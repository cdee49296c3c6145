import { assert } from '../assert.js';
import type { AreaQuantity } from '../commands.js';
import type { BookingCancelled, Fact } from '../facts.js';
import type { BookingId, HoldId, SeatIndex, TimeMs, UserId } from '../ids.js';
import { noAreas, noSeats } from './seat-lists.js';
import { SeatStatus, type InventoryState, type ShownSaleStatus } from './state.js';

/** What one fact changes on the seat map. All its seats get the same status. */
export interface Changes {
  readonly seats: readonly SeatIndex[];
  readonly status: SeatStatus;
  /** Areas whose counts change; read the new counts with areaCounts() after evolve(). */
  readonly areas: readonly AreaQuantity[];
  readonly saleStatus?: ShownSaleStatus;
  readonly note?: HoldChange;
}

/** For the buyer's private frames. */
export interface HoldChange {
  readonly userId: UserId;
  readonly holdId: HoldId;
  readonly what: 'held' | 'extended' | 'released' | 'expired' | 'paying' | 'booked' | 'cancelled';
  readonly deadlineMs: TimeMs;
}

/**
 * To be asked just BEFORE the fact is folded: an expired hold or a cancelled booking is still there
 * to say whose it was and which seats it had. After a failed payment the note is `extended`: the
 * hold is an ordinary one again, with the deadline given.
 */
export function changesOf(state: InventoryState, fact: Fact): Changes {
  switch (fact.type) {
    case 'SeatsHeld':
      return places(fact, SeatStatus.held, {
        userId: fact.userId,
        holdId: fact.holdId,
        what: 'held',
        deadlineMs: fact.deadlineMs,
      });
    case 'HoldExtended':
    case 'PaymentFailed':
      return places(nothing, SeatStatus.held, noteOf(state, fact, 'extended', fact.deadlineMs));
    case 'PaymentBegun':
      return places(nothing, SeatStatus.held, noteOf(state, fact, 'paying', fact.deadlineMs));
    case 'HoldReleased':
      return places(fact, SeatStatus.free, noteOf(state, fact, 'released'));
    case 'HoldExpired': {
      const slot = slotOf(state, fact.holdId);
      const held = { seats: state.holds.seatsOf(slot), areas: state.holds.areasOf(slot) };
      return places(held, SeatStatus.free, noteOf(state, fact, 'expired'));
    }
    case 'SeatsBooked':
      return places(fact, SeatStatus.booked, noteOf(state, fact, 'booked'));
    case 'SeatsBookedLate':
      return places(fact, SeatStatus.booked, {
        userId: fact.userId,
        holdId: fact.holdId,
        what: 'booked',
        deadlineMs: fact.atMs,
      });
    case 'BookingCancelled':
      return places(fact, statusAfter(fact), cancelled(state, fact.bookingId, fact.atMs));
    case 'SeatsBlocked':
      return places(fact, SeatStatus.blocked);
    case 'SeatsUnblocked':
      return places(fact, SeatStatus.free);
    case 'SaleOpened':
      return { ...places(nothing, SeatStatus.free), saleStatus: 'open' };
    case 'SaleClosed':
      return { ...places(nothing, SeatStatus.free), saleStatus: 'closed' };
    // To those who look on it is closed (shownSaleStatus).
    case 'EventCancelled':
      return { ...places(nothing, SeatStatus.free), saleStatus: 'closed' };
    case 'RulesChanged':
    case 'CommandRefused':
      return places(nothing, SeatStatus.free);
  }
}

/** What becomes of the places of a cancelled booking. */
export const statusAfter = ({ offSale }: Pick<BookingCancelled, 'offSale'>): SeatStatus =>
  offSale === undefined ? SeatStatus.free : SeatStatus.blocked;

interface Places {
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
}

const nothing: Places = { seats: noSeats, areas: noAreas };

function places({ seats, areas }: Places, status: SeatStatus, note?: HoldChange): Changes {
  return note === undefined ? { seats, areas, status } : { seats, areas, status, note };
}

function noteOf(
  state: InventoryState,
  { holdId }: { readonly holdId: HoldId },
  what: HoldChange['what'],
  deadlineMs?: TimeMs,
): HoldChange {
  const slot = slotOf(state, holdId);
  const userId = state.holds.userOf(slot);
  return { userId, holdId, what, deadlineMs: deadlineMs ?? state.holds.deadlineMs(slot) };
}

function cancelled(state: InventoryState, bookingId: BookingId, atMs: TimeMs): HoldChange {
  const booking = state.bookings.get(bookingId);
  assert(booking !== undefined, 'changes are asked for before the fact is folded');
  return { userId: booking.userId, holdId: booking.holdId, what: 'cancelled', deadlineMs: atMs };
}

function slotOf(state: InventoryState, holdId: HoldId): number {
  const slot = state.holds.find(holdId);
  assert(slot !== 0, 'changes are asked for before the fact is folded');
  return slot;
}
