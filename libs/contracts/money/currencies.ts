/**
 * ISO 4217, list one, as of 2026-01-01: the currencies that a price may have, and how many decimals
 * each has. It is a table of our own because what a price file means must not depend on the
 * machine that reads it: `Intl` gives CLDR's digits, which say how an amount is usually shown, and
 * they moved within one major version of Node (HUF, IDR, COP and PKR had two decimals before they
 * had none). Codes without decimals of their own (precious metals, tests, funds) are not prices.
 */
const byDigits: readonly (readonly [digits: number, codes: string])[] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'],
  [
    2,
    `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
     CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD
     HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA
     MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN
     QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP
     TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG`,
  ],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
];

const digitsOf: ReadonlyMap<string, number> = new Map(
  byDigits.flatMap(([digits, codes]) => codes.split(/\s+/).map((code) => [code, digits] as const)),
);

export const currencyCodes: readonly string[] = [...digitsOf.keys()];

/** ISO 4217, upper case. */
export const isCurrency = (code: string): boolean => digitsOf.has(code);

/** Digits after the decimal point: 2 for EUR, 0 for JPY, 3 for KWD. RangeError: no currency. */
export function currencyDigits(code: string): number {
  const digits = digitsOf.get(code);
  if (digits === undefined) throw new RangeError(`${JSON.stringify(code)} is no currency`);
  return digits;
}
