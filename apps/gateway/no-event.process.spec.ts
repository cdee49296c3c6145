import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';
import type { Role } from '#libs/contracts/roles.js';

import { loadedEdges } from './edge/testing/loaded-edges.js';
import { routeRows } from './routes/table.js';
import { startHarness, type Harness } from './testing/harness.js';

/** Of the form of an id or not: none of them is an event, and that is the answer. */
const noEvents = ['evt_nope', 'evt_', 'hamlet', `evt_${'a'.repeat(49)}`, '%2e%2e%2f', '%00', '%'];

/** Routes that come later are asked as well. */
const addressesOfEvents = routeRows.filter(({ path }) => path.includes('{event_id}'));

const reason = { reason: 'to see' };

/** Right in every way, so that the event is all that is wrong. */
const bodies: Readonly<Record<string, object>> = {
  joinQueue: { nonce: 'n'.repeat(limits.roomNonceLengthMin) },
  lowerParty: { party: 1 },
  startRefund: { ...reason, idempotency_key: 'key' },
};

/** One who may ask. */
function roleFor(auth: (typeof routeRows)[number]['auth']): Role {
  if (typeof auth === 'string' || auth.roles.includes('sre')) return 'sre';
  return auth.roles[0];
}

describe.each(loadedEdges)('an event that there is not, over %s', (edge) => {
  let harness: Harness;
  let token: string;

  beforeAll(async () => {
    harness = await startHarness({ edge });
    token = harness.operator('sre');
  });

  afterAll(() => harness.stop());

  it.each(addressesOfEvents)('is not found: $method $path', async (row) => {
    const { method, path, operationId } = row;
    const asker = harness.operator(roleFor(row.auth));
    for (const id of noEvents) {
      const ofEvent = path
        .replace('{event_id}', id)
        .replace('{booking_id}', `bkg_show1_${'a'.repeat(16)}`);
      const address = ofEvent.replaceAll(/\{\w+\}/g, '1.1');
      const headers = { accept: 'text/event-stream' };
      const body = method === 'POST' ? (bodies[operationId] ?? reason) : undefined;
      const call = { token: asker, headers, body };
      const { status, code } = await harness.call(method, address, call);
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
