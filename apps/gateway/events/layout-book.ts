import { LRUCache } from 'lru-cache';

import type { Catalogue } from '#libs/catalogue/catalogue.js';
import { limits } from '#libs/contracts/limits.js';

import type { BodyCache } from '../http/body-cache.js';
import type { CodedBody } from '../http/coded-body.js';

/**
 * The documents of seating plans by their hash, ready to be sent. That there is no such plan is
 * remembered briefly, so that guesses do not reach the database.
 */
export class LayoutBook {
  private readonly unknown: LRUCache<string, true>;

  constructor(
    private readonly catalogue: Pick<Catalogue, 'layoutOfHash'>,
    private readonly bodies: BodyCache,
  ) {
    this.unknown = new LRUCache({
      max: limits.unknownLayoutsMax,
      ttl: limits.unknownEventFreshMs,
    });
  }

  /** null: there is no such plan. */
  bodyOf(hash: string): CodedBody | Promise<CodedBody | null> | null {
    if (this.unknown.has(hash)) return null;
    return this.bodies.get(`/v1/layouts/${hash}`, 'best', () => this.load(hash));
  }

  private async load(hash: string): Promise<Uint8Array | null> {
    const layout = await this.catalogue.layoutOfHash(hash);
    if (layout === null) this.unknown.set(hash, true);
    return layout?.document ?? null;
  }
}
