import { describe, expect, it } from '@jest/globals';
import type Stripe from 'stripe';

import { movementsOf } from './provider-books.js';

const transaction = (over: Partial<Stripe.BalanceTransaction>): Stripe.BalanceTransaction =>
  ({
    id: 'txn_1',
    type: 'charge',
    amount: 5_000,
    fee: 100,
    currency: 'eur',
    created: 1_800_000_000,
    exchange_rate: null,
    source: { object: 'charge', metadata: { attempt_id: 'att_1' } },
    ...over,
  }) as Stripe.BalanceTransaction;

describe('what the provider keeps or pays out', () => {
  it('is its fee of a charge, tied to the attempt', () => {
    expect(movementsOf(transaction({}))).toMatchObject([
      {
        cause: 'fee',
        causeId: 'txn_1',
        attemptId: 'att_1',
        currency: 'EUR',
        atMs: 1_800_000_000_000,
        entries: [
          { account: 'provider_fees', amountMinor: 100 },
          { account: 'provider_receivable', amountMinor: -100 },
        ],
      },
    ]);
    expect(movementsOf(transaction({ fee: 0 }))).toEqual([]);
  });

  it('is a fee of its own, which is the amount', () => {
    const [fee] = movementsOf(transaction({ type: 'stripe_fee', amount: -70, fee: 0 }));
    expect(fee.entries).toContainEqual({ account: 'provider_fees', amountMinor: 70 });
  });

  it('is a payout, and one that came back', () => {
    const source = 'po_1';
    const [out] = movementsOf(transaction({ type: 'payout', amount: -900, fee: 0, source }));
    expect(out).toMatchObject({ cause: 'payout', kind: 'payout', attemptId: null });
    expect(out.entries).toContainEqual({ account: 'bank', amountMinor: 900 });
    const failed = { type: 'payout_failure', amount: 900, fee: 0, source } as const;
    const [back] = movementsOf(transaction(failed));
    expect(back.entries).toContainEqual({ account: 'bank', amountMinor: -900 });
  });
});
