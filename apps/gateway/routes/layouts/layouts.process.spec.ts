import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { loadedEdges } from '../../edge/testing/loaded-edges.js';
import { startHarness, type Harness, type Reply } from '../../testing/harness.js';

const known = `/v1/layouts/${'a'.repeat(64)}`;

describe.each(loadedEdges)('a seating plan over %s', (edge) => {
  let harness: Harness;

  beforeEach(async () => {
    harness = await startHarness({ edge });
  });

  afterEach(() => harness.stop());

  const get = (path: string, headers: Record<string, string> = {}): Promise<Reply> =>
    harness.call('GET', path, { headers });

  it('is at the address that its event names, and may be kept for ever', async () => {
    const event = await get('/v1/events/evt_show1');
    const plan = await get(`/v1/layouts/${String(event.json.layout_hash)}`);
    expect([plan.status, plan.text]).toEqual([200, '{"hash":"layout"}']);
    expect(plan.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const tag = plan.headers.get('etag') ?? '';
    expect((await get(known, { 'if-none-match': tag })).status).toBe(304);
  });

  it('is not at an address without its hash', async () => {
    expect((await get('/v1/events/evt_show1/layout')).status).toBe(404);
    expect((await get('/v1/layouts/evt_show1')).status).toBe(400);
  });

  it('is compressed once for all, with a tag for each coding', async () => {
    const large = `{"hash":"${'0123456789'.repeat(10_000)}"}`;
    Object.assign(harness.catalogue.layout, { document: Buffer.from(large) });
    const codings = ['identity', 'gzip', 'br'];
    const replies = await Promise.all(
      codings.flatMap((coding) =>
        Array.from({ length: 10 }, () => get(known, { 'accept-encoding': coding })),
      ),
    );
    expect(new Set(replies.map(({ headers }) => headers.get('etag'))).size).toBe(3);
    expect(new Set(replies.map(({ text }) => text))).toEqual(new Set([large]));
    const metrics = await harness.gateway.metrics.text();
    expect(metrics).toContain('holdfast_compressions_total{role="gateway"} 2');
  });

  it('that nobody has is looked for once a while, and not remembered by caches', async () => {
    const path = `/v1/layouts/${'b'.repeat(64)}`;
    const before = harness.catalogue.lookups;
    for (let i = 0; i < 20; i++) {
      const { status, code, headers } = await get(path);
      expect([status, code, headers.get('cache-control')]).toEqual([
        404,
        'layout_not_found',
        'no-store',
      ]);
    }
    expect(harness.catalogue.lookups - before).toBeLessThan(5);
  });
});
