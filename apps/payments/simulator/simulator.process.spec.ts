import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import Stripe from 'stripe';

import { systemClock } from '#libs/platform/clock.js';
import { silentLog } from '#libs/platform/log.js';

import { eventually } from '../testing/audit.js';
import { orderFaults, readLedger } from '../testing/simulator-control.js';
import { startStripeSimulator, type StripeSimulator } from './simulator.js';

let folder: string;
let simulator: StripeSimulator;
let stripe: Stripe;
let base: string;
let files = 0;
let dataFile: string;
/** Of the simulator's clock. */
let aheadMs = 0;

const open = async (): Promise<void> => {
  const clock = { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs };
  simulator = await startStripeSimulator({ port: 0, dataFile, log: silentLog(), clock });
  base = `http://127.0.0.1:${simulator.port}`;
  stripe = new Stripe('sk_test_simulator', {
    host: '127.0.0.1',
    port: simulator.port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  });
};

const authorise = (key: string, method = 'pm_card_visa', amount = 5_000) =>
  stripe.paymentIntents.create(
    {
      amount,
      currency: 'eur',
      capture_method: 'manual',
      confirm: true,
      payment_method: method,
      metadata: { attempt_id: key },
    },
    { idempotencyKey: key },
  );

const failureOf = async (request: Promise<unknown>): Promise<Stripe.errors.StripeError> => {
  const outcome = await request.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(outcome instanceof Stripe.errors.StripeError))
    throw new Error('a StripeError was expected');
  return outcome;
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-stripe-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  files += 1;
  aheadMs = 0;
  dataFile = path.join(folder, `payments-${files}.log`);
  await open();
});

afterEach(() => simulator.stop());

describe('an intent with manual capture', () => {
  it('is authorised, captured once, and then neither captured nor cancelled again', async () => {
    const intent = await authorise('a1');
    expect(intent.status).toBe('requires_capture');
    expect(intent.amount_capturable).toBe(5_000);
    expect(intent.metadata).toEqual({ attempt_id: 'a1' });
    expect(intent.lastResponse.requestId).toMatch(/^req_/);

    const captured = await stripe.paymentIntents.capture(intent.id, {}, { idempotencyKey: 'c1' });
    expect(captured.status).toBe('succeeded');
    expect(captured.amount_received).toBe(5_000);

    const again = await failureOf(stripe.paymentIntents.capture(intent.id));
    expect(again.code).toBe('payment_intent_unexpected_state');
    expect(again.payment_intent?.status).toBe('succeeded');
    const cancelled = await failureOf(stripe.paymentIntents.cancel(intent.id));
    expect(cancelled.code).toBe('payment_intent_unexpected_state');
    expect(await readLedger(base)).toMatchObject({ authorised: 5_000, captured: 5_000, voided: 0 });
  });

  it('gives the money back when it is cancelled before the capture', async () => {
    const intent = await authorise('a1');
    const cancelled = await stripe.paymentIntents.cancel(intent.id);
    expect(cancelled.status).toBe('canceled');
    expect(await readLedger(base)).toMatchObject({ authorised: 5_000, captured: 0, voided: 5_000 });
  });

  it('can be created first and confirmed later with a payment method', async () => {
    const created = await stripe.paymentIntents.create({ amount: 700, currency: 'usd' });
    expect(created.status).toBe('requires_payment_method');
    const confirmed = await stripe.paymentIntents.confirm(created.id, {
      payment_method: 'pm_card_mastercard',
    });
    expect(confirmed.status).toBe('succeeded');
    const charge = await stripe.charges.retrieve(confirmed.latest_charge as string);
    expect(charge.payment_method_details?.card?.brand).toBe('mastercard');
  });

  it('is refunded in parts, never beyond what was captured', async () => {
    const intent = await authorise('a1');
    await stripe.paymentIntents.capture(intent.id);
    const part = await stripe.refunds.create({ payment_intent: intent.id, amount: 2_000 });
    expect(part.amount).toBe(2_000);
    const tooMuch = await failureOf(
      stripe.refunds.create({ payment_intent: intent.id, amount: 4_000 }),
    );
    expect(tooMuch.statusCode).toBe(400);
    await stripe.refunds.create({ payment_intent: intent.id });
    const empty = await failureOf(stripe.refunds.create({ payment_intent: intent.id }));
    expect(empty.code).toBe('charge_already_refunded');
    expect(await readLedger(base)).toMatchObject({ captured: 5_000, refunded: 5_000 });
  });
});

