import { ByteCache } from '#libs/platform/byte-cache.js';

import { CodedBody, type BodySource } from './coded-body.js';

/**
 * Bodies that many get, by what they are of: each once for all who ask at the same time, kept with
 * the codings that were made of it, and bounded together by their bytes.
 */
export class BodyCache {
  private readonly ready: ByteCache<string, CodedBody>;
  private readonly making = new Map<string, Promise<CodedBody | null>>();

  constructor(bytesMax: number) {
    this.ready = new ByteCache({ bytesMax, bytesOf: ({ bytes }) => bytes });
  }

  get bytes(): number {
    return this.ready.bytes;
  }

  get(key: string, source: () => BodySource): CodedBody {
    return this.ready.get(key) ?? this.keep(key, source());
  }

  /** null: there is no such thing, which is not kept. */
  find(key: string, find: () => Promise<BodySource | null>): CodedBody | Promise<CodedBody | null> {
    return this.ready.get(key) ?? this.making.get(key) ?? this.make(key, find);
  }

  private make(key: string, find: () => Promise<BodySource | null>): Promise<CodedBody | null> {
    const making = find()
      .then((source) => (source === null ? null : this.keep(key, source)))
      .finally(() => this.making.delete(key));
    this.making.set(key, making);
    return making;
  }

  private keep(key: string, source: BodySource): CodedBody {
    const body = new CodedBody(source, () => this.ready.resize(key));
    this.ready.set(key, body);
    return body;
  }
}
