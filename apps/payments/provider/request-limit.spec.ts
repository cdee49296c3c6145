import { beforeEach, describe, expect, it } from '@jest/globals';
import Stripe from 'stripe';

import { limits } from '#libs/contracts/limits.js';
import { silentLog } from '#libs/platform/log.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import { RequestLimit } from './request-limit.js';

const { providerRestMsMin: first, providerRestMsMax: most, providerQuietMs: quiet } = limits;

const said = (statusCode: number, more: object = {}): unknown =>
  Object.assign(new Stripe.errors.StripeRateLimitError({ message: '' }), {
    ...{ statusCode, code: 'rate_limit', headers: {} },
    ...more,
  });
const tooOften = said(429);
const after = (seconds: string): unknown => said(429, { headers: { 'retry-after': seconds } });

let clock: VirtualClock;
let limit: RequestLimit;

beforeEach(() => {
  clock = new VirtualClock();
  limit = new RequestLimit(clock, silentLog());
});

/** What it has to wait after it was told so again and again, as soon as each rest is over. */
async function rests(times: number): Promise<number[]> {
  const all: number[] = [];
  for (let i = 0; i < times; i++) {
    limit.note(tooOften);
    all.push(limit.waitMs());
    await clock.advance(limit.waitMs());
  }
  return all;
}

describe('what the provider says when it is asked too often', () => {
  it('has what nobody waits for rest, twice as long each time within a bound', async () => {
    expect(limit.waitMs()).toBe(0);
    const all = await rests(8);
    expect(all.slice(0, 3)).toEqual([first, 2 * first, 4 * first]);
    expect(all.at(-1)).toBe(most);
    expect(limit.waitMs()).toBe(0);
  });

  it('is forgotten after a quiet time', async () => {
    await rests(3);
    await clock.advance(quiet);
    expect(await rests(1)).toEqual([first]);
  });

  it('is one rest, however many requests were under way', async () => {
    for (let i = 0; i < 16; i++) limit.note(tooOften);
    expect(limit.waitMs()).toBe(first);
    await clock.advance(first / 2);
    limit.note(tooOften);
    expect(limit.waitMs()).toBe(first);
  });

  it('is heard where it names a time, within the bound', () => {
    limit.note(after('7'));
    expect(limit.waitMs()).toBe(7_000);
    limit.note(after('Wed, 21 Oct 2026 07:28:00 GMT'));
    expect(limit.waitMs()).toBe(7_000);
    limit.note(after('86400'));
    expect(limit.waitMs()).toBe(most);
  });

  it('is another thing than an object in use, an outage and a card that is declined', () => {
    limit.note(said(429, { code: 'lock_timeout' }));
    limit.note(said(500));
    limit.note(said(402));
    limit.note(new Error('socket hang up'));
    expect(limit.waitMs()).toBe(0);
  });
});
