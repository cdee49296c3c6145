import { digitsOfBefore } from '#libs/contracts/money/digits-of-before.js';
import type { EventId, MinorUnits } from '#libs/inventory/ids.js';
import { isForSale, notForSale, usualRules, type SaleRules } from '#libs/inventory/layout.js';
import { cancellationOf, type CancellationRow } from './cancellation.js';
import { mediaAddressOrNone } from './media/event-image.js';
import type { PerformerId, VenueId } from './profiles/venues-performers.js';
import { houseColumns, venueNames, venueOf, type VenueRow } from './profiles/venue-rows.js';
import type { EventDetail, EventSummary, EventType } from './catalogue.js';
import { feesColumns, feesOf, type FeesRow } from './event-fees.js';

/** Rows of the database as the catalogue's shapes. The aliases are e, v and sp. */
export interface SummaryRow {
  readonly event_id: string | null;
  readonly name: string;
  readonly type: EventType;
  readonly venue_id: string;
  readonly venue: string;
  readonly city: string;
  readonly performers: string[];
  readonly starts_at: Date;
  readonly utc_offset_minutes: number | null;
  readonly time_zone: string | null;
  /** As the file has it. */
  readonly thumbnail_url: string | null;
  /** Hash of the event's own; of its venue's. */
  readonly image_thumbnail: string | null;
  readonly venue_thumbnail: string | null;
  readonly on_sale_at: Date | null;
  readonly cancelled_at: Date | null;
  readonly currency: string;
  /** null: stored by a release that did not say. */
  readonly currency_digits: number | null;
  readonly price_min_minor: number;
  readonly price_max_minor: number;
}

export interface DetailRow extends SummaryRow, VenueRow, CancellationRow, FeesRow {
  readonly performer_numbers: string[];
  readonly image_source: string | null;
  readonly image_large: string | null;
  readonly organiser: string | null;
  readonly description: string;
  readonly plan_hash: string;
  readonly seat_count: number;
  readonly categories: string[];
  readonly areas: { name: string; capacity: number; category: number }[];
  readonly rules: StoredRules;
  readonly rules_revision: number;
  /** By area; null: those of the plan. */
  readonly area_capacities: number[] | null;
}

export const summaryColumns = `
  e.event_id, e.name, e.type, ${venueNames}, e.performers, e.starts_at,
  e.utc_offset_minutes, e.time_zone, e.thumbnail_url, e.image_thumbnail, e.on_sale_at,
  e.cancelled_at, e.currency, e.currency_digits, e.price_min_minor, e.price_max_minor`;

export const detailStatement = `
  SELECT ${summaryColumns}, e.image_source, e.image_large, e.organiser, e.description,
         e.plan_hash, e.rules, e.rules_revision, e.area_capacities, e.cancel_until,
         e.cancel_fee_minor, e.cancel_keeps_fee, ${feesColumns}, ${houseColumns},
         ARRAY (SELECT p.performer_id::text
                  FROM unnest(e.performers) WITH ORDINALITY AS n (name, place)
                  JOIN performer p ON p.name = n.name ORDER BY n.place) AS performer_numbers,
         sp.seat_count, sp.categories, sp.areas
    FROM event e JOIN venue v USING (venue_id) JOIN seating_plan sp ON sp.hash = e.plan_hash
   WHERE e.event_id = $1`;

/** What older imports lack: their sale does not end, guests can buy, the rest is as usual. */
type LaterRules = 'endsAtMs' | 'buyers' | keyof typeof usualRules;

/** Rules as the column has them. */
export type StoredRules = Omit<SaleRules, LaterRules> & Partial<SaleRules>;

/**
 * Every field by name and in one order, so that the rules of all events are objects of one shape:
 * a copy by `...` has another hidden class for each event, and whoever reads `rules` on the path
 * of a hold is then compiled anew with each, and in the end for none.
 */
