import { limits } from '#libs/contracts/limits.js';

import type { Compressed, Compression, Effort } from './compression.js';
import type { Coding } from './content-coding.js';

/**
 * A body that many get, and its codings, each made once, when it is first asked for. Nobody changes
 * the bytes afterwards: answers share them.
 */
export class CodedBody {
  private readonly made = new Map<Compressed, Uint8Array>();
  private readonly making = new Map<Compressed, Promise<Uint8Array | null>>();

  constructor(
    readonly identity: Uint8Array,
    private readonly effort: Effort,
    private readonly compression: Compression,
    /** Told when the body has grown by a coding. */
    private readonly onGrown: () => void = () => undefined,
  ) {}

  /** In memory, with all codings there are. */
  get bytes(): number {
    let bytes = this.identity.byteLength;
    for (const coded of this.made.values()) bytes += coded.byteLength;
    return bytes;
  }

  /** null: it cannot be had now; the body as it is always can. */
  in(coding: Coding): Uint8Array | Promise<Uint8Array | null> {
    if (coding === 'identity') return this.identity;
    return this.made.get(coding) ?? this.making.get(coding) ?? this.make(coding);
  }

  private make(coding: Compressed): Promise<Uint8Array | null> {
    const making = this.compression
      .compress(this.identity, coding, this.effort)
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

/** What is sent of a body of so many bytes to who takes `coding`. */
export const worthwhile = (coding: Coding, bytes: number): Coding =>
  bytes < limits.compressBytesMin ? 'identity' : coding;
