import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { EventId } from '#libs/inventory/ids.js';

import { loadedEdges } from '../../edge/testing/loaded-edges.js';
import { startHarness, type Harness } from '../../testing/harness.js';

describe.each(loadedEdges)('venues and performers over %s', (edge) => {
  let harness: Harness;

  beforeAll(async () => {
    harness = await startHarness({ edge });
  });

  afterAll(() => harness.stop());

  it('have pages with what is still to come, and links to the other pages', async () => {
    harness.catalogue.total = 11;
    const path = '/v1/venues/ven_7';
    const { status, json, headers } = await harness.call('GET', `${path}?page=2&page_size=5`);
    expect([status, json]).toMatchObject([
      200,
      {
        venue_id: 'ven_7',
        name: 'Old "Hall"',
        city: 'Utrecht',
        address: 'Domplein 1',
        capacity: 900,
        time_zone: 'Europe/Amsterdam',
        events: [{ event_id: 'evt_show1', venue_id: 'ven_7' }],
      },
    ]);
    expect(headers.get('x-total-count')).toBe('11');
    expect(headers.get('link')).toContain(`<${path}?page_size=5&page=3>; rel="next"`);
    expect(harness.catalogue.pages.at(-1)).toMatchObject({ page: 2, pageSize: 5 });
    const performer = await harness.call('GET', '/v1/performers/prf_3');
    expect(performer.json).toMatchObject({
      performer_id: 'prf_3',
      name: 'Somebody',
      description: 'Plays.',
      links: ['https://somebody.example/'],
      events: [{ event_id: 'evt_show1' }],
    });
  });

  it('are what an event leads to', async () => {
    const { json } = await harness.call('GET', '/v1/events/evt_show1');
    expect(json).toMatchObject({
      venue: { venue_id: 'ven_7', address: 'Domplein 1' },
      lineup: [{ performer_id: 'prf_3', name: 'Somebody' }],
    });
  });

  it('that are not there are 404 by their kind, whatever the id looks like', async () => {
    for (const id of ['ven_8', 'ven_07', 'prf_3', 'x', `ven_${'9'.repeat(19)}`]) {
      expect((await harness.call('GET', `/v1/venues/${id}`)).code).toBe('venue_not_found');
    }
    expect((await harness.call('GET', '/v1/performers/ven_7')).code).toBe('performer_not_found');
    expect((await harness.call('GET', '/v1/venues/ven_7?page=0')).code).toBe('invalid_request');
  });

  it('are read once for all, and sent once to each, until something changes', async () => {
    const path = '/v1/performers/prf_3?page_size=7';
    const readBefore = harness.catalogue.pages.length;
    const first = await harness.call('GET', path);
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
    expect((await harness.call('GET', path, { headers })).status).toBe(304);
    expect(harness.catalogue.pages.length).toBe(readBefore + 1);
    harness.catalogue.total += 1;
    harness.gateway.eventChanged('evt_other' as EventId);
    const second = await harness.call('GET', path, { headers });
    expect([second.status, second.headers.get('etag')]).not.toEqual([304, headers]);
    expect(second.headers.get('x-total-count')).toBe(String(harness.catalogue.total));
  });
});
