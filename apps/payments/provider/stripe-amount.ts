import {
  chargeProblem,
  stripeAmountOf,
  type MinimumCharges,
} from '#libs/contracts/money/stripe-charging.js';
import { assert } from '#libs/platform/assert.js';

import type { AuthoriseRequest, ProviderResult } from './provider.js';

type Amount = Pick<AuthoriseRequest, 'amountMinor' | 'currencyDigits' | 'currency'>;

/**
 * The one place where an amount of ours becomes one of Stripe's. Everything before it, the ledger
 * included, counts in the minor unit that the event's prices were stored with.
 */
export function providerAmountOf({ amountMinor, currencyDigits, currency }: Amount): number {
  if (currencyDigits === null) return amountMinor;
  const amount = stripeAmountOf({ minor: amountMinor, digits: currencyDigits, currency });
  assert(amount !== null, 'an amount that Stripe has no number for is not authorised');
  return amount;
}

/** null: Stripe takes it. What an older release began is Stripe's to judge. */
export function refusedAmount(
  { amountMinor, currencyDigits, currency }: Amount,
  minimums: MinimumCharges,
): ProviderResult | null {
  if (currencyDigits === null) return null;
  const money = { minor: amountMinor, digits: currencyDigits, currency };
  const problem = chargeProblem(money, minimums);
  return problem === null ? null : { kind: 'refused', code: problem.code, fault: 'request' };
}
