import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';

import { systemClock } from '#libs/platform/clock.js';
import { Metrics } from '#libs/platform/metrics.js';
import { silentLog } from '#libs/platform/log.js';

import type { PaymentProvider, ProviderPatience, RefundProvider } from './provider.js';
import { ProviderWatch } from './provider-watch.js';
import { createStripeProvider } from './stripe-provider.js';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

interface Seen {
  readonly target: string;
  readonly key: string | undefined;
  readonly body: string;
}

type Answer = readonly [status: number, body: unknown, headers?: Readonly<Record<string, string>>];

interface Served {
  readonly provider: PaymentProvider;
  readonly refunds: RefundProvider & ProviderPatience;
  readonly seen: readonly Seen[];
  readonly metrics: Metrics;
}

/** Stripe, as far as `answer` knows it, and what it was asked. */
async function serving(answer: (seen: Seen) => Answer): Promise<Served> {
  const seen: Seen[] = [];
  const started = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const key = request.headers['idempotency-key'] as string | undefined;
      const target = request.url ?? '';
      const asked = {
        target,
        key,
        body: Buffer.concat(parts).toString('utf8'),
      };
      seen.push(asked);
      const [status, body, headers] = answer(asked);
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    });
  });
  servers.push(started);
  await new Promise<void>((resolve) => void started.listen(0, '127.0.0.1', resolve));
  const { port } = started.address() as AddressInfo;
  const metrics = new Metrics({ processMetrics: false });
  const watch = new ProviderWatch(metrics, { asked: () => undefined });
  const { payments: provider, refunds } = createStripeProvider({
    watch,
    secretKey: 'sk_test_1',
    apiBase: `http://127.0.0.1:${port}`,
    timeoutMs: 3_000,
    clock: systemClock,
    log: silentLog(),
  });
  return { provider, refunds, seen, metrics };
}

/** A provider that answers requests with these status codes, in this order. */
async function answering(...codes: readonly number[]): Promise<PaymentProvider> {
  const left = [...codes];
  const error = { error: { type: 'invalid_request_error', message: 'no' } };
  return (await serving(() => [left.shift() ?? 200, error])).provider;
}

const intent = (id: string, status: string, attemptId: string) => ({
  id,
  object: 'payment_intent',
  status,
  last_payment_error: null,
  metadata: { attempt_id: attemptId },
});

const request = {
  key: 'att_1',
  amountMinor: 5_000,
  currency: 'EUR',
  currencyDigits: 2,
  paymentToken: 'pm_card_visa',
  returnUrl: null,
  metadata: { attempt_id: 'att_1' },
};

describe('a key of ours that the provider refuses', () => {
  it('is a definite no when it is the first answer', async () => {
    const provider = await answering(401);
    expect(await provider.authorise(request, Infinity)).toMatchObject({
      kind: 'refused',
      fault: 'access',
    });
  });

  it('says nothing of the try before it', async () => {
    const provider = await answering(500, 401);
    expect(await provider.authorise(request, Infinity)).toMatchObject({
      kind: 'unclear',
    });
  });
});

describe('an answer that is not of the provider', () => {
  it('says nothing, whatever its status: a proxy in between has failed', async () => {
    for (const status of [200, 500, 502]) {
      const { provider } = await serving(() => [status, { message: 'upstream failed' }]);
      expect(await provider.authorise(request, Infinity)).toMatchObject({ kind: 'unclear' });
    }
  });
});

describe('the numbers of the provider', () => {
  it('count each try by what was asked and how it ended', async () => {
    let asked = 0;
    const { provider, metrics } = await serving(() => {
      asked += 1;
      const error = { type: 'api_error', message: 'no' };
      return asked === 1 ? [500, { error }] : [200, intent('pi_1', 'succeeded', 'att_1')];
    });
    await provider.authorise(request, Infinity);
    await provider.authorise(request, Date.now() - 1);
    const text = await metrics.text();
    const counted = (outcome: string) =>
      `requests_total{operation="paymentIntents.create",outcome="${outcome}"} 1`;
    for (const outcome of ['unclear', 'ok', 'not_tried']) expect(text).toContain(counted(outcome));
    expect(text).toContain('holdfast_stripe_seconds_count{operation="paymentIntents.create"} 2');
    expect(text).not.toContain('holdfast_stripe_seconds_count{operation="refunds.create"}');
  });
});

describe('an authorisation', () => {
  it('is not sent when the hold is over by then', async () => {
    const { provider, seen } = await serving(() => [200, intent('pi_1', 'succeeded', 'att_1')]);
    expect(await provider.authorise(request, Date.now() - 1)).toMatchObject({
      kind: 'unclear',
    });
    expect(seen).toEqual([]);
  });

  it('is recalled by the same request under the same key', async () => {
    const { provider, seen } = await serving(() => [200, intent('pi_1', 'processing', 'att_1')]);
    for (const paymentToken of ['pm_card_visa', 'tok_visa']) {
      const asked = { ...request, paymentToken };
      const first = await provider.authorise(asked, Infinity);
      expect(await provider.recall(asked)).toEqual(first);
      const [told, repeated] = seen.slice(-2);
      expect(repeated).toEqual(told);
      expect(told.key).toBe('att_1');
    }
  });
});

