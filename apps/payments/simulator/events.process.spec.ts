import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import Stripe from 'stripe';

import { silentLog } from '#libs/platform/log.js';
import { until } from '#libs/testing/until.js';

import { orderFaults, orderWeather } from '../testing/simulator-control.js';
import { apiVersion } from './events.js';
import { startStripeSimulator, type StripeSimulator } from './simulator.js';

const secret = 'whsec_simulated';

let folder: string;
let dataFile: string;
let files = 0;
let simulator: StripeSimulator;
let stripe: Stripe;
let base: string;
let listener: Server;
let heard: Stripe.Event[];
/** Statuses that the listener answers first. */
let answers: number[];

/** What the endpoint is subscribed to; null: to all. */
let subscribed: ReadonlySet<string> | null = null;

const open = async (): Promise<void> => {
  const { port } = listener.address() as AddressInfo;
  const webhook = { url: `http://127.0.0.1:${port}/`, secret, types: subscribed };
  simulator = await startStripeSimulator({ port: 0, dataFile, log: silentLog(), webhook });
  base = `http://127.0.0.1:${simulator.port}`;
  stripe = new Stripe('sk_test_simulator', {
    host: '127.0.0.1',
    port: simulator.port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  });
};

const types = (): string[] => heard.map(({ type }) => type);

const pay = (key: string, method: string, returnUrl?: string) =>
  stripe.paymentIntents.create(
    {
      amount: 5_000,
      currency: 'eur',
      capture_method: 'manual',
      confirm: true,
      payment_method: method,
      metadata: { attempt_id: key },
      ...(returnUrl === undefined ? {} : { return_url: returnUrl }),
    },
    { idempotencyKey: key },
  );

