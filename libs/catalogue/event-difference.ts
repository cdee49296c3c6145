import type { Pool } from 'pg';
import { rescaled } from '#libs/contracts/money/amounts.js';
import type { AreaIndex, EventId, MinorUnits } from '#libs/inventory/ids.js';
import { isForSale } from '#libs/inventory/layout.js';
import { planDifferences } from './plan-differences.js';
import type { ChangeRules, TextChange } from '#libs/inventory/commands.js';
import { cancellationIn, cancellationWord, type Cancellation } from './cancellation.js';
import type { EventDetail } from './catalogue.js';
import { feesIn, feesWord, taxWord, type EventFees } from './fees.js';
import { detailOf, detailStatement, type DetailRow } from './event-rows.js';
import { imageWord } from './media/event-image.js';
import type { PreparedEvent } from './prepare-event.js';
import {
  capacityLine,
  priceLines,
  ruleKeys,
  ruleLine,
  textLine,
  timeWord as time,
} from './rule-words.js';

/**
 * What an update would change of an event that is there, in words ("area Floor: capacity 5 -> 9")
 * and as the command that its owner is asked for.
 */
export interface EventDifference {
  /** What nobody can change: seats, names of areas and categories, the currency. */
  readonly fixed: readonly string[];
  readonly change: ChangeRules;
  /** Whether rules or capacities differ, and not only what is shown. */
  readonly ofRules: boolean;
  readonly lines: readonly string[];
  /** Of the prices that are stored; null: they are not known. */
  readonly currencyDigits: number | null;
  /** In these; absent: it stays as it is. */
  readonly cancellation?: Cancellation | null;
  /** In these too; absent: nothing may be changed in any case. */
  readonly fees?: EventFees;
}

export interface StoredEvent {
  readonly detail: EventDetail;
  /** By index, also those that have no price. */
  readonly categories: readonly string[];
  /** As its file said it, and the picture that it named, by `source`. */
  readonly thumbnailUrl: string | null;
  readonly image: string | null;
  /** Of its plan. */
  readonly document: Uint8Array;
}

export async function storedEvent(pool: Pool, eventId: EventId): Promise<StoredEvent | null> {
  const { rows } = await pool.query<DetailRow>(detailStatement, [eventId]);
  if (rows.length === 0) return null;
  const plans = await pool.query<{ document: Buffer }>(
    'SELECT document FROM seating_plan WHERE hash = $1',
    [rows[0].plan_hash],
  );
  const [{ document }] = plans.rows;
  const { categories, thumbnail_url: thumbnailUrl, image_source: image } = rows[0];
  return { detail: detailOf(rows[0]), categories, thumbnailUrl, image, document };
}

export function differenceOf(event: PreparedEvent, stored: StoredEvent): EventDifference {
  const { detail } = stored;
  const prices = pricesAsStored(event, stored);
  const fixed = fixedDifferences(event, stored, prices);
  const places = capacityChanges(event, detail);
  const rules = ruleChanges(event, detail);
  const ofPrices =
    prices === null ? [] : priceLines(prices.list, detail.rules, stored.categories, prices.digits);
  const kept = cancellationAsStored(event, prices);
  if (kept === 'too_fine') {
    const digits = prices?.digits;
    fixed.push(`cancellation.fee: kept with ${digits} decimals since the first import`);
  }
  const fees = prices === null ? null : feesIn(event.fees, event.currencyDigits, prices.digits);
  if (prices !== null && fees === null) {
    fixed.push(`fees: kept with ${prices.digits} decimals since the first import`);
  }
  const ofCancelling = kept === undefined || kept === 'too_fine' ? {} : { cancellation: kept };
  const texts = textChanges(event, stored, {
    cancellation: ofCancelling.cancellation,
    fees: fees ?? detail.fees,
    digits: prices?.digits ?? 0,
  });
  const lines = [...places.lines, ...ofPrices, ...rules.lines, ...texts.map(textLine)];
  const change: ChangeRules = {
    type: 'ChangeRules',
    rules: ofPrices.length === 0 ? rules.patch : { ...rules.patch, prices: prices?.list ?? [] },
    capacities: places.capacities,
    texts: texts.map(({ field, before, after }) => ({
      field,
      before: cut(before),
      after: cut(after),
    })),
  };
  const ofRules = places.lines.length + ofPrices.length + rules.lines.length > 0;
  const currencyDigits = prices?.digits ?? null;
  const ofFees = fees === null ? {} : { fees };
  return { fixed, change, ofRules, lines, currencyDigits, ...ofCancelling, ...ofFees };
}

/** undefined: the file does not say, or says it in amounts that are refused already. */
const cancellationAsStored = (
  { cancellation, currencyDigits }: PreparedEvent,
  prices: StoredPrices | null,
): Cancellation | null | undefined | 'too_fine' =>
  cancellation === undefined || prices === null
    ? undefined
    : cancellationIn(cancellation, currencyDigits, prices.digits);

