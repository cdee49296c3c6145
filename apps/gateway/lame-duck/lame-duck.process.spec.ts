import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { controlCall } from '#libs/bus/control-call.js';
import type { GatewayCall, GatewayView } from '#libs/contracts/control.js';
import { errorTable } from '#libs/contracts/errors.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import { until } from '#libs/testing/until.js';

import { startHarness, type Harness } from '../testing/harness.js';
import { LiveClient, refusedUpgrade } from '../testing/live-client.js';

/** A real gateway with real sockets; what is behind it is a fake. */
describe('a gateway that an operator puts into lame duck', () => {
  let harness: Harness;
  let client: LiveClient;

  beforeEach(async () => {
    harness = await startHarness();
    client = new LiveClient(`${harness.wsUrl}/v1/events/evt_show1/live`);
    await client.untilFrame('snapshot');
  });

  afterEach(async () => {
    client.close();
    await harness.stop();
  });

  async function ask(action: GatewayCall['action'], name: string | null): Promise<GatewayView> {
    const call: GatewayCall = { action, name };
    const reply = await controlCall<GatewayView>(harness.far, subjects.gateways, call, 2_000);
    if (reply.kind !== 'ok') throw new Error(`the gateway said ${reply.kind}`);
    return reply.body;
  }

  it('serves on while it is not ready, sends its watchers away, and comes back', async () => {
    const { name, state, sockets } = await ask('describe', null);
    expect([state, sockets]).toEqual(['serving', 1]);
    expect((await ask('lame_duck', 'elsewhere:1')).changed).toBe(false);
    expect(await ask('lame_duck', name)).toMatchObject({ changed: true, state: 'lame_duck' });
    const ready = await harness.call('GET', '/readyz');
    expect([ready.status, ready.json.missing]).toEqual([503, ['lame_duck']]);
    const { token } = await harness.session();
    const body = { event_id: 'evt_show1', seat_ids: ['A-1'] };
    const held = await harness.call('POST', '/v1/reservations', { token, body });
    expect([held.status, held.headers.get('connection')]).toEqual([201, 'close']);

    await client.untilClosed();
    expect(client.closeCode).toBe(errorTable.shutting_down.wsCloseCode);
    const { error } = client.frame('error') as unknown as { error: Record<string, unknown> };
    expect(error.code).toBe('shutting_down');
    expect(error.retry_after_ms).toBeLessThanOrEqual(limits.lameDuckReturnMsMin);
    const url = `${harness.wsUrl}/v1/events/evt_show1/live`;
    expect(await refusedUpgrade(url)).toEqual({ status: 503, code: 'shutting_down' });
    const headers = { accept: 'text/event-stream' };
    // An EventSource that is told 503 never comes back.
    const stream = await fetch(`${harness.url}/v1/events/evt_show1/live`, { headers });
    expect(stream.status).toBe(200);
    expect(await stream.text()).toMatch(/^retry: \d+\n[^]*"shutting_down"/);
    expect((await harness.call('GET', '/v1/events/evt_show1/seats')).status).toBe(200);

    expect(await ask('cancel', name)).toMatchObject({ changed: true, state: 'serving' });
    expect((await harness.call('GET', '/readyz')).status).toBe(200);
    const back = new LiveClient(url);
    await back.untilFrame('snapshot');
    back.close();
  });

  it('ends its event streams with the wait that a browser obeys', async () => {
    const response = await fetch(`${harness.url}/v1/events/evt_show1/live`, {
      headers: { accept: 'text/event-stream' },
    });
    const text = response.text();
    await ask('lame_duck', null);
    expect(await text).toMatch(/\n\nretry: \d+\ndata: \{"type":"error".*"shutting_down".*\}\n\n$/);
    const gone = await ask('describe', null);
    expect([gone.streams, gone.state]).toEqual([0, 'lame_duck']);
    harness.inventory.setSeats([3], 1);
    expect((await harness.call('GET', '/livez')).status).toBe(200);
  });
});

describe('a gateway whose event is gone', () => {
  it('tells everybody who watches it, and starts afresh for those who still ask', async () => {
    const harness = await startHarness();
    const client = new LiveClient(`${harness.wsUrl}/v1/events/evt_show1/live`);
    await client.untilFrame('snapshot');
    const response = await fetch(`${harness.url}/v1/events/evt_show1/live`, {
      headers: { accept: 'text/event-stream' },
    });
    harness.inventory.override = () => ({ kind: 'unknown_event' });
    // A quiet replica asks after replicaCheckMs, and bears with such answers for replicaGoneMs.
    await until(() => client.closeCode !== null, 'it is told', 20_000);
    expect(client.closeCode).toBe(errorTable.event_not_found.wsCloseCode);
    expect(client.frame('error')?.error).toMatchObject({ code: 'event_not_found' });
    expect(await response.text()).toContain('"event_not_found"');
    const late = await harness.call('GET', '/v1/events/evt_show1/seats');
    expect([late.status, late.code]).toEqual([503, 'unavailable']);
    await harness.stop();
  }, 30_000);
});
