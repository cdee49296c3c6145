import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { UserId } from '#libs/inventory/ids.js';
import { until } from '#libs/testing/until.js';

import { GuestTokens } from '../auth/guest-tokens.js';
import { loadedEdges } from '../edge/testing/loaded-edges.js';
import { startHarness, type Harness } from '../testing/harness.js';

/** Reads server-sent events as a browser does. */
class EventStream {
  readonly events: { id: string; data: Record<string, unknown> }[] = [];
  ended = false;
  private readonly abort = new AbortController();

  async open(url: string, headers: Record<string, string> = {}): Promise<Response> {
    const response = await fetch(url, {
      headers: { accept: 'text/event-stream', ...headers },
      signal: this.abort.signal,
    });
    void this.read(response).catch(() => (this.ended = true));
    return response;
  }

  ofType(type: string): Record<string, unknown>[] {
    return this.events.map(({ data }) => data).filter((data) => data.type === type);
  }

  close(): void {
    this.abort.abort();
  }

  private async read(response: Response): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      blocks.forEach((block) => this.take(block));
    }
    this.ended = true;
  }

  private take(block: string): void {
    const data = /^data: (.*)$/m.exec(block)?.[1];
    const id = /^id: (.*)$/m.exec(block)?.[1] ?? '';
    if (data !== undefined) {
      this.events.push({ id, data: JSON.parse(data) as Record<string, unknown> });
    }
  }
}

describe.each(loadedEdges)('the live map as server-sent events over %s', (edge) => {
  let harness: Harness;
  let stream: EventStream;

  beforeEach(async () => {
    harness = await startHarness({ edge, seatCount: 50 });
    stream = new EventStream();
  });

  afterEach(async () => {
    stream.close();
    await harness.stop();
  });

  const url = (query = ''): string => `${harness.url}/v1/events/evt_show1/live${query}`;

  it('ends with the token that opened it, and says so', async () => {
    const userId = 'usr_abcdefgh12345678' as UserId;
    const { token } = new GuestTokens(harness.secret).sign(userId, Date.now(), 4_000);
    await stream.open(`${harness.url}/v1/events/evt_show1/live?token=${token}`);
    await until(() => stream.ended, 'the stream ended');
    expect(stream.ofType('snapshot')).toHaveLength(1);
    expect(stream.ofType('error')).toMatchObject([{ error: { code: 'token_expired' } }]);
  });

  it('sends the same frames, with the version as the id of each', async () => {
    const response = await stream.open(url());
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    await until(() => stream.ofType('snapshot').length === 1, 'the snapshot came');
    harness.inventory.setSeats([4], 1);
    await until(() => stream.ofType('diff').length === 1, 'the diff came');
    expect(stream.events.at(-1)).toEqual({
      id: '1',
      data: { type: 'diff', from: 0, to: 1, changes: [[4, 'h']] },
    });
  });

  it('goes on after Last-Event-ID with what was missed', async () => {
    const first = new EventStream();
    await first.open(url());
    await until(() => first.ofType('snapshot').length === 1, 'the snapshot came');
    harness.inventory.setSeats([4], 1);
    await until(() => first.ofType('diff').length === 1, 'the diff came');
    await stream.open(url(), { 'last-event-id': '0' });
    await until(() => stream.ofType('diff').length === 1, 'the diff came again');
    expect(stream.ofType('snapshot')).toHaveLength(0);
    expect(stream.ofType('diff')[0]).toMatchObject({ from: 0, to: 1, changes: [[4, 'h']] });
    first.close();
  });

  it.each([
    ['in the query', (token: string) => [url(`?token=${token}`), {}] as const],
    ['as a header', (token: string) => [url(), { authorization: `Bearer ${token}` }] as const],
  ])('carries private frames for the token %s', async (_, request) => {
    const { token } = await harness.session();
    await stream.open(...request(token));
    await until(() => stream.ofType('snapshot').length === 1, 'the snapshot came');
    const body = { event_id: 'evt_show1', seat_ids: ['A-1'] };
    await harness.call('POST', '/v1/reservations', { token, body });
    await until(() => stream.ofType('hold').length === 1, 'the hold came');
    expect(stream.ofType('hold')[0]).toMatchObject({ status: 'held' });
  });

  it('refuses a bad token, a bad version and a client that wants neither form', async () => {
    expect((await harness.call('GET', '/v1/events/evt_show1/live')).code).toBe('upgrade_required');
    const headers = { accept: 'text/event-stream' };
    const bad = await harness.call('GET', '/v1/events/evt_show1/live?token=x', { headers });
    expect([bad.status, bad.code]).toEqual([401, 'unauthorized']);
    const basic = { ...headers, authorization: 'Basic eDp5' };
    const other = await harness.call('GET', '/v1/events/evt_show1/live', { headers: basic });
    expect([other.status, other.error.field]).toEqual([401, 'header.authorization']);
    const id = { ...headers, 'last-event-id': 'x' };
    const odd = await harness.call('GET', '/v1/events/evt_show1/live', { headers: id });
    expect([odd.status, odd.error.field]).toEqual([400, 'header.last-event-id']);
  });

  it('of an owner that cannot be reached says when to come back, and ends', async () => {
    harness.inventory.override = () => ({
      kind: 'unavailable',
      retryAfterMs: 60_000,
      executed: 'no',
    });
    const headers = { accept: 'text/event-stream' };
    const answer = await fetch(url(), { headers });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    const text = await answer.text();
    expect(text).toMatch(/^retry: \d+\ndata: \{"type":"error","error":\{"code":"unavailable"/);
  });

  it('ends when the server goes away', async () => {
    await stream.open(url());
    await until(() => stream.ofType('snapshot').length === 1, 'the snapshot came');
    await harness.gateway.stop();
    await until(() => stream.ended, 'the stream ended');
    expect(stream.ended).toBe(true);
  });
});