/** Seats and areas have indexes in the journal, which mean this plan for ever. */
function fixedDifferences(
  event: PreparedEvent,
  { detail, document }: StoredEvent,
  prices: StoredPrices | null,
): string[] {
  const { currency } = event.rules;
  const fixed = currency === detail.currency ? [] : [`currency: ${detail.currency} -> ${currency}`];
  if (event.plan.hash !== detail.layoutHash) fixed.push(...planDifferences(document, event.plan));
  if (prices !== null || fixed.length > 0) return fixed;
  const kept = detail.currencyDigits;
  if (kept !== null) {
    return [
      `prices: kept with ${kept} decimals since the first import, which those of the file exceed`,
    ];
  }
  return ['prices: stored without their decimals; import them once as they were, with --update'];
}

function capacityChanges(
  { plan }: PreparedEvent,
  detail: EventDetail,
): { lines: string[]; capacities: ChangeRules['capacities'] } {
  const changed = detail.areas.flatMap(({ name, capacity }, index) => {
    const next = plan.layout.areas.at(index)?.capacity ?? capacity;
    const area = index as AreaIndex;
    return next === capacity ? [] : [{ name, before: capacity, area, capacity: next }];
  });
  return {
    lines: changed.map((one) => capacityLine(one.name, one.before, one.capacity)),
    capacities: changed.map(({ area, capacity }) => ({ area, capacity })),
  };
}

type Patch = ChangeRules['rules'];
/** What the file does not say stays as it is: the default may have been another one then. */
function ruleChanges(
  event: PreparedEvent,
  { rules: before }: EventDetail,
): { lines: string[]; patch: Patch } {
  const { rules } = event;
  const said = ruleKeys.filter((key) => !event.unsaid.includes(key));
  const changed = said.filter((key) => rules[key] !== before[key]);
  const lines = changed.map((key) => ruleLine(key, before, rules));
  return { lines, patch: Object.fromEntries(changed.map((key) => [key, rules[key]])) };
}

interface StoredPrices {
  /** By the categories of the stored plan, in the decimals of the stored prices. */
  readonly list: readonly MinorUnits[];
  readonly digits: number;
}

/** What Node may have said where it moved. */
const possibleDigits: readonly number[] = [0, 2];

/**
 * The prices of the file as the event keeps prices: another build may number the categories of the
 * same plan otherwise, and have read amounts with other decimals. Null: nobody knows with which.
 */
function pricesAsStored(
  event: PreparedEvent,
  { detail, categories }: StoredEvent,
): StoredPrices | null {
  const before = detail.rules.prices;
  const own = event.plan.layout.categories;
  const under = (digits: number): readonly MinorUnits[] | null => {
    const list = categories.map((name, i) => {
      const index = own.indexOf(name);
      if (index === -1) return before[i];
      const price = event.rules.prices[index];
      return isForSale(price) ? rescaled(price, event.currencyDigits, digits) : price;
    });
    return list.includes(null) ? null : (list as MinorUnits[]);
  };
  const known = detail.currencyDigits;
  if (known !== null) {
    const list = under(known);
    return list === null ? null : { list, digits: known };
  }
  for (const digits of possibleDigits) {
    const list = under(digits);
    if (list?.every((price, i) => price === before[i]) === true) return { list, digits };
  }
  return null;
}

/** What the file says in amounts, as the event keeps them. */
interface InStoredAmounts {
  readonly cancellation: Cancellation | null | undefined;
  readonly fees: EventFees;
  readonly digits: number;
}

function textChanges(
  event: PreparedEvent,
  { detail, thumbnailUrl, image }: StoredEvent,
  { cancellation, fees, digits }: InStoredAmounts,
): TextChange[] {
  const before = detail.cancellation;
  const texts: readonly (readonly [string, string, string])[] = [
    ['name', detail.name, event.name],
    ['venue', detail.venue, event.venue],
    ['city', detail.city, event.city],
    ['type', detail.type, event.type],
    ['start', time(detail.startsAtMs), time(event.startsAtMs)],
    ['performers', detail.performers.join(', '), event.performers.join(', ')],
    ['description', detail.description, event.description],
    ['organiser', detail.organiser ?? '', event.organiser ?? detail.organiser ?? ''],
    ['thumbnail_url', thumbnailUrl ?? '', event.thumbnailUrl ?? ''],
    ['image', imageWord(image), imageWord(event.images.event?.source)],
    [
      'cancellation',
      cancellationWord(before, digits),
      cancellationWord(cancellation === undefined ? before : cancellation, digits),
    ],
    ['fees', feesWord(detail.fees.terms, digits), feesWord(fees.terms, digits)],
    ['tax', taxWord(detail.fees.terms), taxWord(fees.terms)],
  ];
  const changed = texts.filter(([, before, after]) => before !== after);
  return changed.map(([field, before, after]) => ({ field, before, after }));
}

/** As much as a fact keeps of a text, in bytes. */
const textBytesMax = 500;

function cut(text: string): string {
  if (Buffer.byteLength(text) <= textBytesMax) return text;
  let kept = '';
  for (const letter of text) {
    if (Buffer.byteLength(kept) + Buffer.byteLength(letter) > textBytesMax - 3) break;
    kept += letter;
  }
  return `${kept}...`;
}
