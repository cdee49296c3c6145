import { limits } from '#libs/contracts/limits.js';
import type { EventId, MinorUnits, TimeMs } from '#libs/inventory/ids.js';
import {
  isForSale,
  notForSale,
  usualRules,
  type AccessibleRelease,
  type SaleRules,
} from '#libs/inventory/layout.js';
import { currencyDigits } from '#libs/contracts/money/currencies.js';
import type { Cancellation } from './cancellation.js';
import type { EventType } from './catalogue.js';
import { invalid, joinPath, Problems, valid, type Checked } from './checked.js';
import { compilePlan, sha256, type CompiledPlan } from './compile-plan.js';
import { eventDefaults } from './event-defaults.js';
import type { EventFile } from './event-file.js';
import type { EventFees } from './fees.js';
import { noImages, type SaidImages } from './media/event-image.js';
import type { SaidOfPerformer, SaidOfVenue } from './profiles/write-profiles.js';
import { overlapNote } from './overlapping-seats.js';
import { wordsOf } from './search/plain-words.js';
import { startDay } from './start-time.js';
import { countSeats, type PretixPlan } from './pretix-plan.js';

/**
 * Puts an event file and its plan together: every category that sells something has a price, every
 * price has a category, the plan is compiled with the event's areas, the rules are complete.
 * The result is what import-event.ts writes; nothing is decided after this.
 */
export interface PreparedEvent {
  readonly eventId: EventId;
  readonly name: string;
  readonly description: string;
  /** null: the file does not say. */
  readonly organiser: string | null;
  readonly type: EventType;
  readonly venue: string;
  readonly city: string;
  readonly performers: readonly string[];
  readonly saidOfVenue: SaidOfVenue;
  readonly saidOfPerformers: readonly SaidOfPerformer[];
  readonly thumbnailUrl: string | null;
  readonly images: SaidImages;
  readonly startsAtMs: number;
  readonly utcOffsetMinutes: number | null;
  /** As the file has it. */
  readonly timeZone: string | null;
  /** What was taken for granted, for people. */
  readonly notes: readonly string[];
  /** Decimals of every amount of the event: ISO 4217's. */
  readonly currencyDigits: number;
  readonly priceMinMinor: number;
  readonly priceMaxMinor: number;
  /** Some places have no price, which releases before did not know. */
  readonly hasNotForSale: boolean;
  readonly plan: CompiledPlan;
  readonly rules: SaleRules;
  /** What is in its prices; in `currencyDigits`. */
  readonly fees: EventFees;
  /** Absent: the file does not say. */
  readonly cancellation?: Cancellation | null;
  /** Rules that the file leaves to the defaults, which are not the same in every release. */
  readonly unsaid: readonly (keyof SaleRules)[];
}

/**
 * `plan` null: an event of areas only. `nowMs`: what `"on_sale": "now"` means. `images`: those that
 * the file names, read.
 */
export function prepareEvent(
  event: EventFile,
  plan: PretixPlan | null,
  nowMs: number,
  images: SaidImages = noImages,
): Checked<PreparedEvent> {
  const areas = event.areas ?? [];
  const problems = new Problems();
  const seating = plan ?? emptyPlan(event.venue);
  if (countSeats(seating) === 0 && areas.length === 0) {
    const path = plan === null ? 'plan' : 'areas';
    problems.add(path, 'is missing: there is no seat and no area to sell');
  }
  const compiled = compilePlan(seating, { areas, focal: event.focal });
  const sold = soldCategories(compiled);
  checkPrices(event, compiled, sold, problems);
  const eventId = event.id ?? derivedId(event);
  if (problems.list.length > 0) return invalid(problems.list);
  const prices = soldPrices(event, sold);
  const overlap = overlapNote(compiled);
  return valid({
    eventId: eventId as EventId,
    name: event.name,
    description: event.description ?? '',
    organiser: event.organiser ?? null,
    type: event.type ?? 'other',
    venue: event.venue,
    city: event.city,
    performers: event.performers,
    saidOfVenue: event.saidOfVenue,
    saidOfPerformers: event.saidOfPerformers,
    thumbnailUrl: event.thumbnail_url ?? null,
    images,
    startsAtMs: event.startsAtMs,
    utcOffsetMinutes: event.utcOffsetMinutes,
    timeZone: event.timeZone,
    notes: overlap === null ? event.notes : [...event.notes, overlap],
    currencyDigits: currencyDigits(event.currency),
    priceMinMinor: Math.min(...prices),
    priceMaxMinor: Math.max(...prices),
    hasNotForSale: prices.length < sold.size,
    plan: compiled,
    rules: rulesOf(event, compiled, nowMs),
    fees: event.fees,
    ...(event.cancellation === undefined ? {} : { cancellation: event.cancellation }),
    unsaid: unsaidRules(event),
  });
}

const emptyPlan = (name: string): PretixPlan => ({ name, categories: [], zones: [] });