function answer(intent: Stripe.PaymentIntent, outcome: string, shown?: string): Promise<Response> {
  return fetch(`${base}/v1/stripe/3d-secure/${intent.id}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ outcome, client_secret: shown ?? intent.client_secret ?? '' }),
  });
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-events-'));
  listener = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const status = answers.shift() ?? 200;
      const signature = request.headers['stripe-signature'] ?? '';
      const event = stripe.webhooks.constructEvent(Buffer.concat(parts), signature, secret);
      if (status === 200) heard.push(event);
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => void listener.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  listener.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  subscribed = null;
  files += 1;
  heard = [];
  answers = [];
  dataFile = path.join(folder, `payments-${files}.log`);
  await open();
});

afterEach(() => simulator.stop());

describe('3-D Secure', () => {
  const back = 'https://tickets.example/paid?order=7';

  it('sends the buyer to a page, and back to where he came from', async () => {
    const intent = await pay('a1', 'pm_card_authenticationRequired', back);
    expect(intent.status).toBe('requires_action');
    const redirect = intent.next_action?.redirect_to_url;
    expect(redirect?.return_url).toBe(back);
    const page = await fetch(new URL(redirect?.url ?? '', base));
    expect(await page.text()).toContain('EUR 50.00');
    const answered = await answer(intent, 'complete');
    expect(answered.status).toBe(303);
    const location = new URL(answered.headers.get('location') ?? '');
    expect(location.searchParams.get('order')).toBe('7');
    expect(location.searchParams.get('payment_intent')).toBe(intent.id);
    expect(location.searchParams.get('redirect_status')).toBe('succeeded');
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('requires_capture');
  });

  it('that fails leaves an intent without a card', async () => {
    const intent = await pay('a2', 'pm_card_threeDSecure2Required');
    expect(intent.next_action?.type).toBe('use_stripe_sdk');
    expect((await answer(intent, 'fail')).status).toBe(200);
    const failed = await stripe.paymentIntents.retrieve(intent.id);
    expect(failed.status).toBe('requires_payment_method');
    expect(failed.last_payment_error?.code).toBe('payment_intent_authentication_failure');
    // An answer counts once.
    await answer(intent, 'complete');
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe(failed.status);
  });

  it('may be passed with a card that is declined then', async () => {
    const method = 'pm_card_authenticationRequiredChargeDeclinedInsufficientFunds';
    const intent = await pay('a3', method);
    await answer(intent, 'complete');
    const declined = await stripe.paymentIntents.retrieve(intent.id);
    expect(declined.last_payment_error?.decline_code).toBe('insufficient_funds');
  });

  it('is shown to nobody without the secret', async () => {
    const intent = await pay('a4', 'pm_card_threeDSecureRequired');
    expect((await answer(intent, 'complete', 'pi_wrong')).status).toBe(404);
    expect((await fetch(`${base}/v1/stripe/3d-secure/${intent.id}`)).status).toBe(404);
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('requires_action');
  });

  it('is still asked after a restart', async () => {
    const intent = await pay('a5', 'pm_card_authenticationRequired', back);
    await simulator.stop();
    await open();
    expect((await answer(intent, 'complete')).status).toBe(303);
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('requires_capture');
  });
});

describe('webhooks', () => {
  it('are of the version that the SDK pins', async () => {
    expect(stripe.getApiField('version')).toBe(apiVersion);
    const intent = await pay('b1', 'pm_card_visa');
    expect(intent.lastResponse.apiVersion).toBe(apiVersion);
    await until(
      () => heard.length === 3,
      () => types().join(),
    );
    expect(heard.every((event) => event.api_version === apiVersion)).toBe(true);
    expect(heard.every((event) => event.request?.idempotency_key === 'b1')).toBe(true);
  });

  it('tell every step, signed as Stripe signs', async () => {
    const paid = await pay('b2', 'pm_card_authenticationRequired');
    await answer(paid, 'complete');
    await stripe.paymentIntents.capture(paid.id);
    await pay('b3', 'pm_card_chargeDeclined').catch(() => null);
    const dropped = await pay('b4', 'pm_card_visa');
    await stripe.paymentIntents.cancel(dropped.id);
    const told = [
      'payment_intent.created',
      'payment_intent.requires_action',
      'payment_intent.amount_capturable_updated',
      'charge.succeeded',
      'payment_intent.succeeded',
      'charge.captured',
      'payment_intent.created',
      'payment_intent.payment_failed',
      'charge.failed',
      'payment_intent.created',
      'payment_intent.amount_capturable_updated',
      'charge.succeeded',
      'payment_intent.canceled',
    ];
    await until(
      () => heard.length === told.length,
      () => types().join(),
    );
    expect(types().sort()).toEqual(told.sort());
    expect(new Set(heard.map(({ id }) => id)).size).toBe(told.length);
  });

  it('are those that the endpoint is subscribed to', async () => {
    await simulator.stop();
    subscribed = new Set(['payment_intent.succeeded']);
    await open();
    for (const key of ['b5', 'b6']) {
      await stripe.paymentIntents.capture((await pay(key, 'pm_card_visa')).id);
    }
    await until(
      () => heard.length === 2,
      () => types().join(),
    );
    expect(types()).toEqual(['payment_intent.succeeded', 'payment_intent.succeeded']);
  });

  it('come again until somebody takes them, under the same id', async () => {
    answers = [500, 400, 500];
    await pay('c1', 'pm_card_visa');
    await until(
      () => heard.length === 3,
      () => types().join(),
    );
    expect(answers).toEqual([]);
    expect(new Set(heard.map(({ id }) => id)).size).toBe(3);
  });

  it('come after a restart, if nobody took them before', async () => {
    answers = Array<number>(100).fill(503);
    await pay('c2', 'pm_card_visa');
    await until(
      () => answers.length <= 97,
      () => types().join(),
    );
    await simulator.stop();
    answers = [];
    await open();
    await until(
      () => new Set(heard.map(({ id }) => id)).size === 3,
      () => types().join(),
    );
  });

  it('come several times, or never, when that is ordered', async () => {
    await orderWeather(base, { copies: 3, delay_ms_max: 20 });
    await pay('d1', 'pm_card_visa');
    await until(
      () => heard.length === 9,
      () => types().join(),
    );
    await orderWeather(base, { loss: 1 });
    await pay('d2', 'pm_card_visa');
    await orderWeather(base, {});
    const last = await pay('d3', 'pm_card_visa');
    await until(
      () => heard.length === 12,
      () => types().join(),
    );
    const about = heard.slice(9).map(({ data }) => data.object as Stripe.PaymentIntent);
    expect(about.every(({ metadata }) => metadata.attempt_id === 'd3')).toBe(true);
    expect(last.status).toBe('requires_capture');
  });

  it('may be there before the answer that they tell of', async () => {
    const fault = { kind: 'late_answer', latency_ms: 60_000 };
    await orderFaults(base, [fault]);
    const answered = pay('e1', 'pm_card_visa').then(
      () => 'answered',
      () => 'cut',
    );
    await until(
      () => heard.length === 3,
      () => types().join(),
    );
    expect(types()).toContain('payment_intent.amount_capturable_updated');
    await simulator.stop();
    await answered;
    await open();
  });
});
