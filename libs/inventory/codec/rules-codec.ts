import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import type { TextChange } from '../commands.js';
import type { MinorUnits, TimeMs } from '../ids.js';
import { usualRules, type AccessibleRelease, type EventRules, type SaleRules } from '../layout.js';

/** Stored numbers: never renumber, only append. */
const stranded: readonly SaleRules['strandedSingles'][] = ['refuse', 'allow'];
const buyers: readonly SaleRules['buyers'][] = ['guest', 'verified'];

/** Beside the buyers: what else is said about seats for wheelchair users, where it is not usual. */
const accessBit = 0x80;
/** The same for what one address may hold. */
const addressBit = 0x40;

type Access = Pick<SaleRules, 'accessibleRelease' | 'wheelchairsPerBuyerMax'>;

const usualAccess: Access = {
  accessibleRelease: usualRules.accessibleRelease,
  wheelchairsPerBuyerMax: usualRules.wheelchairsPerBuyerMax,
};

const isUsualAccess = (rules: Access): boolean =>
  rules.accessibleRelease === usualAccess.accessibleRelease &&
  rules.wheelchairsPerBuyerMax === usualAccess.wheelchairsPerBuyerMax;

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
  const saysAccess = !isUsualAccess(rules);
  const { placesPerAddressMax: atAddress } = rules;
  const said = (saysAccess ? accessBit : 0) | (atAddress === null ? 0 : addressBit);
  to.byte(buyers.indexOf(rules.buyers) | said);
  if (saysAccess) writeAccess(to, rules);
  if (atAddress !== null) to.uint(atAddress);
  to.uint(capacities.length);
  for (const capacity of capacities) to.uint(capacity);
}

export function readRules(from: ByteReader): EventRules {
  const plain = {
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
  };
  const head = from.byte();
  const said = (head & accessBit) !== 0;
  const buyer = buyers.at(head & ~accessBit & ~addressBit) ?? from.fail('unknown buyers');
  const access = said ? readAccess(from) : usualAccess;
  if (said && isUsualAccess(access)) from.fail('a second spelling of the usual');
  const placesPerAddressMax = (head & addressBit) === 0 ? null : from.uint();
  const rules: SaleRules = { ...plain, buyers: buyer, ...access, placesPerAddressMax };
  return { rules, capacities: readList(from, () => from.below(2 ** 32)) };
}

function writeAccess(to: ByteWriter, rules: Access): void {
  writeRelease(to, rules.accessibleRelease);
  to.uint(rules.wheelchairsPerBuyerMax);
}

function readAccess(from: ByteReader): Access {
  return { accessibleRelease: readRelease(from), wheelchairsPerBuyerMax: from.uint() };
}

/** A time is two more than it is. */
export function writeRelease(to: ByteWriter, release: AccessibleRelease): void {
  to.uint(release === 'never' ? 0 : release === 'sold_out' ? 1 : release + 2);
}

export function readRelease(from: ByteReader): AccessibleRelease {
  const value = from.uint();
  if (value < 2) return value === 0 ? 'never' : 'sold_out';
  return (value - 2) as TimeMs;
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
