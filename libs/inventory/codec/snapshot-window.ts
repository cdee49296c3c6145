import { readAnswer } from './answer-codec.js';
import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import { commandKey, holdKey } from '../state/id-key.js';
import type { MinorUnits, SeatIndex, TimeMs } from '../ids.js';
import {
  isPlainHold,
  keepHold,
  keepStanding,
  kept,
  keptBytes,
  mayBeAnswer,
  standsAs,
  wordsOfHold,
  wordsOfStanding,
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
      to.bytes(keptBytes(words, at));
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

/** `holdSlots`: the live holds in order of making. */
export function readWindow(
  from: ByteReader,
  { window, holds }: InventoryState,
  holdSlots: readonly number[],
): void {
  const commandIds = new IdRunReader();
  const holdIds = new IdRunReader();
  let ordinal = 0;
  let lastMs = 0;
  let lastTotal = 0;
  const size = from.size(6);
  if (size > window.limit) from.fail('too many commands');
  window.reserveAll(size);
  for (let left = size; left > 0; left--) {
    const id = commandIds.read(from);
    if (window.findKey(id) !== 0) from.fail('command twice');
    const fingerprint = from.int32();
    const kind = from.byte();
    if (kind === other) {
      const start = from.position;
      readAnswer(from);
      window.insertBytes(id, fingerprint, from.since(start));
      continue;
    }
    if (kind === standingHold) {
      ordinal += from.int();
      if (!(ordinal >= 1 && ordinal <= holdSlots.length)) from.fail('no such hold');
      const slot = holdSlots[ordinal - 1];
      if (!mayBeAnswer(holds, slot)) from.fail('not an answer');
      const entry = window.open(id, fingerprint, wordsOfStanding(holds, slot));
      keepStanding(window.wordsAt(entry), window.answerOffset(entry), holds, slot);
      continue;
    }
    if ((kind & 3) !== plainHold || kind > (plainHold | oneSeat | sameTotal)) {
      from.fail('not an answer');
    }
    const key = holdIds.read(from);
    const seats = (kind & oneSeat) === 0 ? readSeats(from) : [seat(from)];
    const totalMinor = ((kind & sameTotal) === 0 ? from.below(2 ** 32) : lastTotal) as MinorUnits;
    const deadlineMs = (lastMs + from.int()) as TimeMs;
    if (deadlineMs < 0 || !Number.isSafeInteger(deadlineMs)) from.fail('not a time');
    lastTotal = totalMinor;
    lastMs = deadlineMs;
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
