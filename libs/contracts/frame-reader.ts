import { limits } from './limits.js';

/**
 * Bytes from another process that are no frame of ours: cut short, damaged, or of another version.
 * The message was not understood and must be dropped; nothing was executed.
 */
export class MalformedFrame extends Error {
  override readonly name: string = 'MalformedFrame';
}

/** A frame of a version that is not read here: another version of the software wrote it. */
export class UnknownFrameVersion extends MalformedFrame {
  override readonly name = 'UnknownFrameVersion';

  constructor(readonly found: number) {
    super(`frame version ${found}`);
  }
}

/**
 * Reads what FrameWriter wrote and trusts none of it: every read is checked against the end of the
 * frame, and a list can never claim more elements than there are bytes left, so that a damaged
 * length cannot make the receiver allocate. Each value has one spelling, the writer's; any other
 * is refused, or two frames could differ and mean the same.
 */
export class FrameReader {
  private readonly bytes: Buffer;
  private readonly end: number;
  private at = 0;

  constructor(payload: Uint8Array) {
    this.bytes = Buffer.isBuffer(payload)
      ? payload
      : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
    this.end = payload.length;
  }

  byte(): number {
    if (this.at >= this.end) throw new MalformedFrame('cut short');
    return this.bytes[this.at++];
  }

  flag(): boolean {
    const value = this.byte();
    if (value > 1) throw new MalformedFrame('not a flag');
    return value === 1;
  }

  count(): number {
    const value = this.byte();
    return value < 128 ? value : this.longCount(value);
  }

  time(): number {
    const { at } = this;
    if (at + 6 > this.end) throw new MalformedFrame('cut short');
    this.at = at + 6;
    return this.bytes.readUIntLE(at, 6);
  }

  real(): number {
    if (this.at + 8 > this.end) throw new MalformedFrame('cut short');
    const value = this.bytes.readDoubleLE(this.at);
    if (!Number.isFinite(value)) throw new MalformedFrame('not a finite number');
    this.at += 8;
    return value;
  }

  text(bytesMax: number = limits.idBytesMax): string {
    const head = this.count();
    const length = Math.floor(head / 2);
    if (length > bytesMax) throw new MalformedFrame('a text is too long');
    const start = this.at;
    const end = start + length;
    if (end > this.end) throw new MalformedFrame('cut short');
    this.at = end;
    const { bytes } = this;
    let bits = 0;
    for (let i = start; i < end; i++) bits |= bytes[i];
    if (head % 2 === bits >> 7) {
      if (bits < 128) return bytes.toString('latin1', start, end);
      return wideText(bytes.subarray(start, end));
    }
    throw new MalformedFrame('a text is marked wrongly');
  }

  /** The length of a list whose elements take at least `bytesEach`. */
  size(bytesEach = 1): number {
    const size = this.count();
    if (size * bytesEach > this.end - this.at) throw new MalformedFrame('a list is too long');
    return size;
  }

  counts(): number[] {
    const size = this.size();
    const values = new Array<number>(size);
    for (let i = 0; i < size; i++) values[i] = this.count();
    return values;
  }

  /** A copy: it may outlive the frame by far. */
  blob(): Uint8Array {
    const size = this.size();
    const start = this.at;
    this.at = start + size;
    return Uint8Array.prototype.slice.call(this.bytes, start, this.at);
  }

  /** Raw bytes as hex digits. */
  hex(size: number): string {
    const start = this.at;
    if (start + size > this.end) throw new MalformedFrame('cut short');
    this.at = start + size;
    return this.bytes.toString('hex', start, this.at);
  }

  /** A reader of the next bytes, which have their length in front. They are passed here. */
  part(): FrameReader {
    const size = this.size();
    const start = this.at;
    this.at = start + size;
    return new FrameReader(this.bytes.subarray(start, this.at));
  }

  get atEnd(): boolean {
    return this.at === this.end;
  }

  /** Bytes that were not read yet. */
  get left(): number {
    return this.end - this.at;
  }

  done(): void {
    if (this.at !== this.end) throw new MalformedFrame('bytes are left over');
  }

  private longCount(first: number): number {
    let value = first & 127;
    let scale = 128;
    for (let i = 0; i < 7; i++) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) {
        if (byte === 0 || !Number.isSafeInteger(value)) break;
        return value;
      }
      scale *= 128;
    }
    throw new MalformedFrame('a count is too large, or longer than it need be');
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function wideText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new MalformedFrame('a text is not UTF-8');
  }
}
