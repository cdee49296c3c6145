import type Stripe from 'stripe';

import { limits } from '#libs/contracts/limits.js';
import { publishedMinimums, type MinimumCharges } from '#libs/contracts/money/stripe-charging.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';

import { providerAmountOf, refusedAmount } from './stripe-amount.js';
import { viewOf } from './intent-view.js';
import { openStripe } from './open-stripe.js';
import type {
  AuthoriseRequest,
  CreatedWindow,
  IntentView,
  PaymentProvider,
  ProviderRest,
  ProviderResult,
  ProviderPatience,
  RefundProvider,
  DisputeProvider,
} from './provider.js';
import type { ProviderWatch, StripeOperation } from './provider-watch.js';
import { RequestLimit } from './request-limit.js';
import { StripeCalls } from './stripe-calls.js';
import { TooLateError } from './stripe-errors.js';
import { createStripePolicy } from './stripe-policy.js';
import { StripeDisputes } from './stripe-disputes.js';
import { StripeRefunds } from './stripe-refunds.js';

/**
 * Stripe through its own SDK. The SDK's retries are off: ours know the saga's time budget and
 * what may be repeated (stripe-policy.ts). `apiBase` absent = Stripe itself.
 */
export interface StripeProviderOptions {
  readonly secretKey: string;
  readonly apiBase: string | undefined;
  readonly timeoutMs: number;
  /** Absent: as Stripe publishes them. */
  readonly minimums?: MinimumCharges;
  readonly clock: Clock;
  readonly log: Log;
  readonly watch: ProviderWatch;
}

const finalRefunds: ReadonlySet<string> = new Set(['succeeded', 'failed', 'canceled']);
/** Stripe's largest page. */
const pageIntents = 100;

/** Stripe, part by part. */
export interface StripeParts {
  readonly payments: PaymentProvider & ProviderRest;
  readonly refunds: RefundProvider & ProviderPatience;
  readonly disputes: DisputeProvider;
}

export function createStripeProvider(options: StripeProviderOptions): StripeParts {
  const { secretKey, apiBase, clock, watch, minimums = publishedMinimums } = options;
  // The policy's own timeout comes first; the SDK's frees the socket.
  const timeoutMs = options.timeoutMs + 500;
  const stripe = openStripe({ secretKey, apiBase, timeoutMs, retriesMax: 0 });
  const limit = new RequestLimit(clock, options.log);
  const calls = new StripeCalls(createStripePolicy(options), clock, watch, limit);
  return {
    payments: new StripeProvider(stripe, calls, clock, minimums),
    refunds: new StripeRefunds(stripe, calls, clock),
    disputes: new StripeDisputes(stripe, calls),
  };
}

class StripeProvider implements PaymentProvider, ProviderRest {
  constructor(
    private readonly stripe: Stripe,
    private readonly calls: StripeCalls,
    private readonly clock: Clock,
    private readonly minimums: MinimumCharges,
  ) {}

  /** What Stripe would refuse for its amount is not sent: its limits are no card's fault. */
  authorise(request: AuthoriseRequest, notAfterMs: number): Promise<ProviderResult> {
    const refused = refusedAmount(request, this.minimums);
    if (refused !== null) return Promise.resolve(refused);
    return this.intent('paymentIntents.create', () => {
      // A process that stood still finds its next try due long after the hold is gone.
      if (this.clock.nowMs() > notAfterMs) throw new TooLateError('the hold is over');
      return this.createConfirmed(request);
    });
  }

  recall(request: AuthoriseRequest): Promise<ProviderResult> {
    return this.intent('paymentIntents.create', () => this.createConfirmed(request));
  }

  spendKey(request: AuthoriseRequest): Promise<ProviderResult> {
    return this.intent('paymentIntents.create', () =>
      this.stripe.paymentIntents.create(basics(request), {
        idempotencyKey: request.key,
      }),
    );
  }

