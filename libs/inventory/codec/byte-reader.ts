import type { AreaQuantity } from '../commands.js';
import type { AreaIndex, SeatIndex } from '../ids.js';
import { codeMax, type IdKey } from '../state/id-key.js';
import { noAreas, noSeats } from '../state/seat-lists.js';

/** The bytes are not what encodeFacts or encodeState wrote. Nothing was guessed from them. */
export class CorruptBytes extends Error {
  override readonly name = 'CorruptBytes';
}

/** Whether words of four bytes, least first, lie in this machine's memory as they are written. */
const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

const uint32Max = 0xffff_ffff;
/** Eight bytes of seven bits hold every whole number that a double does. */
const scaleMax = 2 ** 56;
/** Arguments of one call; the stack holds only so many. */
const unitsPerCall = 4_096;

/** What comes from the journal is a Buffer, which makes a text of its bytes in one step. */
interface MaybeBuffer extends Uint8Array {
  readonly latin1Slice?: (start: number, end: number) => string;
}

/**
 * Reads what ByteWriter wrote. Every count is checked against the bytes that are left before
 * anything is allocated for it, so hostile bytes cost no more memory than their own size.
 */
export class ByteReader {
  private at = 0;

  constructor(readonly bytes: MaybeBuffer) {}

  get left(): number {
    return this.bytes.length - this.at;
  }

