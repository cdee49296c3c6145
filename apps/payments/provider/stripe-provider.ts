import Stripe from 'stripe';

import type { Log } from '#libs/platform/log.js';

import { viewOf } from './intent-view.js';
import type { AuthoriseRequest, PaymentProvider, ProviderResult } from './provider.js';
import { createStripePolicy, type StripePolicy } from './stripe-policy.js';
import { resultOfError } from './stripe-errors.js';

/**
 * Stripe through its own SDK. The SDK's retries are off: ours know the saga's time budget and
 * what may be repeated (stripe-policy.ts). `apiBase` absent = Stripe itself.
 */
export interface StripeProviderOptions {
  readonly secretKey: string;
  readonly apiBase: string | undefined;
  readonly timeoutMs: number;
  readonly log: Log;
}

/** Pages of 100 that find() looks through before it says that it does not know. */
const findPagesMax = 50;
const findSlackSeconds = 120;
const findWindowSeconds = 24 * 3600;

export function createStripeProvider(options: StripeProviderOptions): PaymentProvider {
  return new StripeProvider(openStripe(options), createStripePolicy(options));
}

class StripeProvider implements PaymentProvider {
  constructor(
    private readonly stripe: Stripe,
    private readonly policy: StripePolicy,
  ) {}

  authorise(request: AuthoriseRequest): Promise<ProviderResult> {
    const { key, paymentToken } = request;
    const method: Stripe.PaymentIntentCreateParams = paymentToken.startsWith('tok_')
      ? ({
          payment_method_data: { type: 'card', card: { token: paymentToken } },
        } as unknown as Stripe.PaymentIntentCreateParams)
      : ({ payment_method: paymentToken } as Stripe.PaymentIntentCreateParams);
    return this.intent(() =>
      this.stripe.paymentIntents.create(
        { ...basics(request), ...method, confirm: true },
        { idempotencyKey: key },
      ),
    );
  }

  spendKey(request: AuthoriseRequest): Promise<ProviderResult> {
    return this.intent(() =>
      this.stripe.paymentIntents.create(basics(request), { idempotencyKey: request.key }),
    );
  }

  async find(attemptId: string, createdAtMs: number): Promise<ProviderResult | null> {
    const createdAt = Math.floor(createdAtMs / 1000);
    const created = { gte: createdAt - findSlackSeconds, lte: createdAt + findWindowSeconds };
    let after: string | undefined;
    for (let page = 0; page < findPagesMax; page += 1) {
      const listed = await this.call(() =>
        this.stripe.paymentIntents.list({
          created,
          limit: 100,
          ...(after === undefined ? {} : { starting_after: after }),
        }),
      );
      if ('kind' in listed) return listed;
      const found = listed.data.find((intent) => intent.metadata.attempt_id === attemptId);
      if (found !== undefined) return { kind: 'intent', intent: viewOf(found) };
      if (!listed.has_more) return null;
      after = listed.data.at(-1)?.id;
    }
    return { kind: 'unclear', reason: 'too many intents to look through' };
  }

  inspect(intentId: string): Promise<ProviderResult> {
    return this.intent(() => this.stripe.paymentIntents.retrieve(intentId));
  }

  capture(intentId: string, key: string): Promise<ProviderResult> {
    return this.intent(() =>
      this.stripe.paymentIntents.capture(intentId, {}, { idempotencyKey: key }),
    );
  }

  cancel(intentId: string, key: string): Promise<ProviderResult> {
    return this.intent(() =>
      this.stripe.paymentIntents.cancel(intentId, {}, { idempotencyKey: key }),
    );
  }

  private async intent(request: () => Promise<Stripe.PaymentIntent>): Promise<ProviderResult> {
    const result = await this.call(request);
    return 'kind' in result ? result : { kind: 'intent', intent: viewOf(result) };
  }

  private async call<T extends object>(request: () => Promise<T>): Promise<T | ProviderResult> {
    let tries = 0;
    try {
      return await this.policy.execute(() => {
        tries += 1;
        return request();
      });
    } catch (error) {
      const result = resultOfError(error);
      const setup = result.kind === 'refused' && result.fault === 'setup';
      // Refused before the key was looked at: that says nothing of the tries before this one.
      return setup && tries > 1 ? { kind: 'unclear', reason: result.code } : result;
    }
  }
}

function basics(request: AuthoriseRequest): Stripe.PaymentIntentCreateParams {
  return {
    amount: request.amountMinor,
    currency: request.currency.toLowerCase(),
    capture_method: 'manual',
    allowed_payment_method_types: ['card'],
    metadata: { ...request.metadata },
  };
}

function openStripe(options: StripeProviderOptions): Stripe {
  const base = options.apiBase === undefined ? null : new URL(options.apiBase);
  return new Stripe(options.secretKey, {
    maxNetworkRetries: 0,
    telemetry: false,
    // The policy's own timeout comes first; this one frees the socket.
    timeout: options.timeoutMs + 500,
    appInfo: { name: 'holdfast' },
    ...(base === null
      ? {}
      : {
          host: base.hostname,
          port: base.port === '' ? (base.protocol === 'https:' ? 443 : 80) : Number(base.port),
          protocol: base.protocol === 'https:' ? 'https' : 'http',
        }),
  });
}
