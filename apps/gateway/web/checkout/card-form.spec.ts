import { describe, expect, it } from '@jest/globals';
import { cardElementOptions, cardFormOptions } from './card-form.js';

describe("what Stripe's form is told", () => {
  it.each([
    ['GBP', 10_400, 10_400],
    ['JPY', 5_000, 5_000],
    ['KWD', 12_340, 12_340],
    // Kronur and shillings of ours are whole, Stripe's have two zeros; ariary are the reverse.
    ['ISK', 5_000, 500_000],
    ['UGX', 70_000, 7_000_000],
    ['MGA', 1_500_000, 15_000],
  ])('is the amount in its units: %s', (currency, minor, amount) => {
    expect(cardFormOptions({ amount: minor, currency })).toMatchObject({
      amount,
      currency: currency.toLowerCase(),
    });
  });

  it('is nothing that Stripe could not charge', () => {
    expect(() => cardFormOptions({ amount: 150, currency: 'MGA' })).toThrow('no number');
  });

  it('asks for cards and no wallet', () => {
    expect(cardFormOptions({ amount: 100, currency: 'EUR' }).paymentMethodTypes).toEqual(['card']);
    expect(new Set(Object.values(cardElementOptions.wallets))).toEqual(new Set(['never']));
  });
});