export function wholeRules(
  stored: StoredRules,
  prices: readonly MinorUnits[] = stored.prices,
): SaleRules {
  return {
    prices,
    currency: stored.currency,
    opensAtMs: stored.opensAtMs,
    endsAtMs: stored.endsAtMs ?? null,
    holdTtlMs: stored.holdTtlMs,
    holdTtlMsMax: stored.holdTtlMsMax,
    paymentTtlMs: stored.paymentTtlMs,
    placesPerHoldMax: stored.placesPerHoldMax,
    placesPerBuyerMax: stored.placesPerBuyerMax,
    strandedSingles: stored.strandedSingles,
    buyers: stored.buyers ?? 'guest',
    accessibleRelease: stored.accessibleRelease ?? usualRules.accessibleRelease,
    wheelchairsPerBuyerMax: stored.wheelchairsPerBuyerMax ?? usualRules.wheelchairsPerBuyerMax,
    placesPerAddressMax: stored.placesPerAddressMax ?? usualRules.placesPerAddressMax,
  };
}

/** A category that sold nothing was 0 before there were free ones: nothing was free then. */
export const pricesOfRow = (
  prices: readonly MinorUnits[],
  digits: number | null,
): readonly MinorUnits[] =>
  digits === null ? prices.map((price) => (price === 0 ? notForSale : price)) : prices;

export function summaryOf(row: SummaryRow): EventSummary {
  return {
    eventId: row.event_id as EventId,
    name: row.name,
    type: row.type,
    venueId: `ven_${row.venue_id}` as VenueId,
    venue: row.venue,
    city: row.city,
    performers: row.performers,
    startsAtMs: row.starts_at.getTime(),
    utcOffsetMinutes: row.utc_offset_minutes,
    timeZone: row.time_zone,
    thumbnailUrl:
      mediaAddressOrNone(row.image_thumbnail) ??
      row.thumbnail_url ??
      mediaAddressOrNone(row.venue_thumbnail),
    onSaleAtMs: row.on_sale_at?.getTime() ?? null,
    cancelledAtMs: row.cancelled_at?.getTime() ?? null,
    currency: row.currency,
    currencyDigits: row.currency_digits ?? digitsOfBefore(row.currency),
    priceMinMinor: row.price_min_minor,
    priceMaxMinor: row.price_max_minor,
  };
}

export function detailOf(row: DetailRow): EventDetail {
  const prices = pricesOfRow(row.rules.prices, row.currency_digits);
  const summary = summaryOf(row);
  // By name, as in wholeRules.
  return {
    eventId: summary.eventId,
    name: summary.name,
    type: summary.type,
    venueId: summary.venueId,
    venue: summary.venue,
    city: summary.city,
    performers: summary.performers,
    startsAtMs: summary.startsAtMs,
    utcOffsetMinutes: summary.utcOffsetMinutes,
    timeZone: summary.timeZone,
    thumbnailUrl: summary.thumbnailUrl,
    onSaleAtMs: summary.onSaleAtMs,
    cancelledAtMs: summary.cancelledAtMs,
    currency: summary.currency,
    currencyDigits: summary.currencyDigits,
    priceMinMinor: summary.priceMinMinor,
    priceMaxMinor: summary.priceMaxMinor,
    imageUrl: mediaAddressOrNone(
      row.image_large ?? (row.thumbnail_url === null ? row.venue_large : null),
    ),
    organiser: row.organiser,
    description: row.description,
    house: venueOf(row),
    performerIds: row.performer_numbers.map((number) => `prf_${number}` as PerformerId),
    layoutHash: row.plan_hash,
    seatCount: row.seat_count,
    // A plan may have categories that this event does not sell: they have no price.
    categories: row.categories
      .map((name, index) => ({ name, priceMinor: prices[index] }))
      .filter((category) => isForSale(category.priceMinor)),
    areas: row.areas.map(({ name, capacity, category }, area) => ({
      name,
      capacity: row.area_capacities?.[area] ?? capacity,
      priceMinor: isForSale(prices[category]) ? prices[category] : null,
    })),
    rules: wholeRules(row.rules, prices),
    cancellation: cancellationOf(row),
    fees: feesOf(row),
    rulesRevision: row.rules_revision,
  };
}
