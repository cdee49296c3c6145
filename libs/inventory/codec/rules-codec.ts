import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import type { TextChange } from '../commands.js';
import type { MinorUnits, TimeMs } from '../ids.js';
import type { EventRules, SaleRules } from '../layout.js';

/** Stored numbers: never renumber, only append. */
const stranded: readonly SaleRules['strandedSingles'][] = ['refuse', 'allow'];
const buyers: readonly SaleRules['buyers'][] = ['guest', 'verified'];

/**
 * Rules of an event, whole. What may be absent is one more than it is, and 0 where it is absent;
 * so are prices, for places that are not for sale.
 */
export function writeRules(to: ByteWriter, { rules, capacities }: EventRules): void {
  to.uint(rules.prices.length);
  for (const price of rules.prices) to.uint(price + 1);
  to.text(rules.currency);
  to.uint(rules.opensAtMs === null ? 0 : rules.opensAtMs + 1);
  to.uint(rules.endsAtMs === null ? 0 : rules.endsAtMs + 1);
  to.uint(rules.holdTtlMs);
  to.uint(rules.holdTtlMsMax);
  to.uint(rules.paymentTtlMs);
  to.uint(rules.placesPerHoldMax);
  to.uint(rules.placesPerBuyerMax);
  to.byte(stranded.indexOf(rules.strandedSingles));
  to.byte(buyers.indexOf(rules.buyers));
  to.uint(capacities.length);
  for (const capacity of capacities) to.uint(capacity);
}

export function readRules(from: ByteReader): EventRules {
  const rules: SaleRules = {
    prices: readList(from, () => price(from)),
    currency: from.text(),
    opensAtMs: optionalTime(from),
    endsAtMs: optionalTime(from),
    holdTtlMs: from.uint(),
    holdTtlMsMax: from.uint(),
    paymentTtlMs: from.uint(),
    placesPerHoldMax: from.uint(),
    placesPerBuyerMax: from.uint(),
    strandedSingles: stranded[from.below(stranded.length)],
    buyers: buyers[from.below(buyers.length)],
  };
  return { rules, capacities: readList(from, () => from.below(2 ** 32)) };
}

export function writeTexts(to: ByteWriter, texts: readonly TextChange[]): void {
  to.uint(texts.length);
  for (const { field, before, after } of texts) {
    to.text(field);
    to.text(before);
    to.text(after);
  }
}

export function readTexts(from: ByteReader): TextChange[] {
  const size = from.size(3);
  return Array.from({ length: size }, () => {
    return { field: from.text(), before: from.text(), after: from.text() };
  });
}

function readList<Value>(from: ByteReader, read: () => Value): Value[] {
  const size = from.size(1);
  return Array.from({ length: size }, read);
}

function price(from: ByteReader): MinorUnits {
  return (from.uint() - 1) as MinorUnits;
}

function optionalTime(from: ByteReader): TimeMs | null {
  const value = from.uint();
  return value === 0 ? null : ((value - 1) as TimeMs);
}
