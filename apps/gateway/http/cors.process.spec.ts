import { afterEach, describe, expect, it } from '@jest/globals';

import { readConfig } from '#libs/platform/config.js';

import { gatewayConfigSchema } from '../config.js';
import { loadedEdges } from '../edge/testing/loaded-edges.js';
import { fakeEventId } from '../testing/fake-catalogue.js';
import { startHarness, type Harness } from '../testing/harness.js';
import { originsOf } from './cors.js';

const page = 'https://tickets.example';

describe.each(loadedEdges)('pages of other origins, over %s', (edge) => {
  let harness: Harness;

  afterEach(() => harness.stop());

  const start = async (origins: string | null): Promise<void> => {
    const config = origins === null ? {} : { HOLDFAST_CORS_ORIGINS: origins };
    harness = await startHarness({ edge, config });
  };

  const asked = async (method: string, path: string, headers: Record<string, string>) => {
    const response = await fetch(harness.url + path, { method, headers });
    await response.body?.cancel();
    const of = (name: string): string | null => response.headers.get(name);
    const allowed = of('access-control-allow-origin');
    const varies = of('vary') ?? '';
    return { status: response.status, allowed, varies, headers: response.headers };
  };

  const preflight = (origin: string, path = '/v1/reservations') =>
    asked('OPTIONS', path, { origin, 'access-control-request-method': 'POST' });

  it('read nothing unless they are configured', async () => {
    await start(null);
    expect(await asked('GET', '/v1/events', { origin: page })).toMatchObject({ allowed: null });
    expect(await preflight(page)).toMatchObject({ status: 405, allowed: null });
  });

  it('read every kind of answer when they are, and caches know why', async () => {
    await start(`https://other.example, ${page}`);
    const event = `/v1/events/${fakeEventId}`;
    const { headers } = await asked('GET', `${event}/seats`, {});
    const tag = headers.get('etag') ?? '';
    const all = [
      await asked('GET', '/v1/events', { origin: page }),
      await asked('GET', `${event}/seats`, { origin: page }),
      await asked('GET', `${event}/seats`, { origin: page, 'if-none-match': tag }),
      await asked('GET', '/v1/me/bookings', { origin: page }),
      await asked('GET', '/v1/none', { origin: page }),
      await asked('GET', `${event}/live`, { origin: page, accept: 'text/event-stream' }),
    ];
    expect(all.map(({ status }) => status)).toEqual([200, 200, 304, 401, 404, 200]);
    for (const { allowed, varies } of all) {
      expect(allowed).toBe(page);
      expect(varies).toMatch(/(^|, )Origin(,|$)/);
    }
    expect(all[0].headers.get('access-control-expose-headers')).toContain('X-Total-Count');
    expect(all[0].headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('are told beforehand what they may send', async () => {
    await start(page);
    const { status, allowed, headers } = await preflight(page);
    expect([status, allowed]).toEqual([204, page]);
    expect(headers.get('access-control-allow-methods')).toContain('POST');
    expect(headers.get('access-control-allow-headers')).toContain('Idempotency-Key');
    expect((await preflight(page, '/v1/none')).status).toBe(404);
  });

  it.each(['https://tickets.example.evil', 'http://tickets.example', 'null', `${page}/`])(
    'are exactly those: %s is none (CO1)',
    async (origin) => {
      await start(page);
      const read = await asked('GET', '/v1/events', { origin });
      expect([read.allowed, read.varies.includes('Origin')]).toEqual([null, true]);
      expect(await preflight(origin)).toMatchObject({ status: 405, allowed: null });
    },
  );
});

describe('a list of origins', () => {
  const needed = {
    DATABASE_URL: 'postgres://db/x',
    NATS_URL: 'nats://a',
    HOLDFAST_TOKEN_SECRET: 'a secret of at least 32 characters',
  };

  it.each([
    '*',
    'tickets.example',
    'https://a.example/',
    'https://a.example,',
    'https://*.a.example/x',
  ])('is not %j', (text) => {
    expect(originsOf(text)).toBeNull();
    const env = { ...needed, HOLDFAST_CORS_ORIGINS: text };
    expect(() => readConfig(gatewayConfigSchema, env)).toThrow(/HOLDFAST_CORS_ORIGINS must be/);
  });
});
