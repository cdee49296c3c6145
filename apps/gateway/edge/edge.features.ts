import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { until } from '#libs/testing/until.js';

import type { EdgeModule } from './edge.js';
import { socketFeatures } from './edge-sockets.features.js';
import { get, post, RawClient } from './testing/raw-client.js';
import { largeBytes, SampleApp, umlauts } from './testing/sample-app.js';

/** What a feature needs: the sample app on a port, and clients that are closed after it. */
export interface EdgeWorld {
  readonly sample: SampleApp;
  readonly client: () => RawClient;
  /** Called after the test. */
  readonly leavings: (() => void)[];
}

export type World = () => EdgeWorld;

/** The promises EG1 to EG6 of edge.ts, for every implementation. */
export function edgeFeatures(name: string, open: () => Promise<EdgeModule>): void {
  describe(`the edge over ${name}`, () => {
    let sample: SampleApp;
    let leavings: (() => void)[];

    beforeEach(async () => {
      sample = new SampleApp(await open());
      leavings = [];
      expect(await sample.listen()).toBe(true);
    });

    afterEach(() => {
      leavings.forEach((leave) => leave());
      sample.stop();
    });

    const world: World = () => ({
      sample,
      leavings,
      client: () => {
        const client = new RawClient(sample.port);
        leavings.push(() => client.close());
        return client;
      },
    });

    describe('requests', () => requestFeatures(world));
    describe('bodies', () => bodyFeatures(world));
    describe('connections', () => connectionFeatures(world));
    describe('slow and lost clients', () => slowFeatures(world));
    describe('what is not right', () => wrongFeatures(world));
    describe('WebSockets', () => socketFeatures(world));
  });
}

/** The body of the answer to one request on a connection of its own. */
async function asked(world: World, request: string): Promise<RawClient> {
  const client = world().client();
  await client.say(request);
  await client.untilAnswers(1);
  return client;
}

async function seen(world: World, request: string): Promise<Record<string, unknown>> {
  const client = await asked(world, request);
  await client.untilSaid('}');
  const body = Buffer.from(client.text.slice(client.text.indexOf('{')), 'latin1');
  return JSON.parse(body.toString()) as Record<string, unknown>;
}

function requestFeatures(world: World): void {
  it('reach what is written out first, then parameters, as they came', async () => {
    expect((await asked(world, get('/things/fixed'))).text).toContain('fixed');
    expect(await seen(world, get('/things/a%2Fb?x=%41&y'))).toMatchObject({
      params: ['a%2Fb'],
      url: '/things/a%2Fb',
      query: 'x=%41&y',
    });
    expect(await seen(world, get('/things/fixed/parts/7'))).toMatchObject({
      params: ['fixed', '7'],
      query: '',
    });
  });

  it.each(['/things/', '/things', '/nothing', '/things/a/parts/', '/plain/'])(
    'that match no route reach the one for all: %s',
    async (path) => {
      const client = await asked(world, get(path));
      expect(client.text).toContain('X-Method: get');
      await client.untilSaid('other');
    },
  );

  it.each([
    ['HEAD', 'head'],
    ['PUT', 'put'],
    ['PATCH', 'patch'],
    ['OPTIONS', 'options'],
  ])('of a method without routes reach it too: %s', async (method, name) => {
    const client = await asked(world, get('/plain').replace('GET', method));
    expect(client.text).toContain(`X-Method: ${name}`);
    expect(client.text).toContain('Content-Length: 5');
    await client.say(get('/plain'));
    await client.untilAnswers(2);
    expect(client.text.split('HTTP/1.1')[1].includes('other')).toBe(method !== 'HEAD');
  });

  it('have the first header of a name, whatever its case, or none', async () => {
    const request = get('/things/1', 'X-A: one', 'x-a: two', 'X-Long: ' + 'v'.repeat(6_000));
    expect(await seen(world, request)).toMatchObject({
      headers: ['one', ''],
      length: 6_000,
    });
  });

  it('come from the address of the client', async () => {
    const client = await asked(world, get('/address'));
    await client.untilSaid('127,0,0,1');
  });
}

