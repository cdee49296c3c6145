import { beforeEach, describe, expect, it } from '@jest/globals';

import type { EventDetail } from '#libs/catalogue/catalogue.js';

import { Compression } from '../http/compression.js';
import { FakeCatalogue } from '../testing/fake-catalogue.js';
import { EventPages, type LiveEvent } from './event-pages.js';

describe('the pages of events', () => {
  const { detail } = new FakeCatalogue(10, 5);
  const map = { version: 7, epoch: 1, saleStatus: 'open' };
  const live: LiveEvent = { map, entry: { detail } };
  const room = 1_000_000;
  let made: number;
  let pages: EventPages;

  beforeEach(() => {
    made = 0;
    pages = new EventPages(new Compression({ atOnceMax: 1, waitingMax: 1 }), room);
  });

  const page = (of: EventDetail = detail, replica: LiveEvent = live) =>
    pages.page(of, replica, () => `{"made":${++made}}`);

  it('are made once for all who ask while nothing on them changes', () => {
    expect(page()).toBe(page());
    expect(made).toBe(1);
  });

  it.each<[string, EventDetail, LiveEvent]>([
    ['a later version of the seats', detail, { ...live, map: { ...map, version: 8 } }],
    ['another owner', detail, { ...live, map: { ...map, epoch: 2 } }],
    ['a sale that closes', detail, { ...live, map: { ...map, saleStatus: 'closed' } }],
    ['what the catalogue says now', { ...detail }, live],
    ['areas of another size', detail, { ...live, entry: { detail: { ...detail } } }],
  ])('are made again for %s (EP1)', (_what, of, replica) => {
    const before = page();
    expect(page(of, replica)).not.toBe(before);
    expect(made).toBe(2);
  });

  it('are bounded by their bytes and what they were made of (EP3)', () => {
    const heavy = 'x'.repeat(room / 4);
    for (let n = 0; n < 12; n++) {
      const eventId = `evt_${n}` as EventDetail['eventId'];
      pages.page({ ...detail, eventId }, live, () => heavy);
    }
    expect(pages.bytes).toBeGreaterThan(room / 2);
    expect(pages.bytes).toBeLessThanOrEqual(room);
  });
});
