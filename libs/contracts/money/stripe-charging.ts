import { amountOf, minorOf, rescaled } from './amounts.js';
import { currencyDigits, isCurrency } from './currencies.js';

/**
 * What Stripe takes, which is not what ISO 4217 or a screen says: how many decimals an `amount` of
 * its API has, which amounts it never takes, and the least and the most of a charge. Asked by the
 * provider, which converts (apps/payments/provider), by the simulator, which refuses as Stripe
 * does, and by imports, so that nothing is put on sale that could never be paid.
 *
 * From https://docs.stripe.com/currencies as stored on 2026-11-29 (a copy of 2026, without BGN).
 * That page lists UGX among the currencies without decimals and, under "Special cases", says that
 * it is sent with two, always 00; the special case decides. The rule for three decimals is in the
 * copy of 2022-12-31 alone, and stands.
 */
const apiDigits = 2;
const zeroDecimal = codes('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF');
const threeDecimal = codes('BHD JOD KWD OMR TND');
/** Sent with two decimals that are always 00. */
const wholeUnits = codes('ISK UGX');

/** Presentment currencies, over all countries of an account. */
const presented = codes(
  `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BIF BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF
   CLP CNY COP CRC CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GNF GTQ GYD HKD HNL
   HTG HUF IDR ILS INR ISK JMD JPY KES KGS KHR KMF KRW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD
   MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN PYG QAR RON
   RSD RUB RWF SAR SBD SCR SEK SGD SHP SLE SOS SRD SZL THB TJS TOP TRY TTD TWD TZS UAH UGX USD UYU
   UZS VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW BHD JOD KWD OMR TND`,
);

/** Least charge, in the currency's main unit, when it is also the account's. */
const minimumTexts: Readonly<Record<string, string>> = {
  USD: '0.50',
  AED: '2',
  ARS: '0.50',
  AUD: '0.50',
  BRL: '0.50',
  CAD: '0.50',
  CHF: '0.50',
  COP: '0.50',
  CZK: '15',
  DKK: '2.50',
  EUR: '0.50',
  GBP: '0.30',
  HKD: '4',
  HUF: '175',
  IDR: '0.50',
  ILS: '0.50',
  INR: '0.50',
  JPY: '50',
  KRW: '50',
  MXN: '10',
  MYR: '2',
  NOK: '3',
  NZD: '0.50',
  PHP: '0.50',
  PLN: '2',
  RON: '2',
  RUB: '0.50',
  SEK: '3',
  SGD: '0.50',
  THB: '10',
  ZAR: '0.50',
};

/** Most digits of an `amount`: eight, but for currencies whose notes have many zeros. */
const amountMax = 99_999_999;
const longerAmounts: ReadonlyMap<string, number> = new Map([
  ['IDR', 999_999_999_999],
  ['COP', 9_999_999_999],
  ['INR', 999_999_999],
]);

/** An amount with its own decimals: those of the currency, or those it was stored with. */
export interface Money {
  readonly minor: number;
  readonly digits: number;
  /** ISO 4217, upper case. */
  readonly currency: string;
}

/** Minimums in Stripe's units by currency; they depend on where the account is paid out. */
export type MinimumCharges = ReadonlyMap<string, number>;

export type ChargeRefusal =
  | 'currency_not_supported'
  | 'amount_too_fine'
  | 'amount_too_small'
  | 'amount_too_large';

export interface ChargeProblem {
  readonly code: ChargeRefusal;
  /** For who wrote the price: `must be at least 0.50 EUR, ...`. */
  readonly message: string;
}

export const publishedMinimums: MinimumCharges = minimumsOf(minimumTexts);

/** Decimals of an `amount` in Stripe's API. */
export function stripeDigits(currency: string): number {
  if (zeroDecimal.has(currency)) return 0;
  return threeDecimal.has(currency) ? 3 : apiDigits;
}

/** The least step between two amounts, in Stripe's units. */
export function stripeStep(currency: string): number {
  if (wholeUnits.has(currency)) return 100;
  return threeDecimal.has(currency) ? 10 : 1;
}

export const stripeMaximum = (currency: string): number => longerAmounts.get(currency) ?? amountMax;

/** What is sent to Stripe; null: the amount is finer than Stripe's units. Never rounds. */
export function stripeAmountOf({ minor, digits, currency }: Money): number | null {
  const amount = rescaled(minor, digits, stripeDigits(currency));
  return amount === null || amount % stripeStep(currency) !== 0 ? null : amount;
}

/** What Stripe said, in the units that we keep. May be a fraction for amounts that are not ours. */
export function minorOfStripe(amount: number, currency: string, digits: number): number {
  const shift = digits - stripeDigits(currency);
  return shift >= 0 ? amount * 10 ** shift : amount / 10 ** -shift;
}

/** Why Stripe would never take this amount; null: it would. Nothing to pay is no charge. */
export function chargeProblem(
  money: Money,
  minimums: MinimumCharges = publishedMinimums,
): ChargeProblem | null {
  const { minor, currency } = money;
  if (minor === 0) return null;
  const least = minimums.get(currency);
  if (!presented.has(currency) && least === undefined) {
    const message = `must be 0: the payment provider takes no ${currency}`;
    return { code: 'currency_not_supported', message };
  }
  const shown = (amount: number): string =>
    `${amountOf(amount, stripeDigits(currency))} ${currency}`;
  const amount = stripeAmountOf(money);
  if (amount === null) {
    const message = `must be a multiple of ${shown(stripeStep(currency))}, which is charged`;
    return { code: 'amount_too_fine', message };
  }
  if (least !== undefined && amount < least) {
    const message = `must be at least ${shown(least)}, the least that can be charged, or 0`;
    return { code: 'amount_too_small', message };
  }
  const most = stripeMaximum(currency);
  if (amount <= most) return null;
  const message = `must be at most ${shown(most)}, the most that can be charged`;
  return { code: 'amount_too_large', message };
}

/**
 * Minimums of a configuration over the published ones. RangeError: names what is wrong, by its
 * currency. A currency that is named here is taken to be one that the account can charge.
 */
export function minimumsWith(texts: Readonly<Record<string, string>>): MinimumCharges {
  return new Map([...publishedMinimums, ...minimumsOf(texts)]);
}

function minimumsOf(texts: Readonly<Record<string, string>>): MinimumCharges {
  return new Map(
    Object.entries(texts).map(([currency, text]) => {
      const digits = isCurrency(currency) ? currencyDigits(currency) : null;
      const minor = digits === null ? null : minorOf(text, digits);
      const amount =
        digits === null || minor === null ? null : stripeAmountOf({ minor, digits, currency });
      if (amount === null) throw new RangeError(`${currency} is not an amount of a currency`);
      return [currency, amount] as const;
    }),
  );
}

function codes(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}
