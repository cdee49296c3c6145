import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';

import { limits } from '#libs/contracts/limits.js';
import { until } from '#libs/testing/until.js';

import { fakeEventId } from '../testing/fake-catalogue.js';
import { startHarness, type Harness } from '../testing/harness.js';

describe('the live maps of one address', () => {
  let harness: Harness;

  beforeAll(async () => {
    const config = { HOLDFAST_LOOPBACK_UNLIMITED: false, HOLDFAST_TRUSTED_PROXIES: '127.0.0.1' };
    harness = await startHarness({ config });
  });

  afterAll(() => harness.stop());

  /** Resolves with the close code when it is closed. */
  async function open(address: string): Promise<{ socket: WebSocket; code: () => number | null }> {
    const url = `${harness.wsUrl}/v1/events/${fakeEventId}/live`;
    const socket = new WebSocket(url, { headers: { 'x-forwarded-for': address } });
    let code: number | null = null;
    socket.on('close', (of) => (code = of));
    await new Promise((resolve) => socket.once('message', resolve));
    return { socket, code: () => code };
  }

  it('ask together no more often than the address may (SO5)', async () => {
    await harness.call('GET', `/v1/events/${fakeEventId}`);
    const far = await open('203.0.113.2');
    const near = await Promise.all(Array.from({ length: 60 }, () => open('203.0.113.1')));
    const ask = JSON.stringify({ type: 'resume', version: 0 });
    for (let i = 1; i < limits.socketMessagesBurst; i++)
      near.forEach(({ socket }) => socket.send(ask));
    await until(() => near.some(({ code }) => code() === 4429), 'one of them was closed');
    far.socket.send(JSON.stringify({ type: 'ping' }));
    await new Promise((resolve) => far.socket.once('message', resolve));
    expect(far.code()).toBeNull();
    for (const { socket } of [far, ...near]) socket.terminate();
  });

  it('ping by the protocol no more often than they ask (SO5)', async () => {
    const { socket, code } = await open('203.0.113.3');
    for (let i = 0; i < limits.socketMessagesBurst; i++) socket.ping();
    await new Promise((resolve) => socket.once('pong', resolve));
    expect(code()).toBeNull();
    for (let i = 0; i < limits.socketMessagesBurst; i++) socket.ping();
    await until(() => code() === 4429, 'it was closed');
  });
});