function bodyFeatures(world: World): void {
  it('are put together from their pieces, up to one that is the last', async () => {
    const client = world().client();
    const whole = post('/echo', 'a body in pieces');
    await client.say(whole.slice(0, -12), whole.slice(-12, -5), whole.slice(-5));
    await client.untilSaid('a body in pieces');
    await client.say(post('/echo', 'in one'));
    await client.untilAnswers(2);
    expect(world().sample.bodies).toEqual(['a body in pieces', 'in one']);
  });

  it('may come in chunks', async () => {
    const client = world().client();
    const head = get('/echo', 'Transfer-Encoding: chunked').replace('GET', 'POST');
    await client.say(head, '3\r\nabc\r\n', '2\r\nde\r\n0\r\n\r\n');
    await client.untilAnswers(1);
    expect(world().sample.bodies).toEqual(['abcde']);
  });

  it.each(['end', 'write', 'tryEnd'])('of answers are UTF-8, by %s()', async (how) => {
    const client = await asked(world, get(`/text/${how}`));
    await client.untilSaid(Buffer.from(umlauts).toString('latin1'));
    await client.say(get('/plain'));
    await client.untilAnswers(2);
  });

  it('of answers that are empty leave a head all the same', async () => {
    const client = await asked(world, get('/empty'));
    expect(client.text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(client.text).toContain('Content-Length: 0');
    await client.say(get('/plain'));
    await client.untilAnswers(2);
  });

  it('that are absent are empty', async () => {
    await asked(world, get('/echo').replace('GET', 'DELETE'));
    await asked(world, post('/echo', ''));
    expect(world().sample.bodies).toEqual(['', '']);
  });

  it('that are too large are answered before their end, and the connection closed', async () => {
    const client = world().client();
    await client.say(
      post('/limited', '').replace('Length: 0', 'Length: 900000'),
      'x'.repeat(2_000),
    );
    await client.untilSaid('too large');
    expect(client.statuses).toEqual(['413']);
    await client.untilClosed(16_000);
    expect((await asked(world, post('/limited', 'small'))).statuses).toEqual(['200']);
  });
}

function connectionFeatures(world: World): void {
  it('serve one request after the other, also those that came in one packet', async () => {
    const client = world().client();
    await client.say(get('/plain'));
    await client.untilAnswers(1);
    await client.say(get('/things/1') + get('/same') + post('/echo', 'four') + get('/bytes'));
    await client.untilAnswers(5);
    expect(client.statuses).toEqual(['200', '200', '304', '200', '200']);
    await client.untilSaid(Buffer.from('h\u00e9llo').toString('latin1'));
  });

  it('end when a request comes before the answer to the last one (EG2)', async () => {
    const client = world().client();
    await client.say(get('/late'), get('/plain'));
    await client.untilClosed();
    expect(client.statuses).toEqual([]);
    expect(world().sample.aborted).toBe(1);
  });

  it('end after an answer when the client says so, or the server', async () => {
    const client = await asked(world, get('/plain', 'Connection: close'));
    await client.untilClosed();
    const second = world().client();
    await second.say(get('/late'));
    await until(() => world().sample.waiting.length === 1, 'the request came');
    const [res] = world().sample.waiting;
    res.cork(() => void res.writeStatus('200 OK').endWithoutBody(0, true));
    await second.untilAnswers(1);
    await second.untilClosed();
    expect(second.text).toContain('Content-Length: 0');
  });

  it('go on after an offer to speak HTTP/2', async () => {
    const offer = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AA'];
    const client = world().client();
    await client.say(post('/echo', 'an offer', ...offer));
    await client.untilSaid('an offer');
    await client.say(get('/plain'));
    await client.untilAnswers(2);
    expect(client.closed).toBe(false);
  });

  it('end when an offer comes before the answer to the last request (EG2)', async () => {
    const client = world().client();
    await client.say(get('/late'), get('/plain', 'Connection: Upgrade', 'Upgrade: h2c'));
    await client.untilClosed();
    expect(client.statuses).toEqual([]);
    expect(world().sample.aborted).toBe(1);
  });

  it('that are open go on when no new ones are taken', async () => {
    const { sample, client } = world();
    const old = client();
    await old.say(get('/plain'));
    await old.untilAnswers(1);
    sample.stopListening();
    const late = client();
    await late.untilClosed();
    await old.say(get('/plain'));
    await old.untilAnswers(2);
    sample.app.close();
    await old.untilClosed();
  });

  it('are those of one server: the port is not shared', async () => {
    const { sample } = world();
    const second = new SampleApp(sample.edge);
    expect(await second.listen(sample.port)).toBe(false);
    second.stop();
  });
}

function slowFeatures(world: World): void {
  it('are told of as gone, once, and only without an answer', async () => {
    const { sample, client } = world();
    const lost = client();
    await lost.say(get('/late'));
    await until(() => sample.waiting.length === 1, 'the request came');
    lost.close();
    await until(() => sample.aborted === 1, 'its end was told');
    const answered = await asked(world, get('/plain'));
    answered.close();
    const half = client();
    await half.say(post('/echo', 'half').slice(0, -2));
    await asked(world, get('/plain'));
    half.close();
    await until(() => sample.aborted === 2, 'the end of the half one was told');
    expect(sample.aborted).toBe(2);
  });

  it('get a large body as they read it, and no faster', async () => {
    const { sample, client } = world();
    const reader = client();
    await reader.say(get('/large'));
    await reader.untilAnswers(1);
    reader.pause();
    await settled(() => sample.largeOffset);
    expect(sample.largeOffset).toBeLessThan(largeBytes);
    reader.resume();
    await until(() => reader.bytes > largeBytes, 'all of it came', 20_000);
    reader.forget();
    await reader.say(get('/plain'));
    await reader.untilAnswers(1);
    expect(sample.aborted).toBe(0);
  });

  it('hold up a stream, which hears when it may go on', async () => {
    const { sample, client } = world();
    const reader = client();
    await reader.say(get('/stream'));
    await reader.untilAnswers(1);
    reader.pause();
    await settled(() => sample.streamed);
    expect(sample.streamTaken).toBe(false);
    expect(sample.streamed).toBeLessThan(largeBytes);
    reader.resume();
    await until(() => reader.bytes > largeBytes, 'all of it came', 20_000);
    reader.forget();
    await reader.say(get('/plain'));
    await reader.untilAnswers(1);
    expect(sample.streamed).toBeGreaterThanOrEqual(largeBytes);
  });
}

/** Until a number has not changed for a while: the buffers of the machine are full. */
async function settled(read: () => number): Promise<void> {
  let last = -1;
  let sinceMs = performance.now();
  await until(() => {
    if (read() !== last) sinceMs = performance.now();
    last = read();
    return performance.now() - sinceMs > 300;
  }, 'the reader holds the writer up');
}

function wrongFeatures(world: World): void {
  const headers = Array.from({ length: 250 }, (_, i) => `X-H-${i}: ${i}`);
  const forms: Readonly<Record<string, readonly string[]>> = {
    'no HTTP': ['GARBAGE\r\n\r\n'],
    'another version': ['GET /plain HTTP/3.7\r\nHost: x\r\n\r\n'],
    'a negative length': [post('/echo', '').replace('Length: 0', 'Length: -5')],
    'a length that is none': [post('/echo', '').replace('Length: 0', 'Length: 1x')],
    'a length and chunks': [post('/echo', 'abc', 'Transfer-Encoding: chunked')],
    'a head without end': [`GET /plain HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(70_000)}`],
    'more headers than anybody needs': [get('/plain', ...headers)],
    'a head that stops': ['GET /plain HTTP/1.1\r\nHos'],
    'a body that stops': [post('/echo', 'abc').slice(0, -1)],
    nothing: [],
  };

  it('is answered or closed in a bounded time, and nobody else notices (EG6)', async () => {
    const clients = Object.entries(forms).map(([what, pieces]) => {
      const client = world().client();
      return { what, client, said: client.say(...pieces) };
    });
    await Promise.all(clients.map(({ said }) => said));
    const open = (): string[] =>
      clients.flatMap(({ what, client }) =>
        client.closed || client.statuses.length > 0 ? [] : [what],
      );
    await until(
      () => open().length === 0,
      () => `an end came for: ${open().join()}`,
      20_000,
    );
    const good = clients.filter(({ client }) => client.statuses.includes('200'));
    expect(good.map(({ what }) => what).filter((what) => !/more headers/.test(what))).toEqual([]);
    expect(world().sample.bodies).toEqual([]);
    expect((await asked(world, get('/plain'))).statuses).toEqual(['200']);
  }, 40_000);
}
