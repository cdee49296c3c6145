import path from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { loadedEdges } from '../edge/testing/loaded-edges.js';
import { routeRows } from '../routes/table.js';
import { fakeEventId } from '../testing/fake-catalogue.js';
import { startHarness, type Harness } from '../testing/harness.js';
import { readPageFiles } from './page-files.js';

const built = path.join(import.meta.dirname, '../../../dist/apps/gateway/web');
const pages = readPageFiles(built);
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const shell = text(pages.shell.plain);
/** In the order of the shell: script, styles, icon. */
const named = [...shell.matchAll(/"\/assets\/([^"]+)"/g)].map(([, name]) => name);
const checkout = '/checkout/rsv_show1_q8w7e6r5t4y3u2i1';
const addresses = [
  '/',
  '/events/evt_show1',
  '/events/evt_show1/seats',
  '/events/evt_show1/room',
  '/events/evt_show1/replay',
  checkout,
  '/bookings',
  '/bookings/bkg_show1_q8w7e6r5t4y3u2i1',
  '/status',
];

describe.each(loadedEdges)('a page over %s', (edge) => {
  let harness: Harness;

  beforeAll(async () => {
    harness = await startHarness({ edge, pages });
  });

  afterAll(() => harness.stop());

  it.each(addresses)('is the shell at %s, and asked for again each time', async (at) => {
    const { status, headers, body } = await fetchAt(at);
    expect([status, text(body)]).toEqual([200, shell]);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-cache');
    const tag = headers.get('etag') ?? '';
    const again = await fetchAt(at, { 'if-none-match': tag });
    expect([again.status, again.body.length]).toEqual([304, 0]);
  });

  it('lets nothing in but what is its own', async () => {
    const { headers } = await fetchAt('/');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:|data:/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('same-origin');
  });

  it('lets Stripe in where its form is, when there is a key, and nowhere else', async () => {
    const key = 'pk_test_1';
    const withKey = await startHarness({ edge, pages, config: { STRIPE_PUBLISHABLE_KEY: key } });
    const hosts = async (url: string, at: string) => {
      const { headers } = await fetch(url + at);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).not.toMatch(/unsafe|data:/);
      return [...new Set([...policy.matchAll(/https:\/\/([\w.*-]+)/g)].map(([, host]) => host))];
    };
    try {
      for (const at of addresses) {
        const stripes = at.startsWith('/checkout/');
        expect([at, await hosts(withKey.url, at)]).toEqual([at, stripes ? stripeHosts : []]);
        expect([at, await hosts(harness.url, at)]).toEqual([at, []]);
      }
      // Kept from before the key, the page would be shown with the policy of then.
      const tagOf = async (url: string, at: string) =>
        (await fetch(url + at)).headers.get('etag') ?? '';
      const headers = { 'if-none-match': await tagOf(harness.url, checkout) };
      expect((await fetch(withKey.url + checkout, { headers })).status).toBe(200);
      expect(await tagOf(withKey.url, '/')).toBe(await tagOf(harness.url, '/'));
      const { json } = await withKey.call('GET', '/v1/config');
      expect(json).toEqual({ stripe_publishable_key: key });
      expect((await harness.call('GET', '/v1/config')).json).toEqual({
        stripe_publishable_key: null,
      });
    } finally {
      await withKey.stop();
    }
  });

  it('names files that may be kept for ever, compressed once for all', async () => {
    expect(named.length).toBeGreaterThan(2);
    for (const name of pages.assets.keys()) {
      const whole = pages.assets.get(name)?.plain ?? Buffer.alloc(0);
      for (const [coding, read] of codings) {
        const { status, headers, body } = await fetchAt(`/assets/${name}`, {
          'accept-encoding': coding,
        });
        expect([name, status, headers.get('content-encoding') ?? '']).toEqual([
          name,
          200,
          coding === 'identity' ? '' : coding,
        ]);
        expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
        expect(text(read(body))).toBe(text(whole));
      }
    }
  });

  it('has a HEAD like its GET', async () => {
    for (const at of ['/', `/assets/${named[0]}`]) {
      const [got, head] = [await fetchAt(at), await fetchAt(at, {}, 'HEAD')];
      expect([head.status, head.body.length]).toEqual([200, 0]);
      for (const header of ['content-type', 'etag', 'cache-control']) {
        expect(head.headers.get(header)).toBe(got.headers.get(header));
      }
    }
  });

  it('that is not there is said in words to a browser, and in JSON to others', async () => {
    const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    const lost = await fetchAt('/nowhere/at/all', html);
    expect([lost.status, text(lost.body)]).toEqual([404, shell]);
    expect(lost.headers.get('content-security-policy')).toContain("default-src 'none'");
    for (const at of ['/v1/nowhere', '/assets/nothing-1234.js', '/assets/..%2Findex.html']) {
      const { status, headers, body } = await fetchAt(at, html);
      expect([at, status, headers.get('content-type')]).toEqual([at, 404, 'application/json']);
      expect(text(body)).toContain('"not_found"');
    }
    expect((await harness.call('GET', '/nowhere')).code).toBe('not_found');
    expect((await harness.call('DELETE', '/bookings')).status).toBe(405);
  });

  it('takes nothing from the API beside it', async () => {
    const { json } = await harness.call('GET', `/v1/events/${fakeEventId}`);
    expect(json.event_id).toBe(fakeEventId);
    const metrics = await harness.gateway.metrics.text();
    expect(metrics).toMatch(/holdfast_requests_total\{.*route="pageOfEvents".*\} [1-9]/);
  });

  async function fetchAt(at: string, headers: Record<string, string> = {}, method = 'GET') {
    // fetch would undo the compression: a raw body is what is compared.
    const { request } = await import('node:http');
    return new Promise<{ status: number; headers: Headers; body: Buffer }>((resolve, reject) => {
      const asked = request(harness.url + at, { method, headers }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: new Headers(answer.headers as Record<string, string>),
            body: Buffer.concat(parts),
          }),
        );
      });
      asked.on('error', reject);
      asked.end();
    });
  }
});

