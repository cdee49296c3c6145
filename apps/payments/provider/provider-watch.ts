import { secondsBuckets, type Histogram, type Metrics } from '#libs/platform/metrics.js';
import type { Counter } from '#libs/platform/metrics.js';

import type { AttemptSpans } from '../saga/attempt-spans.js';
import type { ProviderResult } from './provider.js';
import { ProviderTimes } from './provider-times.js';

/** What is asked of Stripe, by the names of its own SDK. */
export const stripeOperations = [
  'paymentIntents.create',
  'paymentIntents.list',
  'paymentIntents.retrieve',
  'paymentIntents.capture',
  'paymentIntents.cancel',
  'refunds.create',
  'refunds.list',
  'refunds.retrieve',
  'disputes.list',
  'disputes.retrieve',
] as const;
export type StripeOperation = (typeof stripeOperations)[number];

/** `not_tried`: the circuit was open, or the hold over. */
const outcomes = ['ok', 'declined', 'refused', 'key_spent', 'unclear', 'not_tried'] as const;
type StripeOutcome = (typeof outcomes)[number];

/** How long Stripe takes and how it answers, each try for itself: in numbers, and in traces. */
export class ProviderWatch {
  readonly times = new ProviderTimes();
  private readonly seconds: Readonly<Record<StripeOperation, Histogram>>;
  private readonly requests: Readonly<
    Record<StripeOperation, Readonly<Record<StripeOutcome, Counter>>>
  >;

  constructor(
    metrics: Metrics,
    private readonly spans: Pick<AttemptSpans, 'asked'>,
  ) {
    this.seconds = metrics.histograms(
      'holdfast_stripe_seconds',
      'From a request to Stripe until its answer or its end; each try counts.',
      'operation',
      stripeOperations,
      secondsBuckets,
    );
    this.requests = metrics.countersByTwo(
      'holdfast_stripe_requests_total',
      'The same, by how they ended; unclear = no answer, or one that says to ask again.',
      ['operation', stripeOperations],
      ['outcome', outcomes],
    );
  }

  /** `result` null: it was answered as it should be. */
  tried(
    operation: StripeOperation,
    fromMs: number,
    toMs: number,
    result: ProviderResult | null,
  ): void {
    const outcome = result === null || result.kind === 'intent' ? 'ok' : result.kind;
    this.seconds[operation].observe((toMs - fromMs) / 1_000);
    this.times.note(toMs, toMs - fromMs);
    this.requests[operation][outcome].value += 1;
    const error = result?.kind === 'unclear' ? result.reason : null;
    this.spans.asked(`stripe ${operation}`, fromMs, error, {
      'holdfast.outcome': outcome,
    });
  }

  notTried(operation: StripeOperation): void {
    this.requests[operation].not_tried.value += 1;
  }
}
