import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import { readAnswer, RestClient, type ApiAnswer, type ApiRequest } from './rest-client.js';

const hold: ApiRequest = { method: 'POST', path: '/v1/reservations', key: 'k1', body: {} };

const answer = (status: number, code: string | null = null, retryAfterMs: number | null = null) =>
  ({ status, body: null, code, retryAfterMs, total: null }) as ApiAnswer;

/** Runs `hold` against a gateway that answers by the script; the last answer is given for ever. */
async function settle(script: readonly (ApiAnswer | null)[], random = 0.5) {
  const clock = new VirtualClock();
  const sent: { readonly atMs: number; readonly key: string | undefined }[] = [];
  const client = new RestClient({
    send: ({ key }) => {
      const next = script[Math.min(sent.length, script.length - 1)];
      sent.push({ atMs: clock.monotonicMs(), key });
      return Promise.resolve(next);
    },
    pause: (ms) => new Promise<void>((resolve) => void clock.after(ms, resolve)),
    now: () => clock.monotonicMs(),
    random: () => random,
  });
  const settled = client.settle(hold);
  await clock.advance(60_000);
  return { settled: await settled, client, sent, atMs: sent.map(({ atMs }) => atMs) };
}

describe('a REST client', () => {
  it('takes the first answer that says what happened', async () => {
    for (const status of [200, 201, 202, 400, 402, 404, 409]) {
      const { settled, client } = await settle([answer(status)]);
      expect(settled.answer?.status).toBe(status);
      expect(client.sent).toBe(1);
    }
  });

  it('repeats under the same key what may or may not have happened (G4)', async () => {
    const { settled, client, sent, atMs } = await settle([
      null,
      answer(503, 'outcome_unknown'),
      answer(409, 'payment_in_progress'),
      answer(201),
    ]);
    expect(settled.answer?.status).toBe(201);
    expect(sent.map(({ key }) => key)).toEqual(['k1', 'k1', 'k1', 'k1']);
    expect(atMs).toEqual([0, 50, 150, 350]);
    expect(client.tally).toEqual({ brokenConnections: 1, unavailable: 2, slowedDown: 0 });
  });

  it.each([
    [0, 2_000],
    [0.5, 2_500],
  ])('is never back before the time it was told (drawn %d: after %d ms)', async (drawn, backMs) => {
    const { atMs, client } = await settle([answer(429, 'rate_limited', 2_000), answer(201)], drawn);
    expect(atMs).toEqual([0, backMs]);
    expect(client.tally.slowedDown).toBe(1);
  });

  it('says that it does not know when no answer comes in time (G8)', async () => {
    const { settled, atMs } = await settle([null]);
    expect(settled.answer).toBeNull();
    expect(settled.answeredAtMs).toBeLessThanOrEqual(25_000);
    expect(Math.max(...atMs)).toBeGreaterThan(23_000);
  });
});

const headers =
  (retryAfter: string | null, total: string | null = null) =>
  (name: string) =>
    ({ 'retry-after': retryAfter, 'x-total-count': total })[name] ?? null;

describe('an answer', () => {
  it('tells code and time of its error, the exact time rather than the header', () => {
    const body = '{"error":{"code":"overloaded","retry_after_ms":40}}';
    expect(readAnswer(503, body, headers('1'))).toMatchObject({
      code: 'overloaded',
      retryAfterMs: 40,
    });
  });

  it('tells the time of its header when it has no other', () => {
    expect(readAnswer(503, '', headers('2'))).toMatchObject({
      body: null,
      code: null,
      retryAfterMs: 2_000,
    });
    expect(readAnswer(201, '{}', headers(null)).retryAfterMs).toBeNull();
    expect(readAnswer(503, '', headers('Wed, 21 Oct 2027 07:28:00 GMT')).retryAfterMs).toBeNull();
  });

  it('tells how many there are of a list', () => {
    expect(readAnswer(200, '[]', headers(null, '31')).total).toBe(31);
    expect(readAnswer(200, '[]', headers(null)).total).toBeNull();
  });
});
