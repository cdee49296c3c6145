import { describe, expect, it } from '@jest/globals';
import type Stripe from 'stripe';

import { limits } from '#libs/contracts/limits.js';

import { movementsOf, readBooks } from './provider-books.js';

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

describe('what the provider has of our payments', () => {
  const asked: unknown[] = [];
  /** Lists of one page, as the SDK walks them. */
  const stripeWith = (charge: object, moved: object[] = []): Stripe => {
    const intent = {
      id: 'pi_1',
      currency: 'eur',
      amount_capturable: 0,
      metadata: { attempt_id: 'att_1' },
      latest_charge: charge,
    };
    const listOf = (data: unknown[]) => ({
      list: (query: { created: unknown }) => {
        asked.push(query.created);
        return data;
      },
    });
    return { paymentIntents: listOf([intent]), balanceTransactions: listOf(moved) } as never;
  };

  it('is asked for from before the first attempt on, by what the clocks may differ', async () => {
    asked.length = 0;
    await readBooks(stripeWith({}), 1_800_000_000_000);
    const gte = 1_800_000_000 - limits.findSlackMs / 1_000;
    expect(asked).toEqual([{ gte }, { gte }]);
  });

  it.each([
    ['given back before a capture', { amount_captured: 0, amount_refunded: 0, captured: false }, 0],
    ['captured in part', { amount_captured: 300, amount_refunded: 0, captured: true }, 300],
    ['refunded in part', { amount_captured: 500, amount_refunded: 100, captured: true }, 400],
  ])('counts what was taken of an authorisation that was %s', async (_, amounts, captured) => {
    const charge = { amount: 500, ...amounts };
    const { attempts } = await readBooks(stripeWith(charge), 0);
    expect(attempts.get('att_1')).toMatchObject({ captured });
  });

  it('counts what banks took back and returned apart from that', async () => {
    const source = { object: 'dispute', payment_intent: 'pi_1' };
    const moved = (amount: number, over: object = {}) =>
      transaction({ type: 'adjustment', amount, source, ...over } as never);
    const charge = { amount: 500, amount_captured: 500, amount_refunded: 0 };
    const taken = await readBooks(stripeWith(charge, [moved(-500)]), 0);
    expect(taken.attempts.get('att_1')).toMatchObject({ captured: 500, disputed: 500 });
    const back = await readBooks(stripeWith(charge, [moved(-500), moved(500)]), 0);
    expect(back.attempts.get('att_1')).toMatchObject({ captured: 500, disputed: 0 });
    const converted = moved(-450, { exchange_rate: 0.9 });
    const other = await readBooks(stripeWith(charge, [converted]), 0);
    expect(other.attempts.get('att_1')).toMatchObject({ disputed: null });
  });
});
