import { LRUCache } from 'lru-cache';

import type { Catalogue } from '#libs/catalogue/catalogue.js';
import { limits } from '#libs/contracts/limits.js';

import type { BodyCache } from '../http/body-cache.js';
import { storedSource, type BodySource, type CodedBody } from '../http/coded-body.js';
import type { Compression } from '../http/compression.js';

/**
 * The documents of seating plans by their hash, ready to be sent. That there is no such plan is
 * remembered briefly, so that guesses do not reach the database.
 */
export class LayoutBook {
  private readonly unknown: LRUCache<string, true>;

  constructor(
    private readonly catalogue: Pick<Catalogue, 'layoutOfHash'>,
    private readonly bodies: BodyCache,
    private readonly compression: Compression,
  ) {
    this.unknown = new LRUCache({
      max: limits.unknownLayoutsMax,
      ttl: limits.unknownEventFreshMs,
    });
  }

  /** null: there is no such plan. */
  bodyOf(hash: string): CodedBody | Promise<CodedBody | null> | null {
    if (this.unknown.has(hash)) return null;
    return this.bodies.find(`/v1/layouts/${hash}`, () => this.load(hash));
  }

  private async load(hash: string): Promise<BodySource | null> {
    const layout = await this.catalogue.layoutOfHash(hash);
    if (layout === null) this.unknown.set(hash, true);
    return layout === null ? null : storedSource(layout.document, 'best', this.compression);
  }
}
