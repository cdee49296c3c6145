import { afterEach, describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';

import { startHarness, type Harness, type Reply } from '../testing/harness.js';

describe('admission', () => {
  let harness: Harness;

  afterEach(() => harness.stop());

  const many = (count: number, call: () => Promise<Reply>): Promise<Reply[]> =>
    Promise.all(Array.from({ length: count }, call));

  const ofStatus = (replies: readonly Reply[], status: number): Reply[] =>
    replies.filter((reply) => reply.status === status);

  it('limits an address by default, and says when to come back', async () => {
    harness = await startHarness({ config: { HOLDFAST_LOOPBACK_UNLIMITED: false } });
    const replies = await many(400, () => harness.call('GET', '/v1/events'));
    const refused = ofStatus(replies, 429);
    expect(refused.length).toBeGreaterThan(50);
    expect(refused[0].code).toBe('rate_limited');
    expect(refused[0].headers.get('retry-after')).toBe('1');
    expect(Number(refused[0].error.retry_after_ms)).toBeGreaterThan(0);
    expect((await harness.call('GET', '/livez')).status).toBe(200);
  });

  it('makes identities dearer than requests', async () => {
    harness = await startHarness({ config: { HOLDFAST_LOOPBACK_UNLIMITED: false } });
    const replies = await many(60, () => harness.call('POST', '/v1/sessions'));
    const given = ofStatus(replies, 201).length;
    expect(given).toBeGreaterThanOrEqual(20);
    expect(given).toBeLessThan(40);
  });

  it('limits a user wherever the requests come from', async () => {
    harness = await startHarness();
    const { token } = await harness.session();
    const path = '/v1/reservations/rsv_show1_aaaaaaaaaaaaaaaaaaaa';
    const count = limits.userRequestsBurst * 3;
    const replies = await many(count, () => harness.call('GET', path, { token }));
    expect(ofStatus(replies, 429).length).toBeGreaterThan(0);
    const other = await harness.session();
    expect((await harness.call('GET', path, { token: other.token })).status).toBe(404);
  });

  it('charges the requests of a known user to the address too', async () => {
    harness = await startHarness({ config: { HOLDFAST_LOOPBACK_UNLIMITED: false } });
    const sessions = await many(8, () => harness.call('POST', '/v1/sessions'));
    const tokens = sessions.map(({ json }) => String(json.token));
    const path = '/v1/reservations/rsv_show1_aaaaaaaaaaaaaaaaaaaa';
    let i = 0;
    const call = (): Promise<Reply> => harness.call('GET', path, { token: tokens[i++ % 8] });
    const refused = ofStatus(await many(400, call), 429);
    expect(refused.length).toBeGreaterThan(50);
  });

  it('leaves loopback alone when it is told to', async () => {
    harness = await startHarness();
    const replies = await many(400, () => harness.call('GET', '/v1/events'));
    expect(ofStatus(replies, 200)).toHaveLength(400);
  });
});
