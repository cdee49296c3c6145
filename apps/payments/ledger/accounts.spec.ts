import { describe, expect, it } from '@jest/globals';

import { noParts } from '#libs/contracts/money/price-parts.js';

import {
  captureEntries,
  paidElsewhereEntries,
  refundEntries,
  refundFailedEntries,
  type LedgerEntry,
} from './accounts.js';

const parts = { feeMinor: 600, taxMinor: 1_100, feeTaxMinor: 100 };
const named = (entries: readonly LedgerEntry[]): Record<string, number> =>
  Object.fromEntries(entries.map(({ account, amountMinor }) => [account, amountMinor]));

describe('what a movement of money enters', () => {
  it('is income without its tax, the fee beside the tickets', () => {
    const captured = { ticket_sales: -5_000, booking_fees: -500, tax_payable: -1_100 };
    expect(named(captureEntries(6_600, parts))).toEqual({
      ...{ provider_receivable: 6_600, ...captured },
    });
    const back = { ticket_sales: 5_000, booking_fees: 500, tax_payable: 1_100 };
    expect(named(refundEntries(6_600, parts))).toEqual({ provider_receivable: -6_600, ...back });
    expect(named(paidElsewhereEntries(6_600, parts))).toEqual({ bank: -6_600, ...back });
    expect(refundFailedEntries(6_600, parts)).toEqual(captureEntries(6_600, parts));
  });

  it('is of sales alone where nothing is known of it, and nothing of nothing', () => {
    for (const none of [null, noParts]) {
      expect(named(captureEntries(700, none))).toEqual({
        ...{ provider_receivable: 700, ticket_sales: -700 },
      });
    }
    expect(captureEntries(0, noParts)).toEqual([]);
  });
});
