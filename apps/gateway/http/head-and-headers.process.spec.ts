import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { RawClient } from '../edge/testing/raw-client.js';
import { loadedEdges } from '../edge/testing/loaded-edges.js';
import { routeRows } from '../routes/table.js';
import { fakeEventId } from '../testing/fake-catalogue.js';
import { startHarness, type CallOptions, type Harness } from '../testing/harness.js';

/** Routes that come later are asked as well; what they name need not be there. */
const getters = routeRows.filter(({ method }) => method === 'GET');
const ids: Readonly<Record<string, string>> = { event_id: fakeEventId, hash: 'a'.repeat(64) };
const pathOf = (path: string): string =>
  path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => ids[name] ?? '1.1');

describe.each(loadedEdges)('over %s', (edge) => {
  let harness: Harness;
  let token: string;

  beforeAll(async () => {
    harness = await startHarness({ edge });
    token = harness.operator('sre');
  });

  afterAll(() => harness.stop());

  describe('a HEAD', () => {
    it.each(getters)('is answered as a GET without its body: $path', async ({ path }) => {
      const options: CallOptions = { token, headers: { 'accept-encoding': 'identity' } };
      const got = await harness.call('GET', pathOf(path), options);
      const head = await harness.call('HEAD', pathOf(path), options);
      expect([head.status, head.text]).toEqual([got.status, '']);
      for (const name of ['content-type', 'etag', 'cache-control', 'vary']) {
        expect([name, head.headers.get(name)]).toEqual([name, got.headers.get(name)]);
      }
    });

    it.each(['identity', 'gzip'])('has the length of a large list, %s', async (coding) => {
      const options: CallOptions = { headers: { 'accept-encoding': coding } };
      const got = await harness.call('GET', `/v1/events/${fakeEventId}/seats`, options);
      const head = await harness.call('HEAD', `/v1/events/${fakeEventId}/seats`, options);
      const [length, other] = [got, head].map(({ headers }) => headers.get('content-length'));
      expect([Number(length) > 100, other]).toEqual([true, length]);
    });

    it('leaves the connection as it was, also after a large list and a stream', async () => {
      const client = new RawClient(harness.gateway.port);
      const seats = `/v1/events/${fakeEventId}/seats`;
      const live = `/v1/events/${fakeEventId}/live`;
      const asked = [seats, live, '/livez'];
      for (const [i, path] of asked.entries()) {
        const accept = path === live ? 'Accept: text/event-stream\r\n' : '';
        await client.say(`HEAD ${path} HTTP/1.1\r\nHost: x\r\n${accept}\r\n`);
        await client.untilAnswers(i + 1);
      }
      await client.say('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
      await client.untilAnswers(4);
      expect(client.statuses).toEqual(['200', '426', '200', '200']);
      expect(client.text).not.toContain('seat_id');
      client.close();
    });

    it('is named beside GET where neither of them does', async () => {
      const { status, headers } = await harness.call('DELETE', '/v1/events');
      expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    });
  });

  it.each(routeRows)('says what an answer is, and who may keep it: $path', async (row) => {
    for (const who of [{ token }, {}]) {
      const { headers } = await harness.call(row.method, pathOf(row.path), who);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      const isPrivate = row.method === 'GET' && row.auth !== 'none';
      if (isPrivate) expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  it('a body of a coding that is not chunked is refused, and the line closed', async () => {
    for (const coding of ['gzip, chunked', 'chunked, chunked', 'identity, chunked']) {
      const client = new RawClient(harness.gateway.port);
      const head = `POST /v1/sessions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: ${coding}\r\n\r\n`;
      await client.say(`${head}2\r\n{}\r\n0\r\n\r\n`);
      await client.untilClosed();
      expect([coding, client.statuses]).toEqual([coding, ['400']]);
    }
  });

  it('a body whose end is said in two ways is refused, and the line closed', async () => {
    const client = new RawClient(harness.gateway.port);
    const both = 'Content-Length: 2\r\nTransfer-Encoding: chunked';
    await client.say(
      `POST /v1/sessions HTTP/1.1\r\nHost: x\r\n${both}\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    );
    await client.untilClosed();
    expect(client.statuses).toEqual(['400']);
  });

  it('a body in chunks is taken, in any case of the word', async () => {
    for (const coding of ['chunked', 'Chunked']) {
      const client = new RawClient(harness.gateway.port);
      const head = `POST /v1/sessions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: ${coding}\r\n\r\n`;
      await client.say(`${head}2\r\n{}\r\n0\r\n\r\n`);
      await client.untilAnswers(1);
      expect([coding, client.statuses]).toEqual([coding, ['201']]);
      client.close();
    }
  });
});
