import { assert } from '../assert.js';
import type { AreaQuantity } from '../commands.js';
import type { SeatIndex } from '../ids.js';
import type { IdKey } from '../state/id-key.js';

const sizeAtFirst = 1024;
const uintBytesMax = 8;
const unitBytesMax = 3;

/**
 * Writes the core's binary form: numbers in groups of seven bits, least first, the top bit meaning
 * "more" (LEB128); text as its UTF-16 units in one to three bytes each, which any string survives.
 */
export class ByteWriter {
  private buffer = new Uint8Array(sizeAtFirst);
  private at = 0;

  /** A copy of what was written; the writer starts anew. */
  take(): Uint8Array {
    const taken = this.buffer.slice(0, this.at);
    this.at = 0;
    return taken;
  }

  /** What was written and not taken is `length` bytes at its beginning; good until the next. */
  get written(): Uint8Array {
    return this.buffer;
  }

  get length(): number {
    return this.at;
  }

  /** Forgets what was not taken. */
  clear(): void {
    this.at = 0;
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.at++] = value;
  }

  /** 0 to 2^53 - 1. */
  uint(value: number): void {
    assert(value >= 0 && Number.isSafeInteger(value), 'only whole numbers are written');
    this.reserve(uintBytesMax);
    const { buffer: bytes } = this;
    let at = this.at;
    let rest = value;
    while (rest > 0x7fff_ffff) {
      bytes[at++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest > 0x7f) {
      bytes[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[at++] = rest;
    this.at = at;
  }

  /** Small magnitudes of either sign in few bytes; |value| < 2^52. */
  int(value: number): void {
    this.uint(value >= 0 ? value * 2 : -value * 2 - 1);
  }

  /** Four bytes, for digests. */
  int32(value: number): void {
    this.reserve(4);
    this.buffer[this.at++] = value;
    this.buffer[this.at++] = value >>> 8;
    this.buffer[this.at++] = value >>> 16;
    this.buffer[this.at++] = value >>> 24;
  }

  /** Two bytes, of 0 to 65,535. */
  int16(value: number): void {
    this.reserve(2);
    this.buffer[this.at++] = value;
    this.buffer[this.at++] = value >>> 8;
  }

  /** Four bytes each, from `words[start]` up to before `words[end]`. */
  int32s(words: ArrayLike<number>, start: number, end: number): void {
    this.reserve((end - start) * 4);
    for (let i = start; i < end; i++) this.int32(words[i]);
  }

  /** Zeros up to a multiple of four, where columns of words begin. */
  align(): void {
    while (this.at % 4 !== 0) this.byte(0);
  }

  bytes(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** Bytes that lie in words of four, least first. */
  packed(words: Int32Array, start: number, length: number): void {
    this.reserve(length);
    const { buffer: bytes, at } = this;
    for (let i = 0; i < length; i++) bytes[at + i] = words[start + (i >>> 2)] >>> ((i & 3) * 8);
    this.at = at + length;
  }

  /** The text of an id, without making a string of it. */
  id(key: IdKey): void {
    if (!key.isAscii) return this.text(key.text);
    const length = key.code >>> 2;
    this.uint(length);
    this.reserve(length);
    key.copyAscii(this.buffer, this.at);
    this.at += length;
  }

  text(text: string): void {
    const { length } = text;
    this.reserve(uintBytesMax + length * unitBytesMax);
    if (length > 0x7f) return this.wideText(text);
    const { buffer: bytes } = this;
    const start = this.at + 1;
    bytes[start - 1] = length;
    let units = 0;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      bytes[start + i] = unit;
      units |= unit;
    }
    if (units > 0x7f) return this.wideText(text);
    this.at = start + length;
  }

  /** Ascending without repeats: the gaps are what is written. */
  seats(seats: readonly SeatIndex[]): void {
    this.uint(seats.length);
    let expected = 0;
    for (let i = 0; i < seats.length; i++) {
      this.uint(seats[i] - expected);
      expected = seats[i] + 1;
    }
  }

  areas(areas: readonly AreaQuantity[]): void {
    this.uint(areas.length);
    for (let i = 0; i < areas.length; i++) {
      this.uint(areas[i].area);
      this.uint(areas[i].quantity);
    }
  }

  /** The length that is written is that in bytes. */
  private wideText(text: string): void {
    let size = 0;
    for (let i = 0; i < text.length; i++) size += unitBytes(text.charCodeAt(i));
    this.uint(size);
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      const wide = unitBytes(unit);
      if (wide === 3) this.buffer[this.at++] = 0xe0 | (unit >> 12);
      if (wide === 3) this.buffer[this.at++] = 0x80 | ((unit >> 6) & 0x3f);
      if (wide === 2) this.buffer[this.at++] = 0xc0 | (unit >> 6);
      this.buffer[this.at++] = wide === 1 ? unit : 0x80 | (unit & 0x3f);
    }
  }

  private reserve(more: number): void {
    if (this.at + more <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(this.buffer.length * 2, this.at + more));
    larger.set(this.buffer);
    this.buffer = larger;
  }
}

function unitBytes(unit: number): number {
  return unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
}
