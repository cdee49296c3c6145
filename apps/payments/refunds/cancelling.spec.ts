import { describe, expect, it } from '@jest/globals';

import { cancellingFee } from './cancelling.js';

const rule = { feeMinor: 150, untilMs: 1, isOpen: true, currencyDigits: 2 };

describe('the fee of a buyer who cancels', () => {
  it('is what his event keeps of each place', () => {
    expect(cancellingFee(rule, { currencyDigits: 2 })).toBe(150);
  });

  it('is none where he cannot cancel at all, or any more', () => {
    expect(cancellingFee(null, { currencyDigits: 2 })).toBe('cancellation_not_allowed');
    expect(cancellingFee({ ...rule, isOpen: false }, { currencyDigits: 2 })).toBe(
      'cancellation_over',
    );
  });

  it.each([null, 0, 3])('is not guessed for what was paid with %s decimals', (currencyDigits) => {
    expect(cancellingFee(rule, { currencyDigits })).toBe('cancellation_not_allowed');
    expect(cancellingFee({ ...rule, feeMinor: 0 }, { currencyDigits })).toBe(0);
  });
});
