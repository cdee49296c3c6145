import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { loadedEdges } from './edge/testing/loaded-edges.js';
import { routeRows } from './routes/table.js';
import { startHarness, type Harness } from './testing/harness.js';

/** Of the form of an id or not: none of them is an event, and that is the answer. */
const noEvents = ['evt_nope', 'evt_', 'hamlet', `evt_${'a'.repeat(49)}`, '%2e%2e%2f', '%00', '%'];

/** Routes that come later are asked as well. */
const addressesOfEvents = routeRows.filter(({ path }) => path.includes('{event_id}'));

describe.each(loadedEdges)('an event that there is not, over %s', (edge) => {
  let harness: Harness;
  let token: string;

  beforeAll(async () => {
    harness = await startHarness({ edge });
    token = harness.operator('sre');
  });

  afterAll(() => harness.stop());

  it.each(addressesOfEvents)('is not found: $method $path', async ({ method, path }) => {
    for (const id of noEvents) {
      const address = path.replace('{event_id}', id).replaceAll(/\{\w+\}/g, '1.1');
      const headers = { accept: 'text/event-stream' };
      const body = method === 'POST' ? { reason: 'to see' } : undefined;
      const { status, code } = await harness.call(method, address, { token, headers, body });
      expect([id, status, code]).toEqual([id, 404, 'event_not_found']);
    }
  });

  it.each(['/v1/reservations', '/v1/reserve'])('is not found in a body: %s', async (path) => {
    for (const event_id of [...noEvents, '', ' evt_show1', 'evt_show1\u0000', 'é'.repeat(2_000)]) {
      const body = { event_id, seat_ids: ['A-1'] };
      const { status, code } = await harness.call('POST', path, { token, body });
      expect([event_id, status, code]).toEqual([event_id, 404, 'event_not_found']);
    }
    expect(harness.inventory.version).toBe(0);
  });

  it('is looked for only where the id could be one', async () => {
    const before = harness.catalogue.lookups;
    for (const id of noEvents.slice(1)) await harness.call('GET', `/v1/events/${id}/seats`);
    expect(harness.catalogue.lookups).toBe(before);
  });
});