  get position(): number {
    return this.at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  fail(what: string): never {
    throw new CorruptBytes(`${what} at byte ${this.at}`);
  }

  byte(): number {
    if (this.at >= this.bytes.length) this.fail('bytes end too early');
    return this.bytes[this.at++];
  }

  uint(): number {
    let byte = this.byte();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    let scale = 128;
    do {
      byte = this.byte();
      value += (byte & 0x7f) * scale;
      scale *= 128;
      // Without the second bound zeros without end make the scale infinite and the value NaN.
      if (value > Number.MAX_SAFE_INTEGER || scale > scaleMax) this.fail('number too large');
    } while (byte >= 0x80);
    if (byte === 0) this.fail('number with needless bytes');
    return value;
  }

  /** A number below `bound`. */
  below(bound: number): number {
    const value = this.uint();
    if (value >= bound) this.fail('number out of range');
    return value;
  }

  int(): number {
    const value = this.uint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** A time so far from another one. */
  timeAfter(atMs: number): number {
    const timeMs = atMs + this.int();
    if (timeMs < 0 || !Number.isSafeInteger(timeMs)) this.fail('not a time');
    return timeMs;
  }

  int32(): number {
    if (this.left < 4) this.fail('bytes end too early');
    const { bytes, at } = this;
    this.at += 4;
    return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
  }

  /** Words of four bytes, least first, into `to[start]` up to before `to[end]`. */
  words(to: Int32Array, start: number, end: number): void {
    if (this.left < (end - start) * 4) this.fail('bytes end too early');
    const { bytes } = this;
    let { at } = this;
    for (let i = start; i < end; i++, at += 4) {
      to[i] = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    }
    this.at = at;
  }

  /** Zeros up to a multiple of four. */
  align(): void {
    while (this.at % 4 !== 0) if (this.byte() !== 0) this.fail('no zero before a column');
  }

  /** So many bytes, to be read by themselves; not copied. */
  part(length: number): Uint8Array {
    if (length > this.left) this.fail('bytes end too early');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /**
   * A column of so many words of four bytes, least first. Not copied where it lies in memory as
   * this machine has its words.
   */
  int32s(count: number): Int32Array {
    if (count * 4 > this.left) this.fail('bytes end too early');
    const offset = this.bytes.byteOffset + this.at;
    if (isLittleEndian && offset % 4 === 0) {
      this.at += count * 4;
      return new Int32Array(this.bytes.buffer, offset, count);
    }
    const copy = new Int32Array(count);
    this.words(copy, 0, count);
    return copy;
  }

  text(): string {
    const size = this.size(1);
    if (size === 0) return '';
    const end = this.at + size;
    let seen = 0;
    for (let i = this.at; i < end; i++) seen |= this.bytes[i];
    if (seen > 0x7f) return this.wideText(end);
    if (this.bytes.latin1Slice !== undefined) {
      const from = this.at;
      this.at = end;
      return this.bytes.latin1Slice(from, end);
    }
    let text = '';
    while (this.at < end) {
      const stop = Math.min(end, this.at + unitsPerCall);
      const units = this.bytes.subarray(this.at, stop) as unknown as number[];
      text += String.fromCharCode.apply(null, units);
      this.at = stop;
    }
    return text;
  }

  /** An id, into `key`, without making a string of it. */
  id(key: IdKey): IdKey {
    const size = this.size(1);
    const end = this.at + size;
    if (key.readAscii(this.bytes, this.at, size)) this.at = end;
    else key.read(this.wideText(end));
    if (key.code > codeMax) this.fail('not an id');
    return key;
  }

  /** What `text` would read. */
  skipText(): void {
    const end = this.size(1) + this.at;
    for (let i = this.at; i < end; i++) {
      if (this.bytes[i] > 0x7f) {
        this.wideText(end);
        return;
      }
    }
    this.at = end;
  }

  /** What `seats` would read. */
  skipSeats(): void {
    let expected = 0;
    for (let left = this.size(1); left > 0; left--) {
      const seat = expected + this.uint();
      if (seat > uint32Max) this.fail('seat out of range');
      expected = seat + 1;
    }
  }

  /** What `areas` would read. */
  skipAreas(): void {
    for (let left = this.size(2) * 2; left > 0; left--) this.below(uint32Max + 1);
  }

  seats(): readonly SeatIndex[] {
    const size = this.size(1);
    if (size === 0) return noSeats;
    const seats: SeatIndex[] = new Array<SeatIndex>(size);
    let expected = 0;
    for (let i = 0; i < size; i++) {
      const seat = expected + this.uint();
      if (seat > uint32Max) this.fail('seat out of range');
      seats[i] = seat as SeatIndex;
      expected = seat + 1;
    }
    return seats;
  }

  areas(): readonly AreaQuantity[] {
    const size = this.size(2);
    if (size === 0) return noAreas;
    const areas: AreaQuantity[] = new Array<AreaQuantity>(size);
    for (let i = 0; i < size; i++) {
      const area = this.below(uint32Max + 1) as AreaIndex;
      areas[i] = { area, quantity: this.below(uint32Max + 1) };
    }
    return areas;
  }

  /** A count of things of at least `bytesEach` bytes. */
  size(bytesEach: number): number {
    const size = this.uint();
    if (size * bytesEach > this.left) this.fail('count beyond the end');
    return size;
  }

  private wideText(end: number): string {
    const units: number[] = [];
    while (this.at < end) units.push(this.unit());
    if (this.at !== end) this.fail('text cut inside a character');
    let text = '';
    for (let i = 0; i < units.length; i += unitsPerCall) {
      text += String.fromCharCode(...units.slice(i, i + unitsPerCall));
    }
    return text;
  }

  private unit(): number {
    const first = this.byte();
    if (first < 0x80) return first;
    if ((first & 0xe0) === 0xc0) return this.noLess(0x80, ((first & 0x1f) << 6) | this.trail());
    if ((first & 0xf0) !== 0xe0) this.fail('not a character');
    return this.noLess(0x800, ((first & 0x0f) << 12) | (this.trail() << 6) | this.trail());
  }

  /** A character has one spelling, the shortest (G9). */
  private noLess(least: number, unit: number): number {
    if (unit < least) this.fail('character with needless bytes');
    return unit;
  }

  private trail(): number {
    const byte = this.byte();
    if ((byte & 0xc0) !== 0x80) this.fail('not a character');
    return byte & 0x3f;
  }
}
