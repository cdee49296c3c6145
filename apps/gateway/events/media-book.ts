import { LRUCache } from 'lru-cache';

import type { MediaSource } from '#libs/catalogue/media/event-image.js';
import { limits } from '#libs/contracts/limits.js';

import type { BodyCache } from '../http/body-cache.js';
import type { BodySource, CodedBody } from '../http/coded-body.js';

/**
 * Pictures by their hash, ready to be sent. They have a cache of their own: a page full of them
 * must not cost others their seat lists. That there is no such picture is remembered briefly, so
 * that guesses do not reach the database.
 */
export class MediaBook {
  private readonly unknown: LRUCache<string, true>;

  constructor(
    private readonly catalogue: MediaSource,
    private readonly bodies: BodyCache,
  ) {
    this.unknown = new LRUCache({
      max: limits.unknownLayoutsMax,
      ttl: limits.unknownEventFreshMs,
    });
  }

  /** null: there is no such picture. */
  bodyOf(hash: string): CodedBody | Promise<CodedBody | null> | null {
    if (this.unknown.has(hash)) return null;
    return this.bodies.find(hash, () => this.load(hash));
  }

  private async load(hash: string): Promise<BodySource | null> {
    const bytes = await this.catalogue.mediaOf(hash);
    if (bytes === null) this.unknown.set(hash, true);
    return bytes === null ? null : pictureSource(bytes);
  }
}

/** Compressed already: it is sent as it is to everybody. */
const pictureSource = (bytes: Uint8Array): BodySource => ({
  weight: bytes.byteLength,
  compressible: false,
  make: () => Promise.resolve(bytes),
});