describe("Stripe's test payment methods", () => {
  it.each([
    ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', 'expired_card'],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', 'incorrect_cvc'],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', 'processing_error'],
  ])('%s is declined with %s / %s', async (method, code, declineCode) => {
    const error = await failureOf(authorise('d1', method));
    expect(error).toBeInstanceOf(Stripe.errors.StripeCardError);
    expect(error.statusCode).toBe(402);
    expect(error.code).toBe(code);
    expect(error.decline_code).toBe(declineCode);
    expect(error.payment_method?.card?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(error.payment_intent?.status).toBe('requires_payment_method');
    expect((await readLedger(base)).authorised).toBe(0);
  });

  it('asks for authentication with pm_card_authenticationRequired', async () => {
    const intent = await authorise('d1', 'pm_card_authenticationRequired');
    expect(intent.status).toBe('requires_action');
    expect(intent.next_action?.type).toBe('use_stripe_sdk');
  });

  it('does not know other payment methods, and does not create the intent', async () => {
    const error = await failureOf(authorise('d1', 'pm_nobody'));
    expect(error.statusCode).toBe(400);
    expect(error.code).toBe('resource_missing');
    expect(error.param).toBe('payment_method');
    expect((await readLedger(base)).intents).toHaveLength(0);
  });
});

describe('a bank that takes its time', () => {
  const until = (id: string, status: string) =>
    eventually(
      () => stripe.paymentIntents.retrieve(id),
      (intent) => intent.status === status,
    );

  it('is processing, neither cancelled nor captured, and then decides by itself', async () => {
    await orderFaults(base, [{ kind: 'processing', latency_ms: 300 }]);
    const intent = await authorise('p1');
    expect(intent).toMatchObject({ status: 'processing', amount_capturable: 0 });
    for (const hurry of ['cancel', 'capture'] as const) {
      const error = await failureOf(stripe.paymentIntents[hurry](intent.id));
      expect(error.code).toBe('payment_intent_unexpected_state');
      expect(error.payment_intent?.status).toBe('processing');
    }
    expect((await readLedger(base)).authorised).toBe(0);
    expect((await until(intent.id, 'requires_capture')).amount_capturable).toBe(5_000);
    expect((await readLedger(base)).authorised).toBe(5_000);
    // The key keeps its first answer, whatever came of it.
    expect((await authorise('p1')).status).toBe('processing');
  });

  it('has test payment methods of its own', async () => {
    await orderFaults(base, [{ kind: 'processing', latency_ms: 200 }]);
    const slowTwice = await authorise('p0', 'pm_card_processing');
    const approved = await authorise('p1', 'pm_card_processing');
    const refused = await authorise('p2', 'pm_card_processingDeclined');
    expect([approved.status, refused.status]).toEqual(['processing', 'processing']);
    const declined = await until(refused.id, 'requires_payment_method');
    expect(declined.last_payment_error?.decline_code).toBe('generic_decline');
    expect((await until(approved.id, 'requires_capture')).amount_capturable).toBe(5_000);
    expect((await until(slowTwice.id, 'requires_capture')).amount_capturable).toBe(5_000);
  });

  it('decides over a restart too', async () => {
    await orderFaults(base, [{ kind: 'processing', latency_ms: 200 }]);
    const intent = await authorise('p1');
    await simulator.stop();
    await open();
    expect((await until(intent.id, 'requires_capture')).amount_capturable).toBe(5_000);
  });
});