const stripeHosts = ['js.stripe.com', '*.js.stripe.com', 'api.stripe.com', 'hooks.stripe.com'];

const codings = [
  ['identity', (bytes: Buffer) => bytes],
  ['gzip', gunzipSync],
  ['br', brotliDecompressSync],
] as const;

describe('what browsers get', () => {
  it('is little: four requests and 40 KB of script before the first page is there', async () => {
    expect(named).toHaveLength(3);
    const scripts = named.filter((name) => name.endsWith('.js'));
    expect(await sizeOf(scripts, 'gzip')).toBeLessThan(60 * 1024);
    expect(await sizeOf(scripts, 'br')).toBeLessThan(40 * 1024);
    expect(await sizeOf(named, 'br')).toBeLessThan(48 * 1024);
    expect(await sizeOf([...pages.assets.keys()], 'br')).toBeLessThan(80 * 1024);
  });

  it('asks no other host, and has nothing inline', () => {
    for (const { contentType, plain } of [pages.shell, ...pages.assets.values()]) {
      const hosts = [...text(plain).matchAll(/(?:https?:)?\/\/([a-z0-9.-]+\.[a-z]{2,})/g)];
      // A name of XML, and a script that the policy lets run at the checkout, if at all.
      const known = ['www.w3.org', 'js.stripe.com'];
      const foreign = hosts.map(([, host]) => host).filter((host) => !known.includes(host));
      expect([contentType, foreign]).toEqual([contentType, []]);
    }
    expect(shell).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon[a-z]+=/);
  });

  it('is no part of the API', () => {
    const paths: readonly string[] = routeRows.map(({ path: one }) => one);
    expect(paths.filter((one) => addresses.includes(one) || one.startsWith('/assets'))).toEqual([]);
  });
});

async function sizeOf(names: readonly string[], coding: 'br' | 'gzip'): Promise<number> {
  let bytes = 0;
  for (const name of names)
    bytes += (await pages.assets.get(name)?.body.in(coding))?.byteLength ?? Infinity;
  return bytes;
}
