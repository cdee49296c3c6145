import { afterEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';

import { limits } from '#libs/contracts/limits.js';
import { readConfig } from '#libs/platform/config.js';

import { gatewayConfigSchema, type GatewayConfig } from '../config.js';
import { loadedEdges } from '../edge/testing/loaded-edges.js';
import { fakeEventId } from '../testing/fake-catalogue.js';
import { startHarness, type Harness } from '../testing/harness.js';

describe.each(loadedEdges)('behind a proxy, over %s', (edge) => {
  let harness: Harness;

  afterEach(() => harness.stop());

  const start = async (config: Partial<GatewayConfig>): Promise<void> => {
    harness = await startHarness({
      edge,
      config: { HOLDFAST_LOOPBACK_UNLIMITED: false, ...config },
    });
  };

  const from = (address: string) => ({ 'x-forwarded-for': address });

  const newSession = async (headers: Record<string, string>): Promise<number> =>
    (await harness.call('POST', '/v1/sessions', { headers })).status;

  /** Asks until one is refused; a slow machine sends slower than an address recovers. */
  const isLimited = async (headersOf: (i: number) => Record<string, string>): Promise<boolean> => {
    for (let round = 0; round < 20; round++) {
      const calls = Array.from({ length: 40 }, (_, i) => newSession(headersOf(round * 40 + i)));
      if ((await Promise.all(calls)).includes(429)) return true;
    }
    return false;
  };

  it('counts each client for itself, whatever he says left of his address', async () => {
    await start({ HOLDFAST_TRUSTED_PROXIES: '127.0.0.0/8' });
    const forged = (i: number) => from(`10.1.${i >> 8}.${i & 255}, 203.0.113.1`);
    expect(await isLimited(forged)).toBe(true);
    expect(await newSession(from('203.0.113.2'))).toBe(201);
  });

  it('believes nobody who is not trusted', async () => {
    await start({ HOLDFAST_TRUSTED_PROXIES: '203.0.113.0/24' });
    expect(await isLimited((i) => from(`10.1.${i >> 8}.${i & 255}`))).toBe(true);
  });

  it('reads the header that was chosen, and not the other', async () => {
    await start({ HOLDFAST_TRUSTED_PROXIES: '127.0.0.1', HOLDFAST_FORWARDED_HEADER: 'forwarded' });
    const saying = (client: string, i = 0) => ({
      forwarded: `for=${client}`,
      ...from(`10.1.1.${i}`),
    });
    expect(await isLimited((i) => saying('203.0.113.1', i & 255))).toBe(true);
    expect(await newSession(saying('203.0.113.2'))).toBe(201);
  });

  it('counts the live maps of each client for itself', async () => {
    await start({ HOLDFAST_TRUSTED_PROXIES: '127.0.0.1' });
    const open: WebSocket[] = [];
    const status = (address: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const url = `${harness.wsUrl}/v1/events/${fakeEventId}/live`;
        const socket = new WebSocket(url, { headers: from(address) });
        open.push(socket);
        socket.once('open', () => resolve(101));
        socket.once('unexpected-response', (_request, { statusCode = 0 }) => resolve(statusCode));
        socket.on('error', reject);
      });
    await harness.call('GET', `/v1/events/${fakeEventId}`, { headers: from('203.0.113.9') });
    const { socketsPerAddressMax } = limits;
    const first = Array.from({ length: socketsPerAddressMax }, () => status('203.0.113.1'));
    expect(new Set(await Promise.all(first))).toEqual(new Set([101]));
    expect(await status('203.0.113.1')).toBe(503);
    expect(await status('203.0.113.2')).toBe(101);
    for (const socket of open) socket.terminate();
  });
});

describe('the configuration of proxies', () => {
  const needed = {
    DATABASE_URL: 'postgres://db/x',
    NATS_URL: 'nats://a',
    HOLDFAST_TOKEN_SECRET: 'a secret of at least 32 characters',
  };

  it.each(['10.0.0.0/40', '0.0.0.0/0', 'my-proxy'])('does not take %s', (text) => {
    const read = () =>
      readConfig(gatewayConfigSchema, { ...needed, HOLDFAST_TRUSTED_PROXIES: text });
    expect(read).toThrow(/HOLDFAST_TRUSTED_PROXIES must be addresses or networks/);
  });

  it('does not go with loopback that has no limit', async () => {
    const config = { HOLDFAST_TRUSTED_PROXIES: '127.0.0.1', HOLDFAST_LOOPBACK_UNLIMITED: true };
    await expect(startHarness({ config })).rejects.toThrow(/does not go with/);
  });
});
