import type { ChangeRules, TextChange } from '#libs/inventory/commands.js';
import type { RulesChanged } from '#libs/inventory/facts.js';
import type { MinorUnits } from '#libs/inventory/ids.js';
import { isForSale, type AccessibleRelease, type SaleRules } from '#libs/inventory/layout.js';
import { amountOf } from '#libs/contracts/money/amounts.js';

/** Changes of rules in the words of the event file: "hold_minutes: 10 -> 8". */
type Patch = ChangeRules['rules'];
type RuleKey = Exclude<keyof Patch, 'prices'>;
type Shown = readonly [name: string, show: (value: never) => string];

const minutes = (ms: number): string => String(ms / 60_000);
export const timeWord = (ms: number | null): string =>
  ms === null ? 'never' : new Date(ms).toISOString();

/** Hours before the start are a time by then. */
function releaseWord(release: AccessibleRelease): string {
  return typeof release === 'string' ? release : timeWord(release);
}

const usualOr = (places: number | null): string => (places === null ? 'usual' : String(places));

const shownRules: Readonly<Record<RuleKey, Shown>> = {
  opensAtMs: ['on_sale', timeWord],
  endsAtMs: ['sale_ends_at', timeWord],
  holdTtlMs: ['hold_minutes', minutes],
  holdTtlMsMax: ['hold_minutes_max', minutes],
  paymentTtlMs: ['payment_minutes', minutes],
  placesPerHoldMax: ['places_per_hold', String],
  placesPerBuyerMax: ['buyer_limit', String],
  strandedSingles: ['stranded_singles', String],
  buyers: ['buyers', String],
  accessibleRelease: ['accessible_release', releaseWord],
  wheelchairsPerBuyerMax: ['wheelchair_limit', String],
  placesPerAddressMax: ['address_limit', usualOr],
};

export const ruleKeys = Object.keys(shownRules) as readonly RuleKey[];

export function ruleLine(key: RuleKey, before: SaleRules, after: SaleRules): string {
  const [name, show] = shownRules[key];
  return `${name}: ${show(before[key] as never)} -> ${show(after[key] as never)}`;
}

export const capacityLine = (area: string, before: number, after: number): string =>
  `area ${area}: capacity ${before} -> ${after}`;

/** All that a fact changed, what is only shown with it. */
export function changeLines(
  { before, after, texts }: RulesChanged,
  areas: readonly string[],
  categories: readonly string[],
  digits: number,
): string[] {
  const capacities = areas.flatMap((area, i) => {
    const [from, to] = [before.capacities[i], after.capacities[i]];
    return from === to ? [] : [capacityLine(area, from, to)];
  });
  const keys = ruleKeys.filter((key) => before.rules[key] !== after.rules[key]);
  return [
    ...capacities,
    ...priceLines(after.rules.prices, before.rules, categories, digits),
    ...keys.map((key) => ruleLine(key, before.rules, after.rules)),
    ...texts.map(textLine),
  ];
}

export function priceLines(
  prices: readonly MinorUnits[],
  { prices: before, currency }: SaleRules,
  categories: readonly string[],
  digits: number,
): string[] {
  return categories.flatMap((category, i) => {
    if (prices[i] === before[i]) return [];
    const [from, to] = [before[i], prices[i]].map((price) =>
      isForSale(price) ? amountOf(price, digits) : 'not for sale',
    );
    return [`price ${category}: ${from} -> ${to} ${currency}`];
  });
}

const shownMax = 60;
const short = (text: string): string =>
  text.length <= shownMax ? text : `${text.slice(0, shownMax)}...`;
export const textLine = ({ field, before, after }: TextChange): string =>
  `${field}: ${short(before)} -> ${short(after)}`;