function soldCategories({ layout }: CompiledPlan): Set<string> {
  const indexes = new Set<number>(layout.categoryOfSeat);
  for (const area of layout.areas) indexes.add(area.category);
  return new Set([...indexes].sort((a, b) => a - b).map((index) => layout.categories[index]));
}

const soldPrices = (event: EventFile, sold: ReadonlySet<string>): MinorUnits[] =>
  [...sold].map((name) => (event.prices.get(name) ?? notForSale) as MinorUnits).filter(isForSale);

function checkPrices(
  event: EventFile,
  plan: CompiledPlan,
  sold: ReadonlySet<string>,
  problems: Problems,
): void {
  for (const category of sold) {
    // Seats of no category are in the plan of a house, and not in its sale.
    if (category === '' || event.prices.has(category)) continue;
    problems.add(joinPath('prices', category), 'is missing; null if it is not for sale');
  }
  if (problems.list.length === 0 && soldPrices(event, sold).length === 0) {
    problems.add('prices', 'leave nothing for sale');
  }
  for (const category of event.prices.keys()) {
    if (!plan.layout.categories.includes(category)) {
      problems.add(joinPath('prices', category), 'is not a category of the plan or of an area');
    }
  }
}

function rulesOf(event: EventFile, plan: CompiledPlan, nowMs: number): SaleRules {
  const minutes = (value: number): number => Math.round(value * 60_000);
  const holdTtlMs = minutes(event.hold_minutes ?? eventDefaults.holdMinutes);
  const paymentTtlMs = minutes(event.payment_minutes ?? eventDefaults.paymentMinutes);
  const placesPerBuyerMax = event.buyer_limit ?? eventDefaults.buyerLimit;
  return {
    // A category that sells nothing needs no price.
    prices: plan.layout.categories.map(
      (name) => (event.prices.get(name) ?? notForSale) as MinorUnits,
    ),
    currency: event.currency,
    opensAtMs: opensAtOf(event.onSale, nowMs),
    endsAtMs: event.saleEndsAtMs as TimeMs,
    holdTtlMs,
    holdTtlMsMax:
      event.hold_minutes_max === undefined
        ? 2 * holdTtlMs + paymentTtlMs
        : minutes(event.hold_minutes_max),
    paymentTtlMs,
    placesPerHoldMax: event.places_per_hold ?? Math.min(placesPerBuyerMax, limits.placesPerHoldMax),
    placesPerBuyerMax,
    strandedSingles: event.stranded_singles ?? 'refuse',
    buyers: event.buyers ?? 'guest',
    accessibleRelease: releaseOf(event),
    wheelchairsPerBuyerMax: event.wheelchair_limit ?? usualRules.wheelchairsPerBuyerMax,
    placesPerAddressMax: event.address_limit ?? usualRules.placesPerAddressMax,
  };
}

/** The core knows no start: hours before it are a time. */
function releaseOf({ accessible_release: said, startsAtMs }: EventFile): AccessibleRelease {
  if (said === undefined) return usualRules.accessibleRelease;
  if (typeof said === 'string') return said;
  return Math.round(startsAtMs - said * 3_600_000) as TimeMs;
}

function unsaidRules(event: EventFile): (keyof SaleRules)[] {
  const said: readonly (readonly [keyof SaleRules, unknown])[] = [
    ['holdTtlMs', event.hold_minutes],
    ['holdTtlMsMax', event.hold_minutes_max],
    ['paymentTtlMs', event.payment_minutes],
    ['placesPerHoldMax', event.places_per_hold],
    ['placesPerBuyerMax', event.buyer_limit],
    ['strandedSingles', event.stranded_singles],
    ['buyers', event.buyers],
    ['accessibleRelease', event.accessible_release],
    ['wheelchairsPerBuyerMax', event.wheelchair_limit],
    ['placesPerAddressMax', event.address_limit],
    // Another time at every import.
    ['opensAtMs', event.onSale === 'now' ? undefined : event.onSale],
  ];
  return said.flatMap(([rule, value]) => (value === undefined ? [rule] : []));
}

function opensAtOf(onSale: EventFile['onSale'], nowMs: number): TimeMs | null {
  if (onSale === 'manual') return null;
  return (onSale === 'now' ? nowMs : onSale) as TimeMs;
}

const idKeyLengthMax = 48;

/**
 * Name, city, day at the venue: `evt_hamletleeds20270301`. A name without Latin letters is named by
 * its digest instead, so that the same file always means the same event.
 */
function derivedId(event: EventFile): string {
  const latin = (text: string): string =>
    wordsOf(text)
      .join('')
      .replace(/[^a-z0-9]/g, '');
  const name = latin(event.name);
  const named =
    name === ''
      ? `n${sha256(Buffer.from(event.name.normalize('NFC'))).toString('hex', 0, 8)}`
      : name;
  const { startsAtMs: atMs, utcOffsetMinutes } = event;
  const day = startDay({ atMs, utcOffsetMinutes }).replaceAll('-', '');
  return `evt_${(named + latin(event.city)).slice(0, idKeyLengthMax - day.length)}${day}`;
}
