import { ByteWriter } from './byte-writer.js';
import { writeIds } from './id-blocks.js';
import { LiveAnswers, type LiveKind } from './live-answers.js';
import type { PlaceColumnsWriter } from './place-columns-writer.js';
import { attemptKey, commandKey } from '../state/id-key.js';
import { kept, wordsAt } from '../state/kept-answer.js';
import type { InventoryState } from '../state/state.js';

/**
 * The window in columns, oldest first: ids and fingerprints; of each answer what says it, and by
 * that its number among the live holds or bookings, with the deadline, and the attempt of one that
 * was paid for, or the words in which it is kept. Stored numbers: never renumber, only append.
 */
export const columnKind: Readonly<Record<LiveKind, number>> = {
  none: 0,
  hold: 1,
  bookedHold: 2,
  payingBookedHold: 3,
  booking: 4,
};

export class WindowColumnsWriter {
  private readonly live: LiveAnswers;
  private readonly kinds = new ByteWriter();
  private readonly fingerprints = new ByteWriter();
  private readonly numbers = new ByteWriter();
  private readonly deadlines = new ByteWriter();
  private readonly words = new ByteWriter();
  /** Slots of those that say an attempt. */
  private readonly paying: number[] = [];

  /** `places`: who wrote holds and bookings before. */
  constructor(
    private readonly to: ByteWriter,
    private readonly state: InventoryState,
    private readonly places: PlaceColumnsWriter,
  ) {
    this.live = new LiveAnswers(state, places.bookingOfHold);
  }

  write(): void {
    const { to, kinds, fingerprints, numbers, deadlines, words, paying } = this;
    const { window } = this.state;
    to.uint(window.size);
    writeIds(to, window.size, (i) => window.loadId(window.slotOf(i), commandKey));
    for (let i = 0; i < window.size; i++) this.add(window.slotOf(i));
    to.bytes(kinds.take());
    to.align();
    to.bytes(fingerprints.take());
    for (const column of [numbers, deadlines, words]) {
      to.uint(column.length / 4);
      to.align();
      to.bytes(column.take());
    }
    to.uint(paying.length);
    writeIds(to, paying.length, (i) =>
      kept.loadOtherId(window.wordsAt(paying[i]), window.answerOffset(paying[i]), attemptKey),
    );
  }

  private add(slot: number): void {
    const { live, places, numbers } = this;
    const { window } = this.state;
    const words = window.wordsAt(slot);
    const at = window.answerOffset(slot);
    const kind = live.find(words, at);
    this.kinds.byte(columnKind[kind]);
    this.fingerprints.int32(window.fingerprintAt(slot));
    if (kind === 'none') return this.words.int32s(words, at, at + wordsAt(words, at));
    const { ordinalOf, bookingOrdinalOf } = places;
    numbers.int32(kind === 'hold' ? ordinalOf[live.slot] : bookingOrdinalOf[live.slot]);
    if (kind === 'hold' || kind === 'booking') return;
    this.deadlines.int32s(words, ...kept.deadlineWords(at));
    if (kind === 'payingBookedHold') this.paying.push(slot);
  }
}
