import {
  bookingView,
  type CommandType,
  type Fact,
  type InventoryState,
} from '#libs/inventory/inventory.js';
import { limits } from '#libs/contracts/limits.js';
import type { Reply } from '#libs/contracts/wire.js';
import type { BookedRow, CancelledRow, OutboxRow, Projection } from '#libs/journal/journal.js';
import type { Mail } from './mail.js';

/** A reply that waits behind the output gate. */
export interface GatedReply {
  readonly mail: Mail;
  readonly reply: Reply;
}

/**
 * What an actor has decided and not yet made durable: the facts, and everything that may leave
 * only after them. It is either open (decisions are still added) or sealed (its append runs).
 */
export class OpenBatch {
  readonly facts: Fact[] = [];
  readonly replies: GatedReply[] = [];
  private bytes = 0;
  private booked: BookedRow[] = [];
  private cancelled: CancelledRow[] = [];
  private outbox: OutboxRow[] = [];

  constructor(readonly firstSeq: number) {}

  /** No room for another decision's facts (G8); a decision that is in may go over by its own. */
  get full(): boolean {
    return this.facts.length >= limits.factsPerBatchMax || this.bytes >= limits.bytesPerBatchMax;
  }

  /** A batch books or cancels, never both: its rows go in with one statement (Projection). */
  mixesWith(command: CommandType): boolean {
    if (command === 'BookHold' || command === 'BookLate') return this.cancelled.length > 0;
    return command === 'CancelBooking' && this.booked.length > 0;
  }

  /** `state`: with the fact folded in. */
  add(state: InventoryState, fact: Fact): void {
    this.facts.push(fact);
    this.bytes += sizeOf(fact);
    if (fact.type === 'SeatsBooked' || fact.type === 'SeatsBookedLate') this.addBooking(fact);
    else if (fact.type === 'BookingCancelled') this.addCancellation(state, fact);
  }

  projection(): Projection | null {
    if (this.booked.length === 0 && this.cancelled.length === 0) return null;
    return { booked: this.booked, cancelled: this.cancelled, outbox: this.outbox };
  }

  private addBooking(fact: Extract<Fact, { type: 'SeatsBooked' | 'SeatsBookedLate' }>): void {
    const { bookingId, holdId, attemptId, userId, seats, areas, totalMinor, atMs } = fact;
    this.booked.push({ bookingId, holdId, attemptId, userId, seats, areas, totalMinor, atMs });
    this.outbox.push({
      topic: 'booking.confirmed',
      key: bookingId,
      payload: { bookingId, userId, attemptId, totalMinor },
    });
  }

  private addCancellation(
    state: InventoryState,
    fact: Extract<Fact, { type: 'BookingCancelled' }>,
  ): void {
    const { bookingId, seats, atMs } = fact;
    const left = bookingView(state, bookingId);
    const whole = left === null || left.seats.length + left.areas.length === 0;
    this.cancelled.push({ bookingId, seats, whole, atMs });
    this.outbox.push({ topic: 'booking.cancelled', key: bookingId, payload: { bookingId, seats } });
  }
}

/** An upper estimate of a fact's encoding: ids and numbers, and its list of seats. */
function sizeOf(fact: Fact): number {
  const seats = fact.type === 'CommandRefused' ? fact.refusal.seats : seatsOf(fact);
  return factBytes + seatBytes * (seats?.length ?? 0);
}

const seatsOf = (fact: Fact): readonly unknown[] | undefined =>
  'seats' in fact ? fact.seats : undefined;

/** Three ids of limits.idBytesMax at most, most of them far shorter. */
const factBytes = 300;
/** A seat in conflict and one of the alternative, as variable-length integers. */
const seatBytes = 8;
