import { limits } from '#libs/contracts/limits.js';
import { amountOf, minorOf } from '#libs/contracts/money/amounts.js';
import { currencyDigits, isCurrency } from '#libs/contracts/money/currencies.js';
import { isPlain, type PriceParts } from '#libs/contracts/money/price-parts.js';
import { chargeProblem, type MinimumCharges } from '#libs/contracts/money/stripe-charging.js';
import { joinPath, type Problems } from './checked.js';
import { pricedBy, type EventFees, type FeeTerms } from './fees.js';

/** What is sold at what price, and what is in the prices. */
export interface Priced {
  /** Minor units by category, fees in them; null: not for sale. */
  readonly prices: ReadonlyMap<string, number | null>;
  readonly fees: EventFees;
}

/** By face values and what is added to them. What cannot be charged is a problem of its path. */
export function pricesOf(
  faces: Readonly<Record<string, string | null>>,
  terms: FeeTerms,
  currency: string,
  minimums: MinimumCharges,
  problems: Problems,
): Priced {
  const amounts = new Map<string, number | null>();
  const parts = new Map<number, PriceParts>();
  const priced = { prices: amounts, fees: { terms, parts } };
  if (!isCurrency(currency)) return priced;
  const digits = currencyDigits(currency);
  for (const [category, amount] of Object.entries(faces)) {
    if (amount === null) {
      amounts.set(category, null);
      continue;
    }
    const face = minorOf(amount, digits);
    const path = joinPath('prices', category);
    if (face === null) {
      const example = digits === 0 ? '"12"' : '"12.50"';
      problems.add(path, `must be an amount with at most ${digits} decimals such as ${example}`);
      continue;
    }
    const { priceMinor: minor, parts: within } = pricedBy(face, terms);
    const wrong = chargeProblem({ minor, digits, currency }, minimums);
    if (wrong !== null) problems.add(path, wrong.message);
    else if (minor > limits.priceMinorMax) {
      problems.add(path, `must be at most ${amountOf(limits.priceMinorMax, digits)} ${currency}`);
    } else {
      amounts.set(category, minor);
      if (!isPlain(within)) parts.set(minor, within);
    }
  }
  return priced;
}
