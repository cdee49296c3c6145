import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { loadedEdges } from '../../edge/testing/loaded-edges.js';
import { startHarness, type Harness } from '../../testing/harness.js';

describe.each(loadedEdges)('a page of a search over %s', (edge) => {
  let harness: Harness;

  beforeAll(async () => {
    harness = await startHarness({ edge });
  });

  afterAll(() => harness.stop());

  const searches = () => harness.catalogue.searches.length;

  it('is asked for once, in whatever order, by all who ask at the same time', async () => {
    const before = searches();
    const paths = ['keyword=show&city=utrecht', 'city=utrecht&keyword=show'];
    const calls = [...paths, ...paths].map((query) => harness.call('GET', `/v1/events?${query}`));
    const replies = await Promise.all(calls);
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(replies.map(({ headers }) => headers.get('etag'))).size).toBe(1);
    expect(searches() - before).toBe(1);
    await harness.call('GET', '/v1/events?keyword=show&city=utrecht&available=true');
    await harness.call('GET', '/v1/events?keyword=show&city=utrecht&page=2');
    await harness.call('GET', '/v1/events/search?keyword=show&city=utrecht');
    expect(searches() - before).toBe(4);
  });

  it('is one, however its words and defaults are spelled', async () => {
    const before = searches();
    const spellings = ['keyword=big+show', 'keyword=+Big++SHOW&page=1', 'keyword=big+show&city='];
    for (const query of spellings) await harness.call('GET', `/v1/events?${query}`);
    expect(searches() - before).toBe(1);
    await harness.call('GET', '/v1/events?keyword=bigshow');
    expect(searches() - before).toBe(2);
  });

  it('is refused each time that its query is none', async () => {
    for (const query of ['page=0', 'page=0', 'start=soon', 'start=soon', 'colour=red']) {
      const { status, error } = await harness.call('GET', `/v1/events?${query}`);
      expect([status, error.field]).toEqual([400, `query.${query.split('=')[0]}`]);
    }
  });

  it('with what is available asks from the time on at which it is read', async () => {
    const query = '/v1/events?keyword=now&available=true';
    await harness.call('GET', query);
    const first = harness.catalogue.searches.at(-1)?.availableAtMs ?? 0;
    expect(Math.abs(first - Date.now())).toBeLessThan(60_000);
    while (Date.now() === first);
    harness.gateway.eventChanged(null);
    await harness.call('GET', query);
    expect(harness.catalogue.searches.at(-1)?.availableAtMs).toBeGreaterThan(first);
  });

  it('is sent once, with how many there are and where the others stand', async () => {
    const path = '/v1/events?keyword=once';
    const { headers } = await harness.call('GET', path);
    expect(headers.get('cache-control')).toBe('max-age=1');
    expect(headers.get('x-total-count')).not.toBeNull();
    expect(headers.get('link')).toContain('keyword=once');
    const tag = { 'if-none-match': headers.get('etag') ?? '' };
    expect((await harness.call('GET', path, { headers: tag })).status).toBe(304);
  });

  it('is asked for again when the catalogue has changed', async () => {
    const path = '/v1/events?keyword=changed';
    await harness.call('GET', path);
    const before = searches();
    await harness.call('GET', path);
    harness.gateway.eventChanged(null);
    await harness.call('GET', path);
    expect(searches() - before).toBe(1);
  });
});
