import Type, { type Static } from 'typebox';
import { limits } from '#libs/contracts/limits.js';
import { amountOf, minorOf, rescaled } from '#libs/contracts/money/amounts.js';
import { currencyDigits, isCurrency } from '#libs/contracts/money/currencies.js';
import { noParts, shareOf, type PriceParts } from '#libs/contracts/money/price-parts.js';
import type { Problems } from './checked.js';

/**
 * What buyers pay beyond the face value of a ticket, and what tax is in it. The event file says
 * face values; what is sold, shown and charged are prices with the fee in them.
 *
 * PF1  A price is whole: its owner, lists, maps and holds know it with the fee in it and nothing
 *      else, so there is no total to which something is added later. Its parts are told beside it,
 *      and nothing is charged by them.
 * PF2  Parts are those of one place, each rounded half up to the minor unit, and added up: of any
 *      places they are exact, face value and fee are the price, and a place that goes back takes
 *      its own with it.
 * PF3  The parts of a price are in event_price before an owner sells at it, and stay when it sells
 *      at another: what is held at a price is told by them (event-fees.ts).
 * PF4  What is free stays free: no fee makes a price of nothing.
 */
export interface FeeTerms {
  /** Of each ticket, in the minor unit of the event. */
  readonly ticketMinor: number;
  /** Of the face value, in thousandths of a per cent. */
  readonly feeMilli: number;
  /** Contained in the price, in thousandths of a per cent; null: nothing is said of it. */
  readonly taxMilli: number | null;
}

export interface EventFees {
  readonly terms: FeeTerms;
  /** By price; one that is not there is face value alone. */
  readonly parts: ReadonlyMap<number, PriceParts>;
}

export const noTerms: FeeTerms = { ticketMinor: 0, feeMilli: 0, taxMilli: null };
export const noFees: EventFees = { terms: noTerms, parts: new Map() };

/** As the event file says them. */
export const FeesSchema = Type.Object(
  {
    /** Of each ticket, in the currency's main unit. */
    per_ticket: Type.Optional(Type.String()),
    /** Of the face value. */
    percent: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);
export const TaxSchema = Type.Object({ percent: Type.String() }, { additionalProperties: false });

export interface SaidTerms {
  readonly fees: Static<typeof FeesSchema> | null | undefined;
  readonly tax: Static<typeof TaxSchema> | null | undefined;
}

/** What cannot be read is a problem of its path, and taken for nothing. */
export function readTerms(
  { fees, tax }: SaidTerms,
  currency: string,
  problems: Problems,
): FeeTerms {
  const percent = (path: string, text: string): number => {
    const milli = minorOf(text, milliDigits);
    if (milli !== null && milli <= limits.feeMilliMax) return milli;
    problems.add(path, 'must be per cent from 0 to 100 with at most 3 decimals such as "7.5"');
    return 0;
  };
  const { per_ticket: ticket = '0', percent: share = '0' } = fees ?? {};
  return {
    ticketMinor: isCurrency(currency) ? ticketOf(ticket, currency, problems) : 0,
    feeMilli: percent('fees.percent', share),
    taxMilli: tax === undefined || tax === null ? null : percent('tax.percent', tax.percent),
  };
}

const milliDigits = 3;
const whole = 100_000;

function ticketOf(text: string, currency: string, problems: Problems): number {
  const digits = currencyDigits(currency);
  const minor = minorOf(text, digits);
  if (minor !== null && minor <= limits.priceMinorMax) return minor;
  const most = amountOf(limits.priceMinorMax, digits);
  problems.add(
    'fees.per_ticket',
    minor === null
      ? `must be an amount with at most ${digits} decimals`
      : `must be at most ${most} ${currency}`,
  );
  return 0;
}

/** The price of a place, with its parts (PF2, PF4). */
export function pricedBy(
  faceMinor: number,
  { ticketMinor, feeMilli, taxMilli }: FeeTerms,
): { readonly priceMinor: number; readonly parts: PriceParts } {
  if (faceMinor === 0) return { priceMinor: 0, parts: noParts };
  const feeMinor = ticketMinor + shareOf(faceMinor, feeMilli, whole);
  const priceMinor = faceMinor + feeMinor;
  const taxIn = (minor: number): number =>
    taxMilli === null ? 0 : shareOf(minor, taxMilli, whole + taxMilli);
  return {
    priceMinor,
    parts: { feeMinor, taxMinor: taxIn(priceMinor), feeTaxMinor: taxIn(feeMinor) },
  };
}

/** As an event keeps them whose amounts have other decimals; null: it cannot. */
export function feesIn(
  { terms, parts }: EventFees,
  fromDigits: number,
  toDigits: number,
): EventFees | null {
  let isExact = true;
  const kept = (minor: number): number => {
    const other = rescaled(minor, fromDigits, toDigits);
    isExact &&= other !== null;
    return other ?? 0;
  };
  const rows = [...parts].map(([price, { feeMinor, taxMinor, feeTaxMinor }]) => {
    const inOthers = { feeMinor: kept(feeMinor), taxMinor: kept(taxMinor) };
    return [kept(price), { ...inOthers, feeTaxMinor: kept(feeTaxMinor) }] as const;
  });
  const said = { ...terms, ticketMinor: kept(terms.ticketMinor) };
  return isExact ? { terms: said, parts: new Map(rows) } : null;
}

export const percentWord = (milli: number): string =>
  amountOf(milli, milliDigits).replace(/\.?0+$/, '');

/** For people: "7.5 % and 1.50 a ticket". */
export function feesWord({ ticketMinor, feeMilli }: FeeTerms, digits: number): string {
  const share = feeMilli === 0 ? [] : [`${percentWord(feeMilli)} %`];
  const ticket = ticketMinor === 0 ? [] : [`${amountOf(ticketMinor, digits)} a ticket`];
  return [...share, ...ticket].join(' and ') || 'none';
}

export const taxWord = ({ taxMilli }: FeeTerms): string =>
  taxMilli === null ? 'not said' : `${percentWord(taxMilli)} % in the price`;
