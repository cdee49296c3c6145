import { hash } from 'node:crypto';

import { LRUCache } from 'lru-cache';

import { limits } from '#libs/contracts/limits.js';
import { ByteCache } from '#libs/platform/byte-cache.js';
import type { Clock } from '#libs/platform/clock.js';

import { CodedBody, storedSource } from '../http/coded-body.js';
import type { Compression } from '../http/compression.js';
import type { Representation } from '../http/large-answers.js';
import type { ExtraHeaders } from '../http/exchange.js';

/** An answer with its tags, ready to be sent. */
export interface ReadyPage {
  readonly body: CodedBody;
  readonly as: Representation;
}

/** What it is made of. */
export interface PageText {
  readonly text: string;
  /** Beside the body. */
  readonly headers: ExtraHeaders;
}

interface Kept extends ReadyPage {
  /** When it began to be read, and after how many changes. */
  readonly atMs: number;
  readonly changes: number;
}

/**
 * Pages about venues, performers, searches and their facets, each read once for all who ask at the
 * same time. They are read again after readyPageFreshMs, since events pass and are sold, and after
 * any change of the catalogue: what an event changed may be on the pages of several. That there is
 * no such thing is remembered briefly.
 */
export class ReadyPages {
  private readonly kept: ByteCache<string, Kept>;
  private readonly unknown: LRUCache<string, true>;
  private readonly reading = new Map<string, Promise<ReadyPage | null>>();
  private changes = 0;

  constructor(
    private readonly compression: Compression,
    private readonly clock: Pick<Clock, 'monotonicMs'>,
    bytesMax: number,
  ) {
    this.kept = new ByteCache({
      bytesMax,
      bytesOf: ({ body }) => body.bytes,
    });
    this.unknown = new LRUCache({ max: limits.unknownEventsMax, ttl: limits.unknownEventFreshMs });
  }

  get bytes(): number {
    return this.kept.bytes;
  }

  /** `read` gives null where there is no such thing. */
  find(
    key: string,
    read: () => Promise<PageText | null>,
  ): ReadyPage | Promise<ReadyPage | null> | null {
    if (this.unknown.has(key)) return null;
    const kept = this.kept.get(key);
    if (kept !== undefined && this.isFresh(kept)) return kept;
    return this.reading.get(key) ?? this.read(key, read);
  }

  /** Something of the catalogue changed: each page is read again when it is next asked for. */
  allChanged(): void {
    // It goes through all the places it has.
    if (this.unknown.size > 0) this.unknown.clear();
    this.reading.clear();
    this.changes += 1;
  }

  private isFresh({ atMs, changes }: Kept): boolean {
    return changes === this.changes && this.clock.monotonicMs() - atMs <= limits.readyPageFreshMs;
  }

  private read(key: string, read: () => Promise<PageText | null>): Promise<ReadyPage | null> {
    const since = { atMs: this.clock.monotonicMs(), changes: this.changes };
    const reading = read()
      .then((found) => {
        if (found !== null) return this.keep(key, found, since);
        if (since.changes === this.changes) this.unknown.set(key, true);
        return null;
      })
      .finally(() => {
        if (this.reading.get(key) === reading) this.reading.delete(key);
      });
    this.reading.set(key, reading);
    return reading;
  }

  private keep(key: string, text: PageText, since: Pick<Kept, 'atMs' | 'changes'>): ReadyPage {
    const page = { ...readyPage(text, this.compression, () => this.kept.resize(key)), ...since };
    if (since.changes === this.changes) this.kept.set(key, page);
    return page;
  }
}

/** Its tag is that of its text: who has the same from another gateway, has it. */
export function readyPage(
  { text, headers }: PageText,
  compression: Compression,
  onGrown: () => void,
): ReadyPage {
  const tag = hash('sha256', text + JSON.stringify(headers), 'hex').slice(0, 32);
  const source = storedSource(Buffer.from(text), 'fast', compression);
  const as: Representation = {
    contentType: 'application/json',
    tags: { identity: `"${tag}"`, gzip: `"${tag}-gzip"`, br: `"${tag}-br"` },
    headers: [
      ['Cache-Control', 'max-age=1'],
      ['Vary', 'Accept-Encoding'],
    ],
    withBody: headers,
  };
  return { body: new CodedBody(source, onGrown), as };
}
