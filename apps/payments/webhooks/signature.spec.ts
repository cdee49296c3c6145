import { describe, expect, it } from '@jest/globals';
import Stripe from 'stripe';

import { newsOf } from './stripe-events.js';
import { signatureProblem } from './signature.js';

const nowMs = 1_800_000_000_000;
const nowSeconds = nowMs / 1_000;
const secret = 'whsec_one';
const text = JSON.stringify({
  id: 'evt_1',
  object: 'event',
  type: 'payment_intent.succeeded',
  created: nowSeconds,
  data: { object: { object: 'payment_intent', id: 'pi_1', metadata: { attempt_id: 'att_1' } } },
});
const body = Buffer.from(text);

const stripe = new Stripe('sk_test_1');
const signed = (timestamp = nowSeconds, by = secret, payload = text): string =>
  stripe.webhooks.generateTestHeaderString({ payload, secret: by, timestamp });

const problem = (header: string, of: Uint8Array = body, secrets = [secret]) =>
  signatureProblem(of, header, secrets, nowMs);

describe('a webhook', () => {
  it('is Stripe’s when the SDK signed it, with either secret while one is replaced', () => {
    expect(problem(signed())).toBeNull();
    const both = ['whsec_new', secret];
    expect(problem(signed(), body, both)).toBeNull();
    expect(problem(signed(nowSeconds, 'whsec_new'), body, both)).toBeNull();
    expect(problem(`${signed()},v1=${'0'.repeat(64)},v0=abc`)).toBeNull();
  });

  it.each<[string, string | null, string]>([
    ['without a signature', '', 'missing'],
    ['with rubbish', 'rubbish', 'malformed'],
    ['with two times', `${signed()},t=1`, 'malformed'],
    ['with a time that is none', signed().replace(/t=\d+/, 't=-1'), 'malformed'],
    ['with more marks than anybody has secrets', `${signed()}${',v1=0'.repeat(8)}`, 'malformed'],
    ['of an old scheme alone', signed().replace('v1=', 'v0='), 'malformed'],
    ['of six minutes ago', signed(nowSeconds - 360), 'too_old'],
    ['of two minutes ahead', signed(nowSeconds + 120), 'from_the_future'],
    ['of another secret', signed(nowSeconds, 'whsec_two'), 'wrong'],
    ['of another body', signed(nowSeconds, secret, `${text} `), 'wrong'],
    ['with a time that was changed', signed().replace(/t=\d+/, `t=${nowSeconds - 1}`), 'wrong'],
  ])('%s is not', (_name, header, why) => {
    expect(problem(header ?? '')).toBe(why);
  });

  it('is never Stripe’s when there is no secret', () => {
    expect(problem(signed(nowSeconds, ''), body, [])).toBe('wrong');
  });

  it('is judged by its bytes: another space is another body', () => {
    expect(problem(signed(), Buffer.from(JSON.stringify(JSON.parse(text), null, 1)))).toBe('wrong');
  });
});

describe('the news of a webhook', () => {
  it('is of which attempt there is news', () => {
    expect(newsOf(body)).toEqual({
      eventId: 'evt_1',
      type: 'payment_intent.succeeded',
      attemptId: 'att_1',
      refundId: null,
      disputeId: null,
      createdAtMs: nowMs,
    });
  });

  it('is of which dispute there is news, by its id, and of none that cannot be', () => {
    const about = (id: string) =>
      newsOf(Buffer.from(text.replace('pi_1', id).replace('payment_intent.succeeded', type)));
    const type = 'charge.dispute.created';
    expect(about('du_1')).toMatchObject({ type, disputeId: 'du_1' });
    expect(about('dp_1')).toMatchObject({ disputeId: 'dp_1' });
    expect(about('du_1 x')).toMatchObject({ disputeId: null });
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['no object', '[]'],
    ['null', 'null'],
    ['another object', '{"object":"charge","id":"evt_1","type":"a","created":1}'],
    ['an id that is none', text.replace('evt_1', 'evt_1\\u0000')],
    ['a type that is none', text.replace('payment_intent.succeeded', "x'; DROP")],
    ['a time that is none', text.replace(String(nowSeconds), '"now"')],
    ['a mark before it', `\uFEFF${text}`],
  ])('is none in %s', (_name, bad) => {
    expect(newsOf(Buffer.from(bad))).toBeNull();
  });

  it.each([
    ['without data', text.replace('"data"', '"date"')],
    ['without metadata', text.replace('"metadata"', '"meta"')],
    ['of an attempt that is none of ours', text.replace('att_1', 'order-7')],
    ['with metadata that is no text', text.replace('"att_1"', '{"a":1}')],
  ])('%s is of no attempt', (_name, other) => {
    expect(newsOf(Buffer.from(other))).toMatchObject({ eventId: 'evt_1', attemptId: null });
  });
});
