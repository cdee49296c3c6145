import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';

import { until } from '#libs/testing/until.js';

import { loadedEdges } from '../edge/testing/loaded-edges.js';
import { fakeEventId } from '../testing/fake-catalogue.js';
import { startHarness, type Harness } from '../testing/harness.js';
import { LiveClient } from '../testing/live-client.js';

/** Together they leave more unread than an address may, each less than a socket may. */
const pausedCount = 30;
const address = '203.0.113.7';
const changed = Array.from({ length: 40_000 }, (_, seat) => seat);

describe.each(loadedEdges)('live maps that nobody reads, over %s', (edge) => {
  let harness: Harness;
  let reads: LiveClient;
  const opened: WebSocket[] = [];

  beforeEach(async () => {
    const config = { HOLDFAST_LOOPBACK_UNLIMITED: false, HOLDFAST_TRUSTED_PROXIES: '127.0.0.1' };
    harness = await startHarness({ edge, config, seatCount: 40_000 });
    await harness.call('GET', `/v1/events/${fakeEventId}`);
    reads = new LiveClient(`${harness.wsUrl}/v1/events/${fakeEventId}/live`);
    await reads.untilFrame('snapshot');
  });

  afterEach(async () => {
    reads.close();
    opened.splice(0).forEach((socket) => socket.terminate());
    await harness.stop();
  });

  async function open(): Promise<WebSocket> {
    const url = `${harness.wsUrl}/v1/events/${fakeEventId}/live`;
    const socket = new WebSocket(url, { headers: { 'x-forwarded-for': address } });
    opened.push(socket);
    await new Promise((resolve) => socket.once('message', resolve));
    return socket;
  }

  async function metric(name: string): Promise<number> {
    const text = await harness.gateway.metrics.text();
    const line = text.split('\n').find((one) => one.startsWith(name));
    return Number(line?.split(' ').at(-1));
  }

  it('are cut by the look and give back what they left: the address gets another', async () => {
    const paused = await Promise.all(Array.from({ length: pausedCount }, open));
    paused.forEach((socket) => socket.pause());
    for (let round = 1; (await metric('holdfast_live_stale_total')) < pausedCount; round++) {
      harness.inventory.setSeats(changed, 1 + (round % 2));
      await reads.untilVersion(round);
      if ((await metric('holdfast_live_cut_total')) > 0) break;
    }
    await until(async () => (await metric('holdfast_live_cut_total')) > 0, 'some were cut');
    expect(await metric('holdfast_sockets_buffered_bytes')).toBeGreaterThan(0);
    paused.forEach((socket) => socket.terminate());
    await until(
      async () => (await metric('holdfast_sockets_buffered_bytes')) === 0,
      'everything was given back',
    );
    const next = await open();
    expect(next.readyState).toBe(WebSocket.OPEN);
  });
});
