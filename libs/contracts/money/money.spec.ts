import { describe, expect, it } from '@jest/globals';
import { amountOf, minorOf, rescaled } from './amounts.js';
import { currencyCodes, currencyDigits, isCurrency } from './currencies.js';
import { digitsOfBefore } from './digits-of-before.js';
import {
  chargeProblem,
  minimumsWith,
  minorOfStripe,
  stripeAmountOf,
  stripeMaximum,
} from './stripe-charging.js';

/** What Stripe is sent for an amount as a price file has it; null: there is no such number. */
function sent(text: string, currency: string): number | null {
  const digits = currencyDigits(currency);
  const minor = minorOf(text, digits);
  return minor === null ? null : stripeAmountOf({ minor, digits, currency });
}

/** Why a price is refused. */
function refused(text: string, currency: string, minimums = minimumsWith({})): string | null {
  const digits = currencyDigits(currency);
  const minor = minorOf(text, digits);
  if (minor === null) return 'no amount';
  return chargeProblem({ minor, digits, currency }, minimums)?.code ?? null;
}

describe('the table of currencies', () => {
  it('has the decimals of ISO 4217, which are not those that Node shows', () => {
    const digits = (codes: string) => codes.split(' ').map(currencyDigits);
    expect(digits('EUR HUF IDR COP PKR RSD ALL AFN LAK LBP MMK SOS YER MGA')).toEqual(
      Array(14).fill(2),
    );
    expect(digits('JPY KRW CLP ISK UGX VND XOF')).toEqual(Array(7).fill(0));
    expect(digits('KWD BHD JOD OMR TND IQD LYD')).toEqual(Array(7).fill(3));
  });

  it('knows what is no currency of a price', () => {
    expect(['eur', 'DEM', 'XAU', 'EUR ', '', 'BGN'].filter(isCurrency)).toEqual([]);
    expect(() => currencyDigits('DEM')).toThrow(RangeError);
    expect(new Set(currencyCodes).size).toBe(currencyCodes.length);
  });
});

describe('the provider is sent', () => {
  it.each([
    ['12000', 'HUF', 1_200_000],
    ['12000', 'JPY', 12_000],
    ['150000', 'IDR', 15_000_000],
    ['89.50', 'EUR', 8_950],
    // Without decimals in ISO 4217, with two at Stripe.
    ['5', 'ISK', 500],
    ['70000', 'UGX', 7_000_000],
    // With two in ISO 4217, without any at Stripe.
    ['40000', 'MGA', 40_000],
    ['18.600', 'KWD', 18_600],
    ['18.605', 'KWD', null],
    ['40000.50', 'MGA', null],
  ])('for %s %s: %p', (text, currency, amount) => {
    expect(sent(text, currency)).toBe(amount);
  });

  it('and what it says is understood in our units', () => {
    expect(minorOfStripe(1_200_000, 'HUF', 2)).toBe(1_200_000);
    expect(minorOfStripe(1_200_000, 'HUF', 0)).toBe(12_000);
    expect(minorOfStripe(500, 'ISK', 0)).toBe(5);
    expect(minorOfStripe(40_000, 'MGA', 2)).toBe(4_000_000);
  });

  it('has a number for every price that it takes, in every currency', () => {
    for (const currency of currencyCodes) {
      const digits = currencyDigits(currency);
      const money = { minor: 20_000 * 10 ** digits, digits, currency };
      if (chargeProblem(money)?.code === 'currency_not_supported') continue;
      const amount = stripeAmountOf(money);
      expect([currency, chargeProblem(money)]).toEqual([currency, null]);
      expect(minorOfStripe(amount ?? 0, currency, digits)).toBe(money.minor);
    }
  });
});

describe('a price that could never be charged', () => {
  it.each([
    ['18.605', 'KWD', 'amount_too_fine'],
    ['0.20', 'EUR', 'amount_too_small'],
    ['0.29', 'GBP', 'amount_too_small'],
    ['49', 'JPY', 'amount_too_small'],
    ['174.99', 'HUF', 'amount_too_small'],
    ['1000000', 'EUR', 'amount_too_large'],
    ['100000000', 'JPY', 'amount_too_large'],
    ['100', 'IQD', 'currency_not_supported'],
    ['100.50', 'MGA', 'amount_too_fine'],
  ])('%s %s: %s', (text, currency, code) => {
    expect(refused(text, currency)).toBe(code);
  });

  it.each([
    ['0', 'EUR'],
    ['0', 'IQD'],
    ['0.30', 'GBP'],
    ['0.50', 'EUR'],
    ['50', 'JPY'],
    ['175', 'HUF'],
    ['999999.99', 'EUR'],
    ['99999999', 'JPY'],
    // A front seat in Jakarta: its amount has more than eight digits, which Stripe takes there.
    ['11000000', 'IDR'],
  ])('%s %s is not one', (text, currency) => {
    expect(refused(text, currency)).toBeNull();
  });

  it('is what the account can be paid, where that is configured', () => {
    const minimums = minimumsWith({ EUR: '0.20', GBP: '5', GHS: '1' });
    expect(refused('0.20', 'EUR', minimums)).toBeNull();
    expect(refused('0.30', 'GBP', minimums)).toBe('amount_too_small');
    expect(refused('1', 'GHS', minimums)).toBeNull();
    expect(refused('0.40', 'USD', minimums)).toBe('amount_too_small');
  });

  it('says which words of a configuration make no sense', () => {
    for (const wrong of [{ DEM: '1' }, { EUR: '0.505' }, { EUR: 'a lot' }, { KWD: '0.005' }]) {
      expect(() => minimumsWith(wrong)).toThrow(RangeError);
    }
  });

  it('is at most what the currency has digits for', () => {
    expect([stripeMaximum('EUR'), stripeMaximum('INR')]).toEqual([99_999_999, 999_999_999]);
  });
});

describe('amounts', () => {
  it('are read and shown exactly in every currency', () => {
    expect(['0.29', '1', '19.9', '1e3', '01', '.5', ' 1'].map((text) => minorOf(text, 2))).toEqual([
      ...[29, 100, 1990],
      ...[null, null, null, null],
    ]);
    const shown = [amountOf(5, 2), amountOf(12345, 2), amountOf(500, 0)];
    expect(shown).toEqual(['0.05', '123.45', '500']);
  });

  it('change their decimals exactly, or not at all', () => {
    expect([rescaled(12_000, 0, 2), rescaled(1_200_000, 2, 0), rescaled(1_250, 2, 0)]).toEqual([
      1_200_000,
      12_000,
      null,
    ]);
  });

  it('of releases before have the decimals that every Node gave, or none', () => {
    const known = ['EUR', 'JPY', 'KWD', 'YER', 'DEM'].map(digitsOfBefore);
    expect(known).toEqual([2, 0, 3, 0, 2]);
    expect(['HUF', 'COP', 'IDR', 'PKR', 'RSD'].map(digitsOfBefore)).toEqual(Array(5).fill(null));
  });
});
