import type { IdIndex } from '../state/id-index.js';
import { bookingKey, holdKey } from '../state/id-key.js';
import { kept, standsAs } from '../state/kept-answer.js';
import type { InventoryState } from '../state/state.js';

/** What of a live hold or booking an answer says word for word, so that it is not said again. */
export type LiveKind = 'none' | 'hold' | 'bookedHold' | 'payingBookedHold' | 'booking';

/**
 * Finds the live hold or booking whose places an answer of the window says (G4: only where it says
 * exactly them). Answers are asked about oldest first.
 */
export class LiveAnswers {
  /** Of the hold or booking that was found. */
  slot = 0;
  /** The live hold that is meant next, most likely: holds were made in order of their commands. */
  private expected: number;

  /** `bookingOfHold`: finds a live booking by the hold that it was. */
  constructor(
    private readonly state: InventoryState,
    private readonly bookingOfHold: IdIndex,
  ) {
    this.expected = state.holds.laterThan(0);
  }

  find(words: Int32Array, at: number): LiveKind {
    if (kept.isHold(words, at)) return this.ofHold(words, at);
    if (kept.isPayingHold(words, at)) {
      return this.findBooking(words, at) ? 'payingBookedHold' : 'none';
    }
    return kept.isBooking(words, at) ? this.ofBooking(words, at) : 'none';
  }

  private ofHold(words: Int32Array, at: number): LiveKind {
    const { expected } = this;
    const { holds } = this.state;
    const id = kept.loadId(words, at, holdKey);
    const hold = expected !== 0 && holds.hasId(expected, id) ? expected : holds.findKey(id);
    if (hold === 0) return this.findBooking(words, at) ? 'bookedHold' : 'none';
    this.expected = holds.laterThan(hold);
    this.slot = hold;
    return standsAs(holds, hold, words, at) ? 'hold' : 'none';
  }

  private ofBooking(words: Int32Array, at: number): LiveKind {
    const { bookings } = this.state;
    const live = bookings.findKey(kept.loadId(words, at, bookingKey));
    const same = live !== 0 && bookings.wasHold(live, kept.loadOtherId(words, at, holdKey));
    this.slot = live;
    return same && this.isOfBooking(live, words, at) ? 'booking' : 'none';
  }

  private findBooking(words: Int32Array, at: number): boolean {
    this.slot = this.bookingOfHold.find(kept.loadId(words, at, holdKey));
    return this.slot !== 0 && this.isOfBooking(this.slot, words, at);
  }

  /** True when the answer's places are those of the live booking. */
  private isOfBooking(slot: number, words: Int32Array, at: number): boolean {
    const { bookings } = this.state;
    if (bookings.totalMinor(slot) !== kept.totalMinor(words, at)) return false;
    return bookings.areasOf(slot).length === 0 && this.hasSeats(slot, words, at);
  }

  private hasSeats(slot: number, words: Int32Array, at: number): boolean {
    const seats = this.state.bookings.seatsOf(slot);
    if (seats.length !== kept.seats(words, at)) return false;
    for (let i = 0; i < seats.length; i++) if (seats[i] !== kept.seat(words, at, i)) return false;
    return true;
  }
}
