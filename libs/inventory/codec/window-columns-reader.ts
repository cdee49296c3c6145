import { mayBeOfNamedSeats, readAnswer, skipAnswer } from './answer-codec.js';
import { ByteReader } from './byte-reader.js';
import { IdBlock } from './id-blocks.js';
import { columnKind } from './window-columns-writer.js';
import { IdKey } from '../state/id-key.js';
import {
  bytesAt,
  isKept,
  keepBookedHold,
  keepStanding,
  keepStandingBooking,
  kept,
  mayBeAnswer,
  mayBeAnswerOfBooking,
  wordsOfBookedHold,
  wordsOfStanding,
  wordsAt,
  wordsOfStandingBooking,
} from '../state/kept-answer.js';
import { isLarge } from '../state/columns.js';
import type { InventoryState } from '../state/state.js';

/**
 * Reads what WindowColumnsWriter wrote into a state whose holds and bookings are there.
 *
 * WCR1  An answer is words as kept-answer.ts has them, with sound ids, or the snapshot is refused:
 *       what says how long it is was not written here.
 */
export class WindowColumnsReader {
  private ids!: IdBlock;
  private kinds!: Uint8Array;
  private fingerprints!: Int32Array;
  private numbers!: Int32Array;
  private deadlines!: Int32Array;
  private words!: Int32Array;
  private attempts!: IdBlock;
  private readonly key = new IdKey();
  /** The first entry that cannot be found yet. */
  private notedFrom = 1;
  private at = 0;
  private numberAt = 0;
  private deadlineAt = 0;
  private wordAt = 0;

  constructor(
    private readonly from: ByteReader,
    private readonly state: InventoryState,
  ) {}

  begin(): number {
    const { from } = this;
    const { window } = this.state;
    const size = from.size(5);
    if (size > window.limit) from.fail('too many commands');
    window.reserveAll(size);
    this.ids = new IdBlock(from, size);
    this.kinds = from.part(size);
    from.align();
    this.fingerprints = from.int32s(size);
    this.numbers = this.column();
    this.deadlines = this.column();
    this.words = this.column();
    this.attempts = new IdBlock(from, from.size(1));
    return size;
  }

  read(count: number): void {
    const { ids, kinds, fingerprints } = this;
    this.notedFrom = this.state.window.size + 1;
    for (let i = 0; i < count; i++) {
      const id = ids.next();
      const fingerprint = fingerprints[this.at];
      switch (kinds[this.at++]) {
        case columnKind.none:
          this.readWords(id, fingerprint);
          break;
        case columnKind.hold:
          this.readHold(id, fingerprint);
          break;
        case columnKind.bookedHold:
          this.readBookedHold(id, fingerprint, null);
          break;
        case columnKind.payingBookedHold:
          this.readBookedHold(id, fingerprint, this.attempts.next());
          break;
        case columnKind.booking:
          this.readBooking(id, fingerprint);
          break;
        default:
          this.from.fail('not an answer');
      }
    }
    this.letFind();
  }

  /** After the last one. */
  end(): void {
    this.ids.end();
    this.attempts.end();
    const { numberAt, deadlineAt, wordAt, numbers, deadlines, words } = this;
    const isAll = numberAt === numbers.length && deadlineAt === deadlines.length;
    if (!isAll || wordAt !== words.length) this.from.fail('not columns');
  }

  /** Lets what was read so far be found, and finds what is there twice. */
  private letFind(): void {
    const { window } = this.state;
    if (!window.findable(this.notedFrom)) this.from.fail('command twice');
    this.notedFrom = window.size + 1;
  }

  private readHold(id: IdKey, fingerprint: number): void {
    const { holds, window } = this.state;
    const slot = this.number(holds.size);
    if (!mayBeAnswer(holds, slot)) this.from.fail('not an answer');
    window.openNoted(id, fingerprint, wordsOfStanding(holds, slot));
    keepStanding(window.room, window.roomAt, holds, slot);
  }

  private readBookedHold(id: IdKey, fingerprint: number, attempt: IdKey | null): void {
    const { bookings, window } = this.state;
    const slot = this.booking();
    const { deadlines, deadlineAt } = this;
    if (deadlineAt + 2 > deadlines.length) this.from.fail('no deadline');
    this.deadlineAt += 2;
    if (!isLarge(deadlines, deadlineAt)) this.from.fail('not a time');
    const words = wordsOfBookedHold(bookings, slot, attempt);
    window.openNoted(id, fingerprint, words);
    const { room, roomAt } = window;
    keepBookedHold(room, roomAt, bookings, slot, deadlines, deadlineAt, attempt);
  }

  private readBooking(id: IdKey, fingerprint: number): void {
    const { bookings, window } = this.state;
    const slot = this.booking();
    window.openNoted(id, fingerprint, wordsOfStandingBooking(bookings, slot));
    keepStandingBooking(window.room, window.roomAt, bookings, slot);
  }

  private booking(): number {
    const { bookings } = this.state;
    const slot = this.number(bookings.size);
    if (!mayBeAnswerOfBooking(bookings, slot)) this.from.fail('not an answer');
    return slot;
  }

  /** Of the live hold or booking that is named next. */
  private number(numberMax: number): number {
    const number = this.numbers[this.numberAt++];
    if (!(number >= 1 && number <= numberMax)) this.from.fail('no such hold or booking');
    return number;
  }

  private readWords(id: IdKey, fingerprint: number): void {
    const { words, wordAt: at, key } = this;
    const { window } = this.state;
    if (!isKept(words, at, key)) this.from.fail('not an answer');
    const size = wordsAt(words, at);
    this.wordAt += size;
    if (kept.isBytes(words, at)) return this.readBytes(id, fingerprint, bytesAt(words, at));
    window.openNoted(id, fingerprint, size);
    const { room, roomAt } = window;
    for (let i = 0; i < size; i++) room[roomAt + i] = words[at + i];
  }

  private readBytes(id: IdKey, fingerprint: number, bytes: Uint8Array): void {
    const { window } = this.state;
    const from = new ByteReader(bytes);
    this.letFind();
    if (window.findKey(id) !== 0) this.from.fail('command twice');
    if (mayBeOfNamedSeats(from)) {
      const answer = readAnswer(from);
      if (!from.isAtEnd || answer.kind !== 'accepted') this.from.fail('not an answer');
      else window.insert(id, fingerprint, answer.outcome);
    } else {
      skipAnswer(from);
      if (!from.isAtEnd) this.from.fail('not an answer');
      window.insertBytes(id, fingerprint, bytes, 0, bytes.length);
    }
    this.notedFrom = window.size + 1;
  }

  private column(): Int32Array {
    const { from } = this;
    const size = from.uint();
    from.align();
    return from.int32s(size);
  }
}
