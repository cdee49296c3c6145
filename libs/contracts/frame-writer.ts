import { limits } from './limits.js';

/** A value of ours does not fit the wire: a bug of the sender, found before anything is sent. */
export class Unencodable extends Error {
  override readonly name = 'Unencodable';
}

/**
 * What `encode` gives. Null, and told, when the value does not fit the wire: whoever sends from a
 * timer or after a commit has nobody to throw to, and his process would end. Any other error is
 * thrown as it is.
 */
export function ifEncodable<Frame>(
  encode: () => Frame,
  told: (error: Unencodable) => void,
): Frame | null {
  try {
    return encode();
  } catch (error) {
    if (!(error instanceof Unencodable)) throw error;
    told(error);
    return null;
  }
}

/** Leaves room for the head that is put before a body. */
const frameBytesMax = limits.busPayloadBytesMax - 1024;

const utf8 = new TextEncoder();

/**
 * Writes the primitives of a frame into one growing buffer. Counts and indexes are variable-length
 * integers (seven bits a byte, low bits first); texts carry their length in bytes, doubled, with a
 * low bit set when they are not plain ASCII. A frame never outgrows limits.busPayloadBytesMax.
 */
export class FrameWriter {
  private bytes: Buffer;
  private at = 0;

  constructor(capacity = 4096) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
  }

  get length(): number {
    return this.at;
  }

  /** Forgets everything from `length` on. */
  rewind(length: number): void {
    this.at = length;
  }

  /** A copy of what was written; the writer can be rewound and used again. */
  copy(): Uint8Array {
    return Uint8Array.prototype.slice.call(this.bytes, 0, this.at);
  }

  copyTo(target: Uint8Array, offset: number): void {
    target.set(this.bytes.subarray(0, this.at), offset);
  }

  byte(value: number): void {
    if (this.at === this.bytes.length) this.grow(1);
    this.bytes[this.at++] = value;
  }

  flag(value: boolean): void {
    this.byte(value ? 1 : 0);
  }

  /** An integer, 0..2^53-1. */
  count(value: number): void {
    if (this.at + 8 > this.bytes.length) this.grow(8);
    if (value >= 0 && value < 128 && Number.isInteger(value)) {
      this.bytes[this.at++] = value;
      return;
    }
    this.longCount(value);
  }

  /** Milliseconds since the epoch or another integer of up to 48 bits, in six bytes. */
  time(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0 || value >= 2 ** 48) {
      throw new Unencodable(`not a time: ${value}`);
    }
    if (this.at + 6 > this.bytes.length) this.grow(6);
    this.at = this.bytes.writeUIntLE(value, this.at, 6);
  }

  /** Any finite number, in eight bytes. */
  real(value: number): void {
    if (!Number.isFinite(value)) throw new Unencodable(`not a finite number: ${value}`);
    if (this.at + 8 > this.bytes.length) this.grow(8);
    this.at = this.bytes.writeDoubleLE(value, this.at);
  }

  /**
   * At most `bytesMax` bytes: what the receiver would refuse must not leave, or it would take the
   * other items of the frame with it. Short texts are nearly all ASCII: written by hand they cost
   * a third of a call to an encoder.
   */
  text(value: string, bytesMax: number = limits.idBytesMax): void {
    const { length } = value;
    if (length > bytesMax) throw new Unencodable('a text is too long');
    if (this.at + length + 8 > this.bytes.length) this.grow(length + 8);
    const start = this.at;
    this.count(length * 2);
    const { bytes } = this;
    let at = this.at;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code > 127) {
        this.at = start;
        this.wideText(value, bytesMax);
        return;
      }
      bytes[at++] = code;
    }
    this.at = at;
  }

  /** A list of counts with its length in front. */
  counts(values: readonly number[]): void {
    const { length } = values;
    this.count(length);
    for (let i = 0; i < length; i++) this.count(values[i]);
  }

  /** Raw bytes with their length in front. */
  blob(value: Uint8Array): void {
    if (this.at + value.length + 8 > this.bytes.length) this.grow(value.length + 8);
    this.count(value.length);
    this.bytes.set(value, this.at);
    this.at += value.length;
  }

  /** Hex digits, two a byte, without a length. */
  hex(value: string): void {
    const size = value.length / 2;
    if (this.at + size > this.bytes.length) this.grow(size);
    this.at += this.bytes.write(value, this.at, size, 'hex');
  }

  /** What another writer has, with its length in front. */
  part(body: FrameWriter): void {
    if (this.at + body.at + 8 > this.bytes.length) this.grow(body.at + 8);
    this.count(body.at);
    body.copyTo(this.bytes, this.at);
    this.at += body.at;
  }

  private wideText(value: string, bytesMax: number): void {
    const encoded = utf8.encode(value);
    if (encoded.length > bytesMax) throw new Unencodable('a text is too long');
    if (this.at + encoded.length + 8 > this.bytes.length) this.grow(encoded.length + 8);
    this.count(encoded.length * 2 + 1);
    this.bytes.set(encoded, this.at);
    this.at += encoded.length;
  }

  private longCount(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new Unencodable(`not a count: ${value}`);
    let rest = value;
    while (rest >= 2 ** 31) {
      this.bytes[this.at++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 128) {
      this.bytes[this.at++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.bytes[this.at++] = rest;
  }

  private grow(needed: number): void {
    const wanted = this.at + needed;
    if (wanted > frameBytesMax) throw new Unencodable('the frame is too large');
    const bytes = Buffer.allocUnsafeSlow(Math.min(frameBytesMax, Math.max(wanted, this.at * 2)));
    bytes.set(this.bytes.subarray(0, this.at));
    this.bytes = bytes;
  }
}
