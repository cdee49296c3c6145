import { assert } from './assert.js';
import { grown } from './columns.js';
import { codeMax, unpackId, wordsOf, type IdKey } from './id-key.js';
import type { IdStore } from './id-index.js';

const slotsAtFirst = 16;

/**
 * Packed ids by slot, every slot as wide as the longest id so far: ids of one kind are about
 * equally long, and all are bounded by what `decide` lets in.
 */
export class IdColumn implements IdStore {
  private words = new Int32Array(0);
  private codes = new Uint16Array(slotsAtFirst);
  private stride = 0;

  has(slot: number, key: IdKey): boolean {
    return this.codes[slot] === key.code && key.equals(this.words, slot * this.stride);
  }

  idAt(slot: number): string {
    return unpackId(this.words, slot * this.stride, this.codes[slot]);
  }

  /** Reads the id of a slot into `key`. */
  load(slot: number, key: IdKey): IdKey {
    return key.load(this.words, slot * this.stride, this.codes[slot]);
  }

  codeOf(slot: number): number {
    return this.codes[slot];
  }

  copyTo(slot: number, to: Int32Array, at: number): void {
    const from = slot * this.stride;
    const size = wordsOf(this.codes[slot]);
    for (let i = 0; i < size; i++) to[at + i] = this.words[from + i];
  }

  set(slot: number, key: IdKey): void {
    assert(key.code <= codeMax, 'an id is bounded');
    if (slot >= this.codes.length) this.reserve(slot + 1);
    if (key.size > this.stride) this.widen(key.size);
    this.codes[slot] = key.code;
    key.copyTo(this.words, slot * this.stride);
  }

  reserve(slots: number): void {
    if (slots <= this.codes.length) return;
    this.codes = grown(this.codes, slots);
    this.words = grown(this.words, this.codes.length * this.stride);
  }

  private widen(stride: number): void {
    const { words, codes } = this;
    const wider = new Int32Array(codes.length * stride);
    for (let slot = 0; slot < codes.length; slot++) {
      const from = slot * this.stride;
      const size = wordsOf(codes[slot]);
      for (let i = 0; i < size; i++) wider[slot * stride + i] = words[from + i];
    }
    this.words = wider;
    this.stride = stride;
  }
}
