import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { loadedEdges } from '../../edge/testing/loaded-edges.js';
import { startHarness, type Harness, type Reply } from '../../testing/harness.js';

const path = '/v1/events/evt_show1';

describe.each(loadedEdges)('the page of an event over %s', (edge) => {
  let harness: Harness;

  beforeEach(async () => {
    harness = await startHarness({ edge });
  });

  afterEach(() => harness.stop());

  const ask = (tag = '', coding = 'identity'): Promise<Reply> =>
    harness.call('GET', path, {
      headers: { 'accept-encoding': coding, ...(tag === '' ? {} : { 'if-none-match': tag }) },
    });
  const tagOf = ({ headers }: Reply): string => headers.get('etag') ?? '';

  it('has a tag that spares who has it the body, and says how long it may be kept', async () => {
    const first = await ask();
    expect(first.headers.get('cache-control')).toBe('max-age=1');
    expect(first.headers.get('vary')).toBe('Accept-Encoding');
    const again = await ask(tagOf(first));
    expect([again.status, again.text]).toEqual([304, '']);
    expect((await ask('"another"')).status).toBe(200);
  });

  it('is a new one, under another tag, as soon as a seat has changed', async () => {
    const before = await ask();
    harness.inventory.setSeats([0, 1], 2);
    await harness.call('GET', `${path}/seats`);
    const after = await ask(tagOf(before));
    expect(after.status).toBe(200);
    expect(after.json).toMatchObject({ availability: { seats: { free: 38, booked: 2 } } });
    expect(tagOf(after)).not.toBe(tagOf(before));
  });

  it('is kept by nobody while its seats are not known', async () => {
    harness.inventory.override = () => ({
      kind: 'unavailable',
      retryAfterMs: 60_000,
      executed: 'no',
    });
    const { headers, json } = await ask();
    expect(json.availability).toBeNull();
    expect([headers.get('cache-control'), headers.get('etag')]).toEqual(['no-store', null]);
  });
});
