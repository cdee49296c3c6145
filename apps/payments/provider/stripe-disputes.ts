import type Stripe from 'stripe';

import type { DisputeProvider, DisputeResult, DisputesFound } from './provider.js';
import { unanswered, type StripeCalls } from './stripe-calls.js';

/** Stripe's disputes. They have no metadata of ours: their intents do. */
export class StripeDisputes implements DisputeProvider {
  constructor(
    private readonly stripe: Stripe,
    private readonly calls: StripeCalls,
  ) {}

  async askDispute(id: string): Promise<DisputeResult> {
    const dispute = await this.calls.call('disputes.retrieve', () =>
      this.stripe.disputes.retrieve(id, { expand: ['payment_intent'] }),
    );
    if ('kind' in dispute) return unanswered(dispute);
    const { payment_intent: intent, amount, status, reason, balance_transactions: moved } = dispute;
    const isNone = intent === null || typeof intent === 'string';
    const metadata: Partial<Stripe.Metadata> = isNone ? {} : intent.metadata;
    const dueBy = dispute.evidence_details.due_by;
    return {
      ...{ kind: 'dispute', id, attemptId: metadata.attempt_id ?? null, status, reason, amount },
      withdrawn: withdrawnOf(amount, moved),
      dueAtMs: dueBy === null ? null : dueBy * 1_000,
    };
  }

  async disputesSince(sinceMs: number): Promise<DisputesFound> {
    const ids: string[] = [];
    let after: string | undefined;
    for (;;) {
      const page = { created: { gte: Math.floor(sinceMs / 1_000) }, limit: pageMax };
      const listed = await this.calls.call('disputes.list', () =>
        this.stripe.disputes.list(after === undefined ? page : { ...page, starting_after: after }),
      );
      if ('kind' in listed) return unanswered(listed);
      ids.push(...listed.data.map(({ id }) => id));
      after = listed.data.at(-1)?.id;
      if (!listed.has_more || after === undefined) return { kind: 'found', ids };
    }
  }
}

/** Stripe's largest page. */
const pageMax = 100;

/** What was converted is in another currency: then all of it is away, or nothing. */
function withdrawnOf(amount: number, moved: readonly Stripe.BalanceTransaction[]): number {
  const net = moved.reduce((sum, one) => sum - one.amount, 0);
  const converted = moved.some((one) => one.exchange_rate !== null);
  if (!converted) return Math.max(0, net);
  return net > 0 ? amount : 0;
}
