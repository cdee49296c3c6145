import { noParts, shareOf, type PriceParts } from '#libs/contracts/money/price-parts.js';

import type { Attempt } from '../saga/attempt.js';
import type { Refund } from './refund.js';

/**
 * What of money that goes back is booking fee, and what is tax: by it the ledger takes back what
 * the capture entered.
 *
 * PB1  No refund takes more of the fee or of the tax than is left of it, and one that takes the
 *      last of a payment takes the last of both: nothing of them stays behind by rounding.
 * PB2  A place takes what was in its price. Of an amount alone, or where that price is not known,
 *      it is the share of what is left.
 * PB3  What is kept comes out of fee and face value in proportion, and where the event keeps the
 *      booking fee out of that first. Tax goes back with what it was in.
 */

/** Null: nothing was told of the payment. */
export function partsLeft(
  { parts }: Pick<Attempt, 'parts'>,
  before: readonly Pick<Refund, 'parts'>[],
): PriceParts {
  const left = (of: (one: PriceParts) => number): number =>
    before.reduce((rest, one) => Math.max(0, rest - of(one.parts)), of(parts ?? noParts));
  return {
    feeMinor: left((one) => one.feeMinor),
    taxMinor: left((one) => one.taxMinor),
    feeTaxMinor: left((one) => one.feeTaxMinor),
  };
}

/** The part that `minor` of `ofMinor` has. */
export const shareOfParts = (parts: PriceParts, minor: number, ofMinor: number): PriceParts =>
  partsBack(parts, ofMinor, minor, false);

/** Of places that are worth `valueMinor`, in which `own` is, so much goes back. */
export function partsBack(
  own: PriceParts,
  valueMinor: number,
  amountMinor: number,
  keepsFee: boolean,
): PriceParts {
  const fee = Math.min(own.feeMinor, valueMinor);
  const feeMinor = keepsFee ? 0 : shareOf(fee, amountMinor, valueMinor);
  const feeTaxMinor = shareOf(own.feeTaxMinor, feeMinor, fee);
  const faceTaxMinor = shareOf(
    own.taxMinor - own.feeTaxMinor,
    amountMinor - feeMinor,
    valueMinor - fee,
  );
  return { feeMinor, taxMinor: faceTaxMinor + feeTaxMinor, feeTaxMinor };
}

export const atMost = (parts: PriceParts, most: PriceParts): PriceParts => ({
  feeMinor: Math.min(parts.feeMinor, most.feeMinor),
  taxMinor: Math.min(parts.taxMinor, most.taxMinor),
  feeTaxMinor: Math.min(parts.feeTaxMinor, most.feeTaxMinor),
});
