import type { ChangeRules, TextChange } from '../commands.js';
import { notForSale, type InventoryLayout } from '../layout.js';
import { isCount, isIndex, isText } from './plain-values.js';

const textsMax = 20;
const fieldBytesMax = 40;
/** Of a text before and after; who changes longer ones cuts them. */
const textBytesMax = 500;

type Patch = ChangeRules['rules'];

/** What each field of a change must be, when it is there. */
const fits: Readonly<{ [Field in keyof Patch]-?: (value: unknown) => boolean }> = {
  prices: (value) => Array.isArray(value) && value.every(isPrice),
  opensAtMs: (value) => value === null || isCount(value),
  endsAtMs: (value) => value === null || isCount(value),
  holdTtlMs: isPositive,
  holdTtlMsMax: isPositive,
  paymentTtlMs: isPositive,
  placesPerHoldMax: isPositive,
  placesPerBuyerMax: isPositive,
  strandedSingles: (value) => value === 'refuse' || value === 'allow',
  buyers: (value) => value === 'guest' || value === 'verified',
  accessibleRelease: (value) => value === 'never' || value === 'sold_out' || isCount(value),
  wheelchairsPerBuyerMax: isPositive,
  placesPerAddressMax: (value) => value === null || isPositive(value),
};

/** The first malformed field of a change, or null. Rules may be such that nobody can buy. */
export function malformedRules(layout: InventoryLayout, command: ChangeRules): string | null {
  const { rules, capacities, texts } = command;
  for (const [field, value] of Object.entries(rules)) {
    const isKnown = Object.hasOwn(fits, field);
    if (!isKnown || !fits[field as keyof Patch](value)) return `rules.${field}`;
  }
  const few = (rules.prices?.length ?? Infinity) < layout.categories.length;
  if (few || (rules.prices?.length ?? 0) > pricesMax) return 'rules.prices';
  for (let i = 0; i < capacities.length; i++) {
    const { area, capacity } = capacities[i];
    const repeated = capacities.findIndex((other) => other.area === area) < i;
    if (!isIndex(area) || repeated) return `capacities[${i}].area`;
    if (!isIndex(capacity) || capacity < 1) return `capacities[${i}].capacity`;
  }
  if (texts.length > textsMax) return 'texts';
  const odd = texts.findIndex((text) => !isTextChange(text));
  return odd < 0 ? null : `texts[${odd}]`;
}

/** Or none: not for sale. */
const isPrice = (value: unknown): boolean => isCount(value) || value === notForSale;

/** As many as a plan has categories at most (limits.ts). */
const pricesMax = 500;

function isTextChange({ field, before, after }: TextChange): boolean {
  if (!isText(field, 1, fieldBytesMax)) return false;
  return isText(before, 0, textBytesMax) && isText(after, 0, textBytesMax);
}

function isPositive(value: unknown): boolean {
  return isCount(value) && value >= 1;
}
