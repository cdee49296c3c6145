import { describe, expect, it } from '@jest/globals';

import { keptOfCancelling } from './cancelling.js';

const rule = { feeMinor: 150, untilMs: 1, isOpen: true, currencyDigits: 2 };

describe('the fee of a buyer who cancels', () => {
  it('is what his event keeps of each place', () => {
    expect(keptOfCancelling(rule, { currencyDigits: 2 })).toEqual({
      feePerPlaceMinor: 150,
      keepsBookingFee: false,
    });
    const keeps = { ...rule, keepsBookingFee: true };
    expect(keptOfCancelling(keeps, { currencyDigits: 2 })).toMatchObject({ keepsBookingFee: true });
  });

  it('is none where he cannot cancel at all, or any more', () => {
    expect(keptOfCancelling(null, { currencyDigits: 2 })).toBe('cancellation_not_allowed');
    expect(keptOfCancelling({ ...rule, isOpen: false }, { currencyDigits: 2 })).toBe(
      'cancellation_over',
    );
  });

  it.each([null, 0, 3])('is not guessed for what was paid with %s decimals', (currencyDigits) => {
    expect(keptOfCancelling(rule, { currencyDigits })).toBe('cancellation_not_allowed');
    expect(keptOfCancelling({ ...rule, feeMinor: 0 }, { currencyDigits })).toMatchObject({
      feePerPlaceMinor: 0,
    });
  });
});
