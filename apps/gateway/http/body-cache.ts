import { ByteCache } from '#libs/platform/byte-cache.js';

import { CodedBody } from './coded-body.js';
import type { Compression, Effort } from './compression.js';

/**
 * Bodies that are ready to be sent, by what they are of: made once for all who ask at the same
 * time, kept with their codings, and bounded together by their bytes.
 */
export class BodyCache {
  private readonly ready: ByteCache<string, CodedBody>;
  private readonly making = new Map<string, Promise<CodedBody | null>>();

  constructor(
    private readonly compression: Compression,
    bytesMax: number,
  ) {
    this.ready = new ByteCache({ bytesMax, bytesOf: ({ bytes }) => bytes });
  }

  get bytes(): number {
    return this.ready.bytes;
  }

  /** `make` gives bytes that nobody writes to again; null: they cannot be had, which is not kept. */
  get(
    key: string,
    effort: Effort,
    make: () => Promise<Uint8Array | null>,
  ): CodedBody | Promise<CodedBody | null> {
    return this.ready.get(key) ?? this.making.get(key) ?? this.make(key, effort, make);
  }

  private make(
    key: string,
    effort: Effort,
    make: () => Promise<Uint8Array | null>,
  ): Promise<CodedBody | null> {
    const making = make()
      .then((bytes) => (bytes === null ? null : this.keep(key, effort, bytes)))
      .finally(() => this.making.delete(key));
    this.making.set(key, making);
    return making;
  }

  private keep(key: string, effort: Effort, bytes: Uint8Array): CodedBody {
    const body = new CodedBody(bytes, effort, this.compression, () => this.ready.resize(key));
    this.ready.set(key, body);
    return body;
  }
}
