import { assert } from './assert.js';
import { grown } from './columns.js';
import type { Answer, Outcome } from './decision.js';
import { FifoSlots } from './fifo-slots.js';
import { IdIndex, type IdStore } from './id-index.js';
import { codeMax, commandKey, holdKey, unpackId, wordsOf, type IdKey } from './id-key.js';
import type { CommandId } from './ids.js';
import {
  answerAt,
  bytesOfAnswer,
  isPlainHold,
  keepBytes,
  keepHold,
  wordsOfBytes,
  wordsOfHold,
  type HoldAnswer,
} from './kept-answer.js';
import type { Refusal } from './refusals.js';
import { WordLog } from './word-log.js';

/**
 * The answers of the last commands by id (G4), rebuilt by `evolve` from facts alone. An entry is
 * words of a log, the command id and behind it the answer; no object lives for it. The answer is
 * made again when a duplicate asks.
 */
export class CommandWindow implements IdStore {
  private readonly slots: FifoSlots;
  private readonly index = new IdIndex(this);
  private readonly log = new WordLog();
  /** By slot: where the entry is in the log. */
  private positions = new Uint32Array(16);
  private codes = new Uint16Array(16);
  private fingerprints = new Int32Array(16);

  constructor(limit: number) {
    this.slots = new FifoSlots(limit);
  }

  get size(): number {
    return this.slots.size;
  }

  get limit(): number {
    return this.slots.limit;
  }

  /** 0 when the command is not remembered. */
  find(commandId: CommandId): number {
    return this.index.find(commandKey.read(commandId));
  }

  touch(key: IdKey): number {
    return this.index.touch(key);
  }

  findKey(key: IdKey): number {
    return this.index.find(key);
  }

  fingerprintAt(slot: number): number {
    return this.fingerprints[slot];
  }

  answerAt(slot: number): Answer {
    return answerAt(this.wordsAt(slot), this.answerOffset(slot));
  }

  insert(key: IdKey, fingerprint: number, answer: Outcome | Refusal): void {
    if (!('code' in answer) && answer.type === 'hold' && answer.attemptId === undefined) {
      return this.insertHold(key, fingerprint, answer);
    }
    this.insertBytes(key, fingerprint, bytesOfAnswer(answer));
  }

  insertHold(key: IdKey, fingerprint: number, hold: HoldAnswer): void {
    const id = holdKey.read(hold.holdId);
    if (!isPlainHold(hold, id)) {
      const { holdId, seats, areas, totalMinor, deadlineMs } = hold;
      const outcome: Outcome = { type: 'hold', holdId, seats, areas, totalMinor, deadlineMs };
      return this.insertBytes(key, fingerprint, bytesOfAnswer(outcome));
    }
    const slot = this.open(key, fingerprint, wordsOfHold(hold, id));
    keepHold(this.wordsAt(slot), this.answerOffset(slot), hold, id);
  }

  /** The words that an entry lies in. */
  wordsAt(slot: number): Int32Array {
    return this.log.chunkAt(this.positions[slot]);
  }

  /** Where in them its answer begins. */
  answerOffset(slot: number): number {
    return this.log.offsetAt(this.positions[slot]) + wordsOf(this.codes[slot]);
  }

  loadId(slot: number, key: IdKey): IdKey {
    return key.load(this.wordsAt(slot), this.log.offsetAt(this.positions[slot]), this.codes[slot]);
  }

  /** The slot of the i-th oldest, from 0. */
  slotOf(i: number): number {
    return this.slots.at(i);
  }

  has(slot: number, key: IdKey): boolean {
    const position = this.positions[slot];
    if (this.codes[slot] !== key.code) return false;
    return key.equals(this.log.chunkAt(position), this.log.offsetAt(position));
  }

  idAt(slot: number): string {
    return unpackId(this.wordsAt(slot), this.log.offsetAt(this.positions[slot]), this.codes[slot]);
  }

  /** Opens an entry with room for an answer of so many words; the caller fills it. */
  open(key: IdKey, fingerprint: number, answerWords: number): number {
    assert(key.code <= codeMax, 'an id is bounded');
    const position = this.log.allocate(key.size + answerWords);
    if (this.slots.isFull) this.forgetOldest(position);
    const slot = this.slots.take();
    if (slot >= this.positions.length) this.reserve(slot + 1);
    this.positions[slot] = position;
    this.codes[slot] = key.code;
    this.fingerprints[slot] = fingerprint;
    key.copyTo(this.log.chunkAt(position), this.log.offsetAt(position));
    this.index.add(key, slot);
    return slot;
  }

  /** Room for so many commands, for a loader who knows how many will come. */
  reserveAll(commands: number): void {
    this.index.reserve(commands);
    if (commands >= this.positions.length) this.reserve(commands + 1);
  }

  insertBytes(key: IdKey, fingerprint: number, bytes: Uint8Array): void {
    const slot = this.open(key, fingerprint, wordsOfBytes(bytes));
    keepBytes(this.wordsAt(slot), this.answerOffset(slot), bytes);
  }

  private reserve(slots: number): void {
    this.positions = grown(this.positions, slots);
    this.codes = grown(this.codes, slots);
    this.fingerprints = grown(this.fingerprints, slots);
  }

  private forgetOldest(newest: number): void {
    const { oldest, limit } = this.slots;
    this.index.remove(oldest);
    const next = limit === 1 ? newest : this.positions[this.slots.at(1)];
    this.log.forget(this.positions[oldest], next);
  }
}
