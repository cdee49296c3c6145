import { limits } from '#libs/contracts/limits.js';
import { amountOf, minorOf } from '#libs/contracts/money/amounts.js';
import { currencyDigits, isCurrency } from '#libs/contracts/money/currencies.js';
import { chargeProblem, type MinimumCharges } from '#libs/contracts/money/stripe-charging.js';
import { joinPath, type Problems } from './checked.js';

/** Minor units by category; null: not for sale. What cannot be charged is a problem of its path. */
export function pricesOf(
  prices: Readonly<Record<string, string | null>>,
  currency: string,
  minimums: MinimumCharges,
  problems: Problems,
): Map<string, number | null> {
  const amounts = new Map<string, number | null>();
  if (!isCurrency(currency)) return amounts;
  const digits = currencyDigits(currency);
  for (const [category, amount] of Object.entries(prices)) {
    if (amount === null) {
      amounts.set(category, null);
      continue;
    }
    const minor = minorOf(amount, digits);
    const path = joinPath('prices', category);
    if (minor === null) {
      const example = digits === 0 ? '"12"' : '"12.50"';
      problems.add(path, `must be an amount with at most ${digits} decimals such as ${example}`);
      continue;
    }
    const wrong = chargeProblem({ minor, digits, currency }, minimums);
    if (wrong !== null) problems.add(path, wrong.message);
    else if (minor > limits.priceMinorMax) {
      problems.add(path, `must be at most ${amountOf(limits.priceMinorMax, digits)} ${currency}`);
    } else amounts.set(category, minor);
  }
  return amounts;
}
