import { limits } from '#libs/contracts/limits.js';

import type { Compression, Effort } from './compression.js';
import type { Coding } from './content-coding.js';

/** Where the bytes of a body come from. Nobody writes to what make() gave: answers share it. */
export interface BodySource {
  /** Bytes that it holds by itself. */
  readonly weight: number;
  /** False: it is so small that it is always sent as it is. */
  readonly compressible: boolean;
  /** What must be made first, and stays for others; absent: nothing. Who asks first pays for it. */
  readonly bytesBefore?: () => number;
  /** null: it cannot be had now. */
  make(coding: Coding): Promise<Uint8Array | null>;
}

/** A body that many get, in codings that are each made once, when somebody first asks. */
export class CodedBody {
  private readonly made = new Map<Coding, Uint8Array>();
  private readonly making = new Map<Coding, Promise<Uint8Array | null>>();

  constructor(
    private readonly source: BodySource,
    /** Told when it has become heavier. */
    private readonly onGrown: () => void = () => undefined,
  ) {}

  /** In memory, with all codings there are. */
  get bytes(): number {
    let bytes = objectBytes + this.source.weight;
    for (const coded of this.made.values()) bytes += coded.byteLength;
    return bytes;
  }

  /** What is sent to who likes `coding` most. */
  sentAs(coding: Coding): Coding {
    return this.source.compressible ? coding : 'identity';
  }

  /** Bytes to be made before those that are sent; 0 when they are there or on their way. */
  bytesBefore(coding: Coding): number {
    if (this.made.has(coding) || this.making.has(coding)) return 0;
    return this.source.bytesBefore?.() ?? 0;
  }

  in(coding: Coding): Uint8Array | Promise<Uint8Array | null> {
    return this.made.get(coding) ?? this.making.get(coding) ?? this.make(coding);
  }

  private make(coding: Coding): Promise<Uint8Array | null> {
    const making = this.source
      .make(coding)
      .then((coded) => {
        if (coded !== null) this.made.set(coding, coded);
        return coded;
      })
      .finally(() => {
        this.making.delete(coding);
        this.onGrown();
      });
    this.making.set(coding, making);
    return making;
  }
}

const objectBytes = 512;

export const isCompressible = (bytes: number): boolean => bytes >= limits.compressBytesMin;

/** Of bytes that are there and never change. */
export function storedSource(
  bytes: Uint8Array,
  effort: Effort,
  compression: Compression,
): BodySource {
  return {
    weight: bytes.byteLength,
    compressible: isCompressible(bytes.byteLength),
    make: (coding) =>
      coding === 'identity' ? Promise.resolve(bytes) : compression.compress(bytes, coding, effort),
  };
}
