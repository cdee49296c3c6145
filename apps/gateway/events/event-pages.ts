import type { EventDetail } from '#libs/catalogue/catalogue.js';
import { detailBytes } from '#libs/catalogue/weights.js';
import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import { ByteCache } from '#libs/platform/byte-cache.js';

import type { Compression } from '../http/compression.js';
import { readyPage, type ReadyPage } from './ready-pages.js';

/** All that the page of an event says comes from these. */
interface MadeOf {
  /** What is said about the event, and by which its counts are read. */
  readonly detail: EventDetail;
  readonly counted: EventDetail;
  readonly version: number;
  readonly epoch: number;
  readonly saleStatus: string;
}

/** What is seen of the event's seats now. */
export interface LiveEvent {
  readonly map: Pick<MadeOf, 'version' | 'epoch' | 'saleStatus'>;
  readonly entry: { readonly detail: EventDetail };
}

interface Kept {
  readonly page: ReadyPage;
  readonly of: MadeOf;
}

/**
 * The page of each event, made once for all who ask before anything on it changes: in a sale
 * thousands ask for one page between two of its versions.
 *
 * EP1  Nobody gets a page that is not what would be made now: it is made again as soon as the
 *      catalogue or the seat map has moved on. `max-age=1` is for caches in front.
 * EP2  Only what is the same for everybody is kept, and only while the seat map is live.
 * EP3  Bounded by bytes, with what the pages were made of.
 */
export class EventPages {
  private readonly kept: ByteCache<EventId, Kept>;

  constructor(
    private readonly compression: Compression,
    bytesMax: number = limits.eventPagesBytesMax,
  ) {
    this.kept = new ByteCache({
      bytesMax,
      bytesOf: ({ page, of }) => page.body.bytes + detailBytes(of.detail),
    });
  }

  get bytes(): number {
    return this.kept.bytes;
  }

  page(detail: EventDetail, replica: LiveEvent, textOf: () => string): ReadyPage {
    const { eventId } = detail;
    const kept = this.kept.get(eventId);
    if (kept !== undefined && isOf(kept.of, detail, replica)) return kept.page;
    const { version, epoch, saleStatus } = replica.map;
    const of = { detail, counted: replica.entry.detail, version, epoch, saleStatus };
    const grown = (): void => this.kept.resize(eventId);
    const page = readyPage({ text: textOf(), headers: [] }, this.compression, grown);
    this.kept.set(eventId, { page, of });
    return page;
  }
}

function isOf(of: MadeOf, detail: EventDetail, { map, entry }: LiveEvent): boolean {
  return (
    of.version === map.version &&
    of.epoch === map.epoch &&
    of.saleStatus === map.saleStatus &&
    of.detail === detail &&
    of.counted === entry.detail
  );
}
