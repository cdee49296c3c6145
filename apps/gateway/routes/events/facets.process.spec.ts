import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { loadedEdges } from '../../edge/testing/loaded-edges.js';
import { startHarness, type Harness } from '../../testing/harness.js';

describe.each(loadedEdges)('the facets of a search over %s', (edge) => {
  let harness: Harness;

  beforeAll(async () => {
    harness = await startHarness({ edge });
  });

  afterAll(() => harness.stop());

  it('are counts by type, city and month, asked for once and sent once', async () => {
    const path = '/v1/events/facets?keyword=show&available=true&start=2027-01-01';
    const { status, json, headers } = await harness.call('GET', path);
    expect([status, json]).toEqual([
      200,
      {
        total: 1,
        types: [{ type: 'concert', events: 1 }],
        cities: [{ city: 'Utrecht', events: 1 }],
        months: [{ month: '2027-05', events: 1 }],
      },
    ]);
    const tag = { 'if-none-match': headers.get('etag') ?? '' };
    expect((await harness.call('GET', path, { headers: tag })).status).toBe(304);
    expect(harness.catalogue.searches).toHaveLength(1);
    const [{ availableAtMs, ...asked }] = harness.catalogue.searches;
    expect(asked).toMatchObject({ keyword: 'show', startDay: '2027-01-01', type: null });
    expect(Math.abs((availableAtMs ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('are of another search where anything differs, and have no pages', async () => {
    const before = harness.catalogue.searches.length;
    await harness.call('GET', '/v1/events/facets?available=true');
    await harness.call('GET', '/v1/events/facets?available=false');
    await harness.call('GET', '/v1/events/facets');
    const [first, ...others] = harness.catalogue.searches.slice(before);
    expect(first.availableAtMs).not.toBeNull();
    expect(others.map(({ availableAtMs }) => availableAtMs)).toEqual([null]);
    for (const query of ['page=1', 'available=maybe', 'end=soon']) {
      const { status, error } = await harness.call('GET', `/v1/events/facets?${query}`);
      expect([status, error.field]).toEqual([400, `query.${query.split('=')[0]}`]);
    }
  });
});