  /**
   * The list has no filter for metadata, and Stripe's search answers minutes late: so all of the
   * window is read, however much that is. Its end is the window's, not a number of pages.
   */
  async find(attemptId: string, window: CreatedWindow): Promise<ProviderResult | null> {
    const created = {
      gte: Math.floor((window.fromMs - limits.findSlackMs) / 1000),
      lte: Math.ceil((window.toMs + limits.findSlackMs) / 1000),
    };
    let harmless: IntentView | null = null;
    let after: string | undefined;
    for (;;) {
      const page = { created, limit: pageIntents };
      const listed = await this.calls.call('paymentIntents.list', () =>
        this.stripe.paymentIntents.list(
          after === undefined ? page : { ...page, starting_after: after },
        ),
      );
      if ('kind' in listed) return listed;
      for (const found of listed.data) {
        if (found.metadata.attempt_id !== attemptId) continue;
        const intent = viewOf(found);
        if (mayHoldMoney(intent)) return { kind: 'intent', intent };
        harmless ??= intent;
      }
      after = listed.data.at(-1)?.id;
      if (!listed.has_more || after === undefined) break;
    }
    return harmless === null ? null : { kind: 'intent', intent: harmless };
  }

  restMs(): number {
    return this.calls.policy.restMs();
  }

  inspect(intentId: string): Promise<ProviderResult> {
    return this.intent('paymentIntents.retrieve', () =>
      this.stripe.paymentIntents.retrieve(intentId),
    );
  }

  capture(intentId: string, key: string): Promise<ProviderResult> {
    return this.intent('paymentIntents.capture', () =>
      this.stripe.paymentIntents.capture(intentId, {}, { idempotencyKey: key }),
    );
  }

  cancel(intentId: string, key: string): Promise<ProviderResult> {
    return this.intent('paymentIntents.cancel', () =>
      this.stripe.paymentIntents.cancel(intentId, {}, { idempotencyKey: key }),
    );
  }

  async refund(intentId: string, key: string): Promise<ProviderResult> {
    const result = await this.calls.call('refunds.create', () =>
      this.stripe.refunds.create({ payment_intent: intentId }, { idempotencyKey: key }),
    );
    const refunded: IntentView = {
      id: intentId,
      status: 'refunded',
      declineCode: null,
    };
    if ('kind' in result) {
      const before = result.kind === 'refused' && result.code === 'charge_already_refunded';
      return before ? { kind: 'intent', intent: refunded } : result;
    }
    // What was answered under the key stays so: how far the refund is now, it says itself.
    const final = result.status !== null && finalRefunds.has(result.status);
    const seen = final
      ? result
      : await this.calls.call('refunds.retrieve', () => this.stripe.refunds.retrieve(result.id));
    if ('kind' in seen) return { kind: 'unclear', reason: 'the refund cannot be asked' };
    const reason = `the refund is ${seen.status}`;
    if (seen.status === 'succeeded') return { kind: 'intent', intent: refunded };
    // Stripe says so of money that cannot be sent back; under another key it may.
    const failed = seen.status === 'failed' || seen.status === 'canceled';
    return failed ? { kind: 'key_spent', by: 'failure', reason } : { kind: 'unclear', reason };
  }

  /** The wire's bytes are part of the key's identity: another request under it is an error. */
  private createConfirmed(request: AuthoriseRequest): Promise<Stripe.PaymentIntent> {
    const { key, paymentToken, returnUrl } = request;
    const method: Stripe.PaymentIntentCreateParams = paymentToken.startsWith('tok_')
      ? ({
          payment_method_data: { type: 'card', card: { token: paymentToken } },
        } as unknown as Stripe.PaymentIntentCreateParams)
      : ({ payment_method: paymentToken } as Stripe.PaymentIntentCreateParams);
    return this.stripe.paymentIntents.create(
      {
        ...basics(request),
        ...method,
        confirm: true,
        ...(returnUrl === null ? {} : { return_url: returnUrl }),
      },
      { idempotencyKey: key },
    );
  }

  private async intent(
    operation: StripeOperation,
    request: () => Promise<Stripe.PaymentIntent>,
  ): Promise<ProviderResult> {
    const result = await this.calls.call(operation, request);
    return 'kind' in result ? result : { kind: 'intent', intent: viewOf(result) };
  }
}

/** Several keys of an attempt may have made several intents: one that matters comes first. */
const mayHoldMoney = ({ status }: IntentView): boolean =>
  status === 'authorised' || status === 'captured' || status === 'processing';

function basics(request: AuthoriseRequest): Stripe.PaymentIntentCreateParams {
  return {
    amount: providerAmountOf(request),
    currency: request.currency.toLowerCase(),
    capture_method: 'manual',
    allowed_payment_method_types: ['card'],
    metadata: { ...request.metadata },
  };
}
