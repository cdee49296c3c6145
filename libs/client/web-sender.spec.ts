import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import { ServerClock } from './server-clock.js';
import { webSender, type Fetch, type FetchedAnswer } from './web-sender.js';

describe('a sending over fetch', () => {
  const time = new VirtualClock(Date.parse('2027-03-01T19:30:00Z'));
  const nowMs = () => time.nowMs();
  const date = 'Mon, 01 Mar 2027 20:30:00 GMT';

  const setUp = (fetch: Fetch) => {
    const clock = new ServerClock(nowMs);
    const ports = { fetch, after: time.after.bind(time), nowMs, clock };
    return { clock, send: webSender('https://a.example', ports, 8_000) };
  };
  const told = (headers: Record<string, string>, text = '{}'): FetchedAnswer => ({
    status: 200,
    headers: { get: (name) => headers[name] ?? null },
    text: () => Promise.resolve(text),
  });

  it('says the request in full, and reads status, body and headers', async () => {
    const said: unknown[] = [];
    const { send } = setUp((url, { method, headers, body }) => {
      said.push([url, method, headers, body]);
      return Promise.resolve(told({ 'x-total-count': '7' }, '[1]'));
    });
    const request = {
      method: 'POST',
      path: '/v1/x',
      token: 't',
      key: 'k',
      body: { a: 1 },
    } as const;
    expect(await send(request)).toMatchObject({ status: 200, body: [1], total: 7 });
    expect(said).toEqual([
      [
        'https://a.example/v1/x',
        'POST',
        {
          accept: 'application/json',
          'content-type': 'application/json',
          authorization: 'Bearer t',
          'idempotency-key': 'k',
        },
        '{"a":1}',
      ],
    ]);
  });

  it.each([
    ['a broken connection', () => Promise.reject(new Error('reset'))],
    ['a body that is cut', () => Promise.resolve(told({}, '{"a":'))],
  ])('has no answer after %s', async (_what, fetch) => {
    expect(await setUp(fetch).send({ method: 'GET', path: '/' })).toBeNull();
  });

  it('waits no longer than its time', async () => {
    const { send } = setUp(
      (_url, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')));
        }),
    );
    const answer = send({ method: 'GET', path: '/' });
    await time.advance(8_000);
    expect(await answer).toBeNull();
  });

  it.each([
    ['POST', {}, true],
    ['GET', { 'cache-control': 'no-store' }, true],
    ['GET', { 'cache-control': 'public, max-age=31536000' }, false],
  ] as const)('learns the time of a %s %j: %j', async (method, headers, learns) => {
    const { clock, send } = setUp(() => Promise.resolve(told({ date, ...headers })));
    await send({ method, path: '/' });
    expect(clock.known).toBe(learns);
    expect(clock.nowMs()).toBe(learns ? Date.parse(date) : nowMs());
  });
});