describe('an idempotency key', () => {
  it('replays the first answer, and has one effect', async () => {
    const first = await authorise('k1');
    const second = await authorise('k1');
    expect(second.id).toBe(first.id);
    expect(second.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect((await readLedger(base)).intents).toHaveLength(1);
  });

  it('replays a decline even when the card would be accepted now', async () => {
    const first = await failureOf(authorise('k1', 'pm_card_chargeDeclined'));
    const second = await failureOf(authorise('k1', 'pm_card_chargeDeclined'));
    expect(second.payment_intent?.id).toBe(first.payment_intent?.id);
    expect((await readLedger(base)).intents).toHaveLength(1);
  });

  it('is refused with other parameters', async () => {
    await authorise('k1');
    const error = await failureOf(authorise('k1', 'pm_card_visa', 6_000));
    expect(error).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
    expect(error.statusCode).toBe(400);
  });

  it('is in use while its first request runs', async () => {
    await orderFaults(base, [{ kind: 'latency', latency_ms: 300 }]);
    const first = authorise('k1');
    const answers = await Promise.allSettled([first, authorise('k1')]);
    const refused = answers.filter((answer) => answer.status === 'rejected');
    expect(refused).toHaveLength(1);
    expect(refused[0].reason).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
  });

  it('is still unused after parameters that make no sense', async () => {
    expect((await failureOf(authorise('k1', 'pm_card_visa', 5))).code).toBe('amount_too_small');
    expect((await authorise('k1')).status).toBe('requires_capture');
  });

  it('is forgotten after a day', async () => {
    const first = await authorise('k1');
    aheadMs = 23 * 3_600_000;
    expect((await authorise('k1')).id).toBe(first.id);
    aheadMs = 25 * 3_600_000;
    expect((await authorise('k1')).id).not.toBe(first.id);
  });

  it('keeps a 500 of the provider, with the effect it had', async () => {
    await orderFaults(base, [{ kind: 'error_after', operation: 'payment_intents.create' }]);
    expect((await failureOf(authorise('k1'))).statusCode).toBe(500);
    const replayed = await failureOf(authorise('k1'));
    expect(replayed.statusCode).toBe(500);
    expect(replayed.headers?.['idempotent-replayed']).toBe('true');
    expect((await readLedger(base)).authorised).toBe(5_000);
  });
});

describe('faults', () => {
  it('cut the connection after the effect, which the same key then tells', async () => {
    await orderFaults(base, [{ kind: 'drop_after', times: 2 }]);
    const error = await failureOf(authorise('f1'));
    expect(error).toBeInstanceOf(Stripe.errors.StripeConnectionError);
    const intent = await authorise('f1');
    expect(intent.status).toBe('requires_capture');
    expect((await readLedger(base)).intents).toHaveLength(1);
  });

  it.each([
    ['rate_limit', 429, 'rate_limit'],
    ['lock_timeout', 429, 'lock_timeout'],
    ['key_in_use', 409, 'idempotency_key_in_use'],
  ])('of the kind %s do nothing and keep no answer', async (kind, statusCode, code) => {
    await orderFaults(base, [{ kind }]);
    expect(await failureOf(authorise('f1'))).toMatchObject({ statusCode, code });
    expect((await authorise('f1')).status).toBe('requires_capture');
  });

  it('are refused when they are not readable', async () => {
    const answer = await fetch(`${base}/_simulator/faults`, {
      method: 'POST',
      body: '{"faults":[{"kind":"earthquake"}]}',
    });
    expect(answer.status).toBe(400);
  });
});

describe('a simulator with a key of its own', () => {
  it('pays for, shows its books to and takes orders from those alone who show it', async () => {
    await simulator.stop();
    const key = 'sk_test_ofthishouse';
    simulator = await startStripeSimulator({ port: 0, dataFile, log: silentLog(), key });
    base = `http://127.0.0.1:${simulator.port}`;
    const ask = async (path: string, authorization: string, body?: string): Promise<number> => {
      const method = body === undefined ? 'GET' : 'POST';
      const headers = { authorization };
      return (await fetch(`${base}${path}`, { method, headers, body: body ?? null })).status;
    };
    const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
    const statuses = async (authorization: string): Promise<number[]> => [
      await ask('/_simulator/ledger', authorization),
      await ask('/_simulator/nothing', authorization),
      await ask('/_simulator/faults', authorization, '{"faults":[]}'),
      await ask('/v1/payment_intents/pi_none', authorization),
    ];
    for (const shown of ['', 'Bearer sk_test_other', `Bearer ${key}s`, basic(`x:${key}`)]) {
      expect([shown, await statuses(shown)]).toEqual([shown, [401, 401, 401, 401]]);
    }
    for (const shown of [`Bearer ${key}`, basic(`${key}:`)]) {
      expect(await statuses(shown)).toEqual([200, 404, 200, 404]);
    }
  });
});

describe('bad requests', () => {
  it('need a key, a known path, an amount and a currency', async () => {
    const noKey = await fetch(`${base}/v1/payment_intents`);
    expect(noKey.status).toBe(401);
    const headers = { authorization: 'Bearer sk_test_x' };
    expect((await fetch(`${base}/v1/nothing`, { headers })).status).toBe(404);
    const post = async (body: string) => {
      const answer = await fetch(`${base}/v1/payment_intents`, { method: 'POST', headers, body });
      return (await answer.json()) as { error: { param?: string; code?: string } };
    };
    expect((await post('currency=eur')).error.param).toBe('amount');
    expect((await post('amount=500')).error.param).toBe('currency');
    expect((await post('amount=5.5&currency=eur')).error.param).toBe('amount');
    expect((await post('amount=10&currency=eur')).error.code).toBe('amount_too_small');
    expect((await readLedger(base)).intents).toHaveLength(0);
  });

  it('say which intent is missing', async () => {
    const error = await failureOf(stripe.paymentIntents.retrieve('pi_missing'));
    expect(error.statusCode).toBe(404);
    expect(error.code).toBe('resource_missing');
  });
});

describe('the list of intents', () => {
  it('has pages of a hundred at most', async () => {
    const error = await failureOf(stripe.paymentIntents.list({ limit: 101 }));
    expect(error.param).toBe('limit');
  });

  it('is newest first and pages through all of them', async () => {
    const made: string[] = [];
    for (let index = 0; index < 5; index += 1) made.unshift((await authorise(`l${index}`)).id);
    const first = await stripe.paymentIntents.list({ limit: 2 });
    expect(first.has_more).toBe(true);
    const seen: string[] = [];
    for await (const intent of stripe.paymentIntents.list({ limit: 2 })) seen.push(intent.id);
    expect(seen).toEqual(made);
  });
});

describe('the data file', () => {
  it('brings back intents and idempotent answers, and loses only a torn last line', async () => {
    const intent = await authorise('r1');
    await simulator.stop();
    await appendFile(dataFile, '{"intents":[{"id":"pi_to');
    await open();
    expect((await authorise('r1')).id).toBe(intent.id);
    const captured = await stripe.paymentIntents.capture(intent.id);
    expect(captured.status).toBe('succeeded');
    await simulator.stop();
    await open();
    expect(await readLedger(base)).toMatchObject({ authorised: 5_000, captured: 5_000 });
    expect((await readFile(dataFile, 'utf8')).endsWith('\n')).toBe(true);
  });

  it('is refused when it is damaged in the middle', async () => {
    await simulator.stop();
    await appendFile(dataFile, 'garbage\n{}\n');
    const opening = startStripeSimulator({ port: 0, dataFile, log: silentLog() });
    await expect(opening).rejects.toThrow('damaged at line 1');
    dataFile = `${dataFile}.fresh`;
    await open();
  });
});
