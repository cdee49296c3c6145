import { createHash } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';

import { loadedEdges } from '../../edge/testing/loaded-edges.js';
import { startHarness, type Harness } from '../../testing/harness.js';

const picture = Buffer.alloc(200 * 1024, 7);
const hash = createHash('sha256').update(picture).digest('hex');
const path = `/v1/media/${hash}`;

describe.each(loadedEdges)('a picture over %s', (edge) => {
  let harness: Harness;

  beforeAll(async () => {
    harness = await startHarness({ edge });
    harness.catalogue.media.set(hash, picture);
  });

  afterAll(() => harness.stop());

  it('is sent as it is, and may be kept for ever', async () => {
    const { status, headers } = await fetchPicture({ 'accept-encoding': 'br, gzip' });
    expect([status, headers.get('content-type'), headers.get('content-encoding')]).toEqual([
      200,
      'image/webp',
      null,
    ]);
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect([headers.get('etag'), headers.get('x-content-type-options')]).toEqual([
      `"${hash}"`,
      'nosniff',
    ]);
    const again = await fetchPicture({ 'if-none-match': `"${hash}"`, 'accept-encoding': 'br' });
    expect([again.status, again.body.length]).toEqual([304, 0]);
  });

  it('has a head like its body, and is read once for all', async () => {
    const before = harness.catalogue.lookups;
    const [head, ...bodies] = await Promise.all([
      fetchPicture({}, 'HEAD'),
      ...Array.from({ length: 5 }, () => fetchPicture()),
    ]);
    expect([head.status, head.body.length, head.headers.get('etag')]).toEqual([
      200,
      0,
      `"${hash}"`,
    ]);
    expect(bodies.every(({ body }) => body.equals(picture))).toBe(true);
    expect(harness.catalogue.lookups - before).toBeLessThanOrEqual(1);
  });

  it('that is not there is looked for once a while, and not remembered by caches', async () => {
    const before = harness.catalogue.lookups;
    for (let i = 0; i < 10; i += 1) {
      const reply = await harness.call('GET', `/v1/media/${'0'.repeat(64)}`);
      expect([reply.status, reply.code]).toEqual([404, 'media_not_found']);
      expect(reply.headers.get('cache-control')).toBe('no-store');
    }
    expect(harness.catalogue.lookups - before).toBeLessThan(5);
    expect((await harness.call('GET', '/v1/media/..%2Fx')).code).toBe('invalid_request');
    expect((await harness.call('GET', `/v1/media/${hash.toUpperCase()}`)).status).toBe(400);
  });

  it('is kept within the bound on pictures', async () => {
    const many = Math.ceil(limits.mediaCacheBytesMax / limits.mediaBytesMax);
    for (let i = 0; i < many; i += 1) {
      const name = i.toString(16).padStart(64, 'c');
      harness.catalogue.media.set(name, Buffer.alloc(limits.mediaBytesMax, i));
      expect((await fetchPicture({}, 'GET', `/v1/media/${name}`)).status).toBe(200);
    }
    const metrics = await harness.gateway.metrics.text();
    const [, bytes] = /holdfast_media_cache_bytes\{[^}]*\} (\S+)/.exec(metrics) ?? [];
    expect(Number(bytes)).toBeGreaterThan(limits.mediaBytesMax);
    expect(Number(bytes)).toBeLessThanOrEqual(limits.mediaCacheBytesMax);
  });

  async function fetchPicture(headers: Record<string, string> = {}, method = 'GET', at = path) {
    const response = await fetch(harness.url + at, { method, headers });
    const body = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, body };
  }
});
