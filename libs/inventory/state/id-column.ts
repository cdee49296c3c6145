import { assert } from '../assert.js';
import { grownLength } from './columns.js';
import { codeMax, unpackId, wordsOf, type IdKey } from './id-key.js';
import type { IdStore } from './id-index.js';

const slotsAtFirst = 16;

/**
 * Packed ids by slot, the code and behind it the words. Every slot is as wide as the longest id so
 * far: ids of one kind are about equally long, and all are bounded by what `decide` lets in.
 */
export class IdColumn implements IdStore {
  private words = new Int32Array(slotsAtFirst);
  private slots = slotsAtFirst;
  private stride = 1;
  private isUsed = false;

  /** `usual`: slots in a full house. */
  constructor(private readonly usual = 0) {}

  has(slot: number, key: IdKey): boolean {
    const { words } = this;
    const at = slot * this.stride;
    return words[at] === key.code && key.equals(words, at + 1);
  }

  idAt(slot: number): string {
    return unpackId(this.words, slot * this.stride + 1, this.codeOf(slot));
  }

  /** Reads the id of a slot into `key`. */
  loadId(slot: number, key: IdKey): IdKey {
    return key.load(this.words, slot * this.stride + 1, this.codeOf(slot));
  }

  codeOf(slot: number): number {
    return this.words[slot * this.stride];
  }

  copyTo(slot: number, to: Int32Array, at: number): void {
    const from = slot * this.stride + 1;
    const size = wordsOf(this.codeOf(slot));
    for (let i = 0; i < size; i++) to[at + i] = this.words[from + i];
  }

  set(slot: number, key: IdKey): void {
    assert(key.code <= codeMax, 'an id is bounded');
    if (slot >= this.slots) this.reserve(slot + 1);
    if (key.size >= this.stride) this.resize(this.slots, key.size + 1);
    this.isUsed = true;
    const at = slot * this.stride;
    this.words[at] = key.code;
    key.copyTo(this.words, at + 1);
  }

  /** Room for so many slots; `idWords`: of the ids that will come, where it is known. */
  reserve(slots: number, idWords = 0): void {
    const stride = Math.max(this.stride, idWords + 1);
    if (slots <= this.slots && stride === this.stride) return;
    const length = slots <= this.slots ? this.slots : grownLength(this.slots, slots, this.usual);
    this.resize(length, stride);
  }

  private resize(slots: number, stride: number): void {
    const { words, stride: before } = this;
    const wider = new Int32Array(slots * stride);
    if (stride === before) wider.set(words);
    else if (this.isUsed) {
      for (let slot = 0; slot < this.slots; slot++) {
        const from = slot * before;
        for (let i = 0; i < before; i++) wider[slot * stride + i] = words[from + i];
      }
    }
    this.words = wider;
    this.slots = slots;
    this.stride = stride;
  }
}
