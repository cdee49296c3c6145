/** What a price, or a sum of prices, contains. The rest of it is face value. */
export interface PriceParts {
  readonly feeMinor: number;
  /** Contained, of face value and fee together. */
  readonly taxMinor: number;
  /** Of that, what the fee contains. */
  readonly feeTaxMinor: number;
}

export const noParts: PriceParts = { feeMinor: 0, taxMinor: 0, feeTaxMinor: 0 };

export const isPlain = ({ feeMinor, taxMinor }: PriceParts): boolean =>
  feeMinor === 0 && taxMinor === 0;

export const added = (one: PriceParts, other: PriceParts, times = 1): PriceParts => ({
  feeMinor: one.feeMinor + times * other.feeMinor,
  taxMinor: one.taxMinor + times * other.taxMinor,
  feeTaxMinor: one.feeTaxMinor + times * other.feeTaxMinor,
});

/** `minor * part / of`, half up; of nothing nothing. Exact also where the product is no double. */
export const shareOf = (minor: number, part: number, of: number): number =>
  of === 0 ? 0 : Number((2n * BigInt(minor) * BigInt(part) + BigInt(of)) / (2n * BigInt(of)));
