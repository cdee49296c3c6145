import { skipAnswer } from './answer-codec.js';
import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import { commandKey, holdKey, type IdKey } from '../state/id-key.js';
import type { MinorUnits, SeatIndex, TimeMs } from '../ids.js';
import {
  isPlainHold,
  keepHold,
  keepStanding,
  kept,
  mayBeAnswer,
  standsAs,
  wordsOfHold,
  wordsOfStanding,
  writeKeptBytes,
} from '../state/kept-answer.js';
import { noAreas } from '../state/seat-lists.js';
import { IdRunReader, IdRunWriter } from './snapshot-ids.js';
import type { InventoryState } from '../state/state.js';

/**
 * The window in a snapshot, oldest first: id, fingerprint, and an answer of one of these kinds.
 * Most commands of a hot event made a hold that still stands as they made it.
 */
const other = 0;
/** A hold of named seats. */
const plainHold = 1;
/** A live hold just as it stands: how many further it is than the last one that was named so. */
const standingHold = 2;
/** With plainHold. */
const oneSeat = 4;
const sameTotal = 8;

export function writeWindow(
  to: ByteWriter,
  { window, holds }: InventoryState,
  ordinalOf: Uint32Array,
): void {
  const commandIds = new IdRunWriter();
  const holdIds = new IdRunWriter();
  let lastOrdinal = 0;
  let lastMs = 0;
  let lastTotal = 0;
  let expected = holds.laterThan(0);
  to.uint(window.size);
  for (let i = 0; i < window.size; i++) {
    const slot = window.slotOf(i);
    commandIds.write(to, window.loadId(slot, commandKey));
    to.int32(window.fingerprintAt(slot));
    const words = window.wordsAt(slot);
    const at = window.answerOffset(slot);
    if (!kept.isHold(words, at)) {
      to.byte(other);
      writeKeptBytes(to, words, at);
      continue;
    }
    const id = holdKey.load(words, kept.holdIdAt(words, at), kept.holdCode(words, at));
    // Holds were made in the order of their commands: mostly the next one is meant.
    const standing = expected !== 0 && holds.hasId(expected, id) ? expected : holds.findKey(id);
    if (standing !== 0) expected = holds.laterThan(standing);
    if (standing !== 0 && standsAs(holds, standing, words, at)) {
      to.byte(standingHold);
      to.int(ordinalOf[standing] - lastOrdinal);
      lastOrdinal = ordinalOf[standing];
      continue;
    }
    const total = kept.totalMinor(words, at);
    const count = kept.seats(words, at);
    to.byte(plainHold | (count === 1 ? oneSeat : 0) | (total === lastTotal ? sameTotal : 0));
    holdIds.write(to, id);
    if (count !== 1) to.uint(count);
    for (let n = 0; n < count; n++) to.uint(kept.seat(words, at, n));
    if (total !== lastTotal) to.uint(total);
    to.int(kept.deadlineMs(words, at) - lastMs);
    lastTotal = total;
    lastMs = kept.deadlineMs(words, at);
  }
}

/** Reads what `writeWindow` wrote; `holdSlots`: the live holds in order of making. */
export class WindowReader {
  private readonly commandIds = new IdRunReader();
  private readonly holdIds = new IdRunReader();
  private ordinal = 0;
  private lastMs = 0;
  private lastTotal = 0;

  constructor(
    private readonly from: ByteReader,
    private readonly state: InventoryState,
    private readonly holdSlots: readonly number[],
  ) {}

  /** How many there are. */
  begin(): number {
    const { from } = this;
    const { window } = this.state;
    const size = from.size(6);
    if (size > window.limit) from.fail('too many commands');
    window.reserveAll(size);
    return size;
  }

  /** The next one. */
  read(): void {
    const { from } = this;
    const { window } = this.state;
    const id = this.commandIds.read(from);
    if (window.findKey(id) !== 0) from.fail('command twice');
    const fingerprint = from.int32();
    const kind = from.byte();
    if (kind === other) {
      const start = from.position;
      skipAnswer(from);
      window.insertBytes(id, fingerprint, from.bytes, start, from.position - start);
    } else if (kind === standingHold) this.readStanding(id, fingerprint);
    else if ((kind & 3) === plainHold && kind <= (plainHold | oneSeat | sameTotal)) {
      this.readPlain(id, fingerprint, kind);
    } else from.fail('not an answer');
  }

  private readStanding(id: IdKey, fingerprint: number): void {
    const { from, holdSlots } = this;
    const { window, holds } = this.state;
    this.ordinal += from.int();
    if (!(this.ordinal >= 1 && this.ordinal <= holdSlots.length)) from.fail('no such hold');
    const slot = holdSlots[this.ordinal - 1];
    if (!mayBeAnswer(holds, slot)) from.fail('not an answer');
    const entry = window.open(id, fingerprint, wordsOfStanding(holds, slot));
    keepStanding(window.wordsAt(entry), window.answerOffset(entry), holds, slot);
  }

  private readPlain(id: IdKey, fingerprint: number, kind: number): void {
    const { from } = this;
    const { window } = this.state;
    const key = this.holdIds.read(from);
    const seats = (kind & oneSeat) === 0 ? readSeats(from) : [seat(from)];
    if ((kind & sameTotal) === 0) this.lastTotal = from.below(2 ** 32);
    const totalMinor = this.lastTotal as MinorUnits;
    const deadlineMs = (this.lastMs + from.int()) as TimeMs;
    if (deadlineMs < 0 || !Number.isSafeInteger(deadlineMs)) from.fail('not a time');
    this.lastMs = deadlineMs;
    const hold = { seats, areas: noAreas, totalMinor, deadlineMs };
    if (!isPlainHold(hold, key)) from.fail('not an answer');
    const entry = window.open(id, fingerprint, wordsOfHold(hold, key));
    keepHold(window.wordsAt(entry), window.answerOffset(entry), hold, key);
  }
}

function readSeats(from: ByteReader): SeatIndex[] {
  const size = from.size(1);
  return Array.from({ length: size }, () => seat(from));
}

function seat(from: ByteReader): SeatIndex {
  return from.below(2 ** 32) as SeatIndex;
}
