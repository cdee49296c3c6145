import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';
import { until } from '#libs/testing/until.js';

import { get, RawClient } from '../../edge/testing/raw-client.js';
import { loadedEdges } from '../../edge/testing/loaded-edges.js';
import { startHarness, type Harness, type Reply } from '../../testing/harness.js';

const show = '/v1/events/evt_show1';
const seats = `${show}/seats`;
const compact = 'application/vnd.holdfast.seats';

interface Row {
  readonly seat_id: string;
  readonly status: string;
}

const rowsOf = (reply: Reply): Row[] => JSON.parse(reply.text) as Row[];
const tagOf = (reply: Reply): string => reply.headers.get('etag') ?? '';
const addressOf = ({ headers }: Reply): string =>
  /^<(.*)>; rel="duplicate"$/.exec(headers.get('link') ?? '')?.[1] ?? '';

describe.each(loadedEdges)('the seats of an event over %s', (edge) => {
  let harness: Harness;
  let token: string;

  beforeEach(async () => {
    harness = await startHarness({ edge });
    ({ token } = await harness.session());
  });

  afterEach(() => harness.stop());

  const list = (headers: Record<string, string> = {}, path = seats): Promise<Reply> =>
    harness.call('GET', path, { headers });
  const own = (headers: Record<string, string> = {}): Promise<Reply> =>
    harness.call('GET', seats, { token, headers });
  const hold = async (...names: string[]): Promise<void> => {
    const body = { event_id: 'evt_show1', seat_ids: names };
    const { status } = await harness.call('POST', '/v1/reservations', { token, body });
    expect(status).toBe(201);
  };
  /** Until a list with this many free seats is served to everybody. */
  const shown = (free: number): Promise<unknown> =>
    until(
      async () => rowsOf(await list()).filter((r) => r.status === 'AVAILABLE').length === free,
      'the list shows it',
    );

  it('are listed by their public ids', async () => {
    harness.inventory.setSeats([1], 1);
    await shown(39);
    const rows = rowsOf(await list());
    expect(rows).toHaveLength(40);
    expect(rows[1]).toEqual({
      seat_id: 'A-2',
      section: 'Main',
      row: 'A',
      number: '2',
      label: 'Main, Row A, Seat 2',
      status: 'HELD',
      price: 5000,
    });
  });

  it('are the same until they change: 304', async () => {
    const first = await list();
    const known = { 'if-none-match': tagOf(first) };
    expect((await list(known)).status).toBe(304);
    await hold('A-1');
    await shown(39);
    const after = await list(known);
    expect([after.status, rowsOf(after)[0].status]).toEqual([200, 'HELD']);
  });

  it('may be kept for a second, but not those of somebody with a token', async () => {
    const { headers } = await list();
    expect(headers.get('cache-control')).toBe('max-age=1');
    expect(headers.get('vary')).toBe('Accept, Accept-Encoding, Authorization');
    expect((await own()).headers.get('cache-control')).toBe('private, no-cache');
    const known = { 'if-none-match': tagOf(await own()) };
    expect((await own(known)).status).toBe(304);
  });

  it('never show a buyer his own seats as free, however fast he asks', async () => {
    for (let seat = 1; seat <= 10; seat++) {
      await hold(`A-${seat}`);
      const statuses = rowsOf(await own()).map((row) => row.status);
      expect(statuses.indexOf('AVAILABLE')).toBe(seat);
    }
  });

  it('never show a buyer what another gateway sold him while this one hears nothing', async () => {
    await list();
    harness.inventory.loseDiffs = true;
    harness.inventory.setSeats([0], 1);
    expect(rowsOf(await own())[0].status).toBe('HELD');
  });

  it('are not shown to a buyer while nobody can say what is his', async () => {
    await list();
    harness.inventory.override = () => ({
      kind: 'unavailable',
      retryAfterMs: 0,
      executed: 'no',
    });
    const { status, code, headers } = await own();
    expect([status, code, headers.get('retry-after')]).toEqual([503, 'unavailable', '1']);
    expect((await list()).status).toBe(200);
  });

  it('are named by their state, which may be kept for ever', async () => {
    const first = await list();
    const named = await list({}, addressOf(first));
    expect(addressOf(first)).toMatch(/^\/v1\/events\/evt_show1\/seats\/\d+\.\d+$/);
    expect(named.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect([named.text, tagOf(named)]).toEqual([first.text, tagOf(first)]);
    harness.inventory.setSeats([1], 2);
    await shown(39);
    expect((await list({}, addressOf(first))).text).toBe(first.text);
    const known = { 'if-none-match': tagOf(first) };
    expect((await list(known, addressOf(first))).status).toBe(304);
  });

  it('of another state point to the newest, and nobody keeps that', async () => {
    for (const name of ['1.999', '99.0']) {
      const { status, code, headers } = await list({}, `${seats}/${name}`);
      expect([status, code]).toEqual([404, 'version_not_found']);
      expect(headers.get('link')).toBe(`<${seats}>; rel="latest-version"`);
      expect(headers.get('cache-control')).toBe('no-store');
    }
    expect((await list({}, `${seats}/nonsense`)).status).toBe(400);
  });

  it('have a compact form at both addresses', async () => {
    await hold('A-1', 'A-3');
    await shown(38);
    const first = await list({ accept: compact });
    const expected = { version: 1, statuses: `hfh${'f'.repeat(37)}`, layout_hash: 'a'.repeat(64) };
    expect(first.headers.get('content-type')).toBe(compact);
    expect(first.json).toMatchObject(expected);
    expect(tagOf(first)).not.toBe(tagOf(await list()));
    const named = await list({ accept: compact }, addressOf(first));
    expect([named.text, tagOf(named)]).toEqual([first.text, tagOf(first)]);
  });

  it('travel in the coding that the client takes, each with a tag of its own', async () => {
    const replies = await Promise.all(
      ['identity', 'gzip', 'br'].map((coding) => list({ 'accept-encoding': coding })),
    );
    const codings = replies.map(({ headers }) => headers.get('content-encoding'));
    expect(codings).toEqual([null, 'gzip', 'br']);
    expect(new Set(replies.map(tagOf)).size).toBe(3);
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
    const [, , brotli] = replies;
    const known = { 'if-none-match': tagOf(brotli) };
    expect((await list({ ...known, 'accept-encoding': 'br' })).status).toBe(304);
    expect((await list({ ...known, 'accept-encoding': 'gzip' })).status).toBe(200);
  });

  it('are made once for all who ask at the same time', async () => {
    await Promise.all(Array.from({ length: 50 }, () => list({ 'accept-encoding': 'br' })));
    const metrics = await harness.gateway.metrics.text();
    expect(metrics).toContain('holdfast_seat_lists_total{role="gateway"} 1');
    expect(metrics).toContain('holdfast_compressions_total{role="gateway"} 1');
  });

  it('have areas without seats too', async () => {
    await harness.stop();
    harness = await startHarness({ edge, seatCount: 0 });
    expect(rowsOf(await list())).toEqual([]);
  });
});

describe.each(loadedEdges)('the seats of a stadium over %s', (edge) => {
  let harness: Harness;

  beforeEach(async () => {
    const config = { HOLDFAST_LOOPBACK_UNLIMITED: false };
    harness = await startHarness({ edge, seatCount: 30_000, config });
  });

  afterEach(() => harness.stop());

  const many = (count: number, headers: Record<string, string>): Promise<Reply[]> =>
    Promise.all(Array.from({ length: count }, () => harness.call('GET', seats, { headers })));
  const statuses = (replies: readonly Reply[]): Record<number, number> => {
    const counts: Record<number, number> = {};
    for (const { status } of replies) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  };

  it('cost an address what they weigh', async () => {
    const beganMs = performance.now();
    const [first] = await many(1, { 'accept-encoding': 'identity' });
    const cost = Math.ceil(Buffer.byteLength(first.text) / limits.answerBytesPerToken);
    expect(cost).toBeGreaterThan(20);
    const replies = statuses(await many(60, { 'accept-encoding': 'identity' }));
    const seconds = (performance.now() - beganMs) / 1_000;
    const tokens = limits.addressRequestsBurst + seconds * limits.addressRequestsPerSecond;
    expect(replies[200]).toBeLessThanOrEqual(tokens / cost + 5);
    expect(replies[200] + replies[429]).toBe(60);
  });

  it('cost nearly nothing where nothing changed', async () => {
    const [first] = await many(1, { 'accept-encoding': 'br' });
    const replies = await many(60, { 'accept-encoding': 'br', 'if-none-match': tagOf(first) });
    expect(statuses(replies)).toEqual({ 304: 60 });
  });
});

describe.each(loadedEdges)('readers of the seats who stop reading, over %s', (edge) => {
  const readers: RawClient[] = [];
  let harness: Harness;

  beforeEach(async () => {
    harness = await startHarness({ edge, seatCount: limits.seatsPerPlanMax });
  });

  afterEach(async () => {
    readers.splice(0).forEach((reader) => reader.close());
    await harness.stop();
  });

  const metric = async (name: string): Promise<number> => {
    const text = await harness.gateway.metrics.text();
    return Number(new RegExp(`^${name}\\{.*\\} (\\d+)$`, 'm').exec(text)?.[1]);
  };

  it('keep few versions alive, however many there were, and others are served', async () => {
    for (let version = 0; version < 8; version++) {
      harness.inventory.setSeats([version], 1);
      const newest = await harness.call('GET', seats, { headers: { accept: compact } });
      const reader = new RawClient(harness.gateway.port);
      readers.push(reader);
      reader.pause();
      await reader.say(get(addressOf(newest)));
      await until(async () => {
        const begun =
          (await metric('holdfast_unread_answers')) + (await metric('holdfast_readers_cut_total'));
        return begun > version;
      }, 'the answer was begun');
    }
    const held = await metric('holdfast_unread_body_bytes');
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThanOrEqual(limits.unreadBodyBytesMax);
    expect(await metric('holdfast_body_cache_bytes')).toBeLessThanOrEqual(limits.bodyCacheBytesMax);
    expect((await harness.call('GET', seats)).status).toBe(200);
  });

  it('get their answer to its end from a gateway that stops meanwhile', async () => {
    const reader = new RawClient(harness.gateway.port);
    readers.push(reader);
    reader.pause();
    await reader.say(get(seats));
    await until(async () => (await metric('holdfast_unread_answers')) === 1, 'it was begun');
    const stopped = harness.gateway.stop();
    reader.resume();
    const length = (): number => Number(/Content-Length: (\d+)/.exec(reader.text)?.[1]);
    await until(() => reader.closed, 'the connection was closed', 10_000);
    await stopped;
    expect(reader.bytes).toBeGreaterThan(length());
    expect(reader.text.split('\r\n\r\n')[1]?.startsWith('[')).toBe(true);
  });
});
