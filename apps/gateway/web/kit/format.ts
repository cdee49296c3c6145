import { currencyDigits, isCurrency } from '#libs/contracts/money/currencies.js';
import { locale } from '../texts/texts.js';

/** Amounts, times and durations for eyes. What an amount is comes from the currency table. */
export function money(minor: number, currency: string): string {
  const digits = isCurrency(currency) ? currencyDigits(currency) : 2;
  const shown = minor % 10 ** digits === 0 ? 0 : digits;
  return amounts(currency, shown, digits).format(minor / 10 ** digits);
}

/** One is made for all amounts alike: making it takes as long as fifty uses, and a map has 100. */
const amountsMade = new Map<string, Intl.NumberFormat>();

function amounts(currency: string, least: number, most: number): Intl.NumberFormat {
  const key = `${currency} ${least} ${most}`;
  const known = amountsMade.get(key);
  if (known !== undefined) return known;
  const digits = { minimumFractionDigits: least, maximumFractionDigits: most };
  const made = new Intl.NumberFormat(locale, { style: 'currency', currency, ...digits });
  amountsMade.set(key, made);
  return made;
}

/** "£29.50 to £95", or the one price there is. */
export function priceRange(least: number, most: number, currency: string): string {
  const low = money(least, currency);
  return least === most ? low : `${low} – ${money(most, currency)}`;
}

/** By the venue's clock; where that is not known, by the one here. */
export function when(iso: string, timeZone: string | null, style: 'long' | 'short'): string {
  const options: Intl.DateTimeFormatOptions =
    style === 'long'
      ? { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }
      : { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' };
  return at(iso, timeZone, { ...options, hour: 'numeric', minute: '2-digit' });
}

/** To the second, for what is being looked into. */
export const moment = (ms: number, timeZone: string | null): string =>
  at(new Date(ms).toISOString(), timeZone, { dateStyle: 'medium', timeStyle: 'medium' });

/** "21" and "Dec", for a leaf of a calendar. */
export const dayAndMonth = (iso: string, timeZone: string | null): readonly [string, string] => [
  at(iso, timeZone, { day: 'numeric' }).replace('.', ''),
  at(iso, timeZone, { month: 'short' }).replace('.', ''),
];

function at(iso: string, timeZone: string | null, options: Intl.DateTimeFormatOptions): string {
  const date = new Date(iso);
  try {
    const zone = timeZone === null ? {} : { timeZone };
    return new Intl.DateTimeFormat(locale, { ...options, ...zone }).format(date);
  } catch {
    return new Intl.DateTimeFormat(locale, options).format(date);
  }
}

const counts = new Intl.NumberFormat(locale);
export const count = (number: number): string => counts.format(number);

/** "1:09"; from an hour on "2:01:09". */
export function clockFace(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  const two = (number: number) => String(number).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const rest = two(seconds % 60);
  return hours === 0 ? `${minutes}:${rest}` : `${hours}:${two(minutes)}:${rest}`;
}
