import type Stripe from 'stripe';

import type { Clock } from '#libs/platform/clock.js';

import type { ProviderPatience, RefundProvider, RefundRequest, RefundResult } from './provider.js';
import { providerAmountOf } from './stripe-amount.js';
import { unanswered, type StripeCalls } from './stripe-calls.js';
import { TooLateError } from './stripe-errors.js';

/** Stripe's refunds. Its list is by intent and young enough; its search would be minutes late. */
export class StripeRefunds implements RefundProvider, ProviderPatience {
  constructor(
    private readonly stripe: Stripe,
    private readonly calls: StripeCalls,
    private readonly clock: Pick<Clock, 'nowMs'>,
  ) {}

  waitMs(): number {
    return this.calls.limit.waitMs();
  }

  async sendRefund(request: RefundRequest, notAfterMs: number): Promise<RefundResult> {
    const { intentId, refundId, attemptId, key } = request;
    const result = await this.calls.call('refunds.create', () => {
      // At each try: Stripe forgets keys after a day, and would do it once more.
      if (this.clock.nowMs() > notAfterMs) throw new TooLateError('it may be with another');
      return this.stripe.refunds.create(
        {
          payment_intent: intentId,
          amount: providerAmountOf(request),
          metadata: { refund_id: refundId, attempt_id: attemptId },
        },
        { idempotencyKey: key },
      );
    });
    if ('kind' in result) return unanswered(result);
    // What was answered under the key stays so: how far it is now, it says itself.
    return result.status === 'succeeded' ? seen(result) : this.askRefund(result.id);
  }

  async findRefund({
    intentId,
    refundId,
  }: Pick<RefundRequest, 'intentId' | 'refundId'>): Promise<RefundResult | null> {
    let after: string | undefined;
    for (;;) {
      const page = { payment_intent: intentId, limit: pageMax };
      const listed = await this.calls.call('refunds.list', () =>
        this.stripe.refunds.list(after === undefined ? page : { ...page, starting_after: after }),
      );
      if ('kind' in listed) return unanswered(listed);
      const found = listed.data
        .filter((one) => one.metadata?.refund_id === refundId)
        .map(seen)
        .find((one) => one.status !== 'failed');
      if (found !== undefined) return found;
      after = listed.data.at(-1)?.id;
      if (!listed.has_more || after === undefined) return null;
    }
  }

  async askRefund(id: string): Promise<RefundResult> {
    const result = await this.calls.call('refunds.retrieve', () =>
      this.stripe.refunds.retrieve(id),
    );
    return 'kind' in result ? unanswered(result) : seen(result);
  }
}

/** Stripe's largest page. */
const pageMax = 100;

function seen(refund: Stripe.Refund): Extract<RefundResult, { kind: 'refund' }> {
  const { id, status } = refund;
  const failed = status === 'failed' || status === 'canceled';
  const failure = refund.failure_reason ?? status ?? 'unknown';
  if (failed) return { kind: 'refund', id, status: 'failed', failure };
  return {
    kind: 'refund',
    id,
    status: status === 'succeeded' ? status : 'pending',
    failure: '',
  };
}