describe('the amount of an authorisation', () => {
  const sentFor = async (over: object): Promise<string | null> => {
    const { provider, seen } = await serving(() => [200, intent('pi_1', 'succeeded', 'att_1')]);
    const result = await provider.authorise({ ...request, ...over }, Infinity);
    if (result.kind === 'refused') return `${result.fault}: ${result.code}`;
    await provider.recall({ ...request, ...over });
    expect(seen[1].body).toBe(seen[0].body);
    return new URLSearchParams(seen[0].body).get('amount');
  };

  it("is in Stripe's units, whatever the price was stored with", async () => {
    const forints = { currency: 'HUF', amountMinor: 1_200_000 };
    expect(await sentFor(forints)).toBe('1200000');
    const asStored = {
      currency: 'HUF',
      amountMinor: 12_000,
      currencyDigits: 0,
    };
    expect(await sentFor(asStored)).toBe('1200000');
    const kronur = { currency: 'ISK', amountMinor: 9_000, currencyDigits: 0 };
    expect(await sentFor(kronur)).toBe('900000');
  });

  it('of an attempt that an older release began stays as that release sent it', async () => {
    const old = { currency: 'HUF', amountMinor: 12_000, currencyDigits: null };
    expect(await sentFor(old)).toBe('12000');
  });

  it('that Stripe would refuse is not sent, and is not the fault of the card', async () => {
    const { provider, seen } = await serving(() => [402, {}]);
    const asked = { ...request, amountMinor: 20 };
    expect(await provider.authorise(asked, Infinity)).toEqual({
      kind: 'refused',
      code: 'amount_too_small',
      fault: 'request',
    });
    expect(seen).toEqual([]);
  });
});

describe('a refund', () => {
  /** Of a refund that the key's answer has as the first, and its own reading as the second. */
  async function told(created: string, now = 'unread') {
    const { provider, seen } = await serving(({ target }) => {
      const status = target === '/v1/refunds' ? created : now;
      return [200, { id: 're_1', object: 'refund', status }];
    });
    const result = await provider.refund('pi_1', 'att_1.void.refund');
    return [result, seen.map(({ target }) => target)] as const;
  }
  const done = { kind: 'intent', intent: { status: 'refunded' } };

  it('is done when the money is back, and not before', async () => {
    expect(await told('succeeded')).toMatchObject([done, ['/v1/refunds']]);
    const asked = ['/v1/refunds', '/v1/refunds/re_1'];
    expect(await told('pending', 'pending')).toMatchObject([{ kind: 'unclear' }, asked]);
    expect(await told('pending', 'succeeded')).toMatchObject([done, asked]);
  });

  it('is not sent, in part or whole, by who has it no more', async () => {
    const { refunds, seen } = await serving(() => [200, { id: 're_1', object: 'refund' }]);
    const part = { key: 'rfd_1', intentId: 'pi_1', refundId: 'rfd_1', attemptId: 'att_1' };
    const asked = { ...request, ...part };
    expect(await refunds.sendRefund(asked, Date.now() - 1)).toMatchObject({ kind: 'unclear' });
    expect(seen).toEqual([]);
  });

  it('waits when anything is asked too often, for as long as the provider says', async () => {
    const error = { type: 'invalid_request_error', code: 'rate_limit', message: 'too often' };
    let isFull = true;
    const { provider, refunds } = await serving(() =>
      isFull
        ? [429, { error }, { 'retry-after': '20' }]
        : [200, { id: 'pi_1', object: 'payment_intent', status: 'requires_capture' }],
    );
    expect(refunds.waitMs()).toBe(0);
    expect(await provider.inspect('pi_1')).toEqual({ kind: 'unclear', reason: 'rate_limit' });
    expect(refunds.waitMs()).toBeGreaterThan(10_000);
    // A buyer's payment does not.
    isFull = false;
    expect(await provider.inspect('pi_1')).toMatchObject({ intent: { status: 'authorised' } });
  });

  it('that failed spends its key', async () => {
    expect(await told('failed')).toMatchObject([{ kind: 'key_spent' }, ['/v1/refunds']]);
    const [late] = await told('pending', 'canceled');
    expect(late).toMatchObject({ kind: 'key_spent' });
  });
});

describe('looking for the intent of an attempt', () => {
  const window = { fromMs: 1_800_000_000_000, toMs: 1_800_000_600_000 };
  const list = (data: readonly unknown[], more: boolean): Answer => [
    200,
    { object: 'list', url: '/v1/payment_intents', data, has_more: more },
  ];

  it('reads all that was created in its time, page by page, until it is found', async () => {
    const pages = 120;
    const { provider, seen } = await serving(({ target }) => {
      const at = Number(/starting_after=pi_(\d+)/.exec(target)?.[1] ?? 0) + 1;
      const mine = at === pages ? 'att_1' : 'att_2';
      return list([intent(`pi_${at}`, 'requires_capture', mine)], at < pages);
    });
    expect(await provider.find('att_1', window)).toMatchObject({
      intent: { id: `pi_${pages}` },
    });
    expect(seen).toHaveLength(pages);
    const asked = new URL(seen[0].target, 'http://stripe').searchParams;
    expect(Number(asked.get('created[gte]'))).toBe(1_800_000_000 - 120);
    expect(Number(asked.get('created[lte]'))).toBe(1_800_000_600 + 120);
    expect(await provider.find('att_3', window)).toBeNull();
  });

  it('prefers the one with money to one without', async () => {
    const { provider } = await serving(() =>
      list(
        [
          intent('pi_1', 'requires_payment_method', 'att_1'),
          intent('pi_2', 'requires_capture', 'att_1'),
        ],
        false,
      ),
    );
    expect(await provider.find('att_1', window)).toMatchObject({
      intent: { id: 'pi_2' },
    });
  });

  it('knows nothing while a page is missing', async () => {
    let asked = 0;
    const { provider } = await serving(() => {
      asked += 1;
      if (asked === 1) return list([intent('pi_1', 'requires_capture', 'att_2')], true);
      return [401, { error: { type: 'invalid_request_error', message: 'no' } }];
    });
    expect(await provider.find('att_1', window)).toMatchObject({
      kind: 'refused',
    });
  });
});
