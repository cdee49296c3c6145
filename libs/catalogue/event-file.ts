import Type, { type Static, type TSchema } from 'typebox';
import { eventIdOf } from '#libs/contracts/ids.js';
import { limits } from '#libs/contracts/limits.js';
import { isCurrency } from '#libs/contracts/money/currencies.js';
import { publishedMinimums, type MinimumCharges } from '#libs/contracts/money/stripe-charging.js';
import { organiserIdPattern } from '#libs/contracts/roles.js';
import { CancellationSchema, readCancellation, type Cancellation } from './cancellation.js';
import { eventTypes } from './catalogue.js';
import { checker, invalid, Problems, valid, type Checked } from './checked.js';
import { eventDefaults } from './event-defaults.js';
import { pricesOf } from './event-prices.js';
import { FeesSchema, readTerms, TaxSchema, type EventFees } from './fees.js';
import type { SaidOfPerformer, SaidOfVenue } from './profiles/write-profiles.js';
import { parseJsonFile } from './json-file.js';
import { readTimeIn, timeHint, type ReadTime, type StartTime } from './start-time.js';
import { knowsZone } from './time-zones/zone-clock.js';

/**
 * The event file: what is sold, when, and for how much, over a seating plan. Example:
 *
 *   { "plan": "theatre.pretix.json", "name": "Hamlet", "venue": "Old Theatre", "city": "Leeds",
 *     "performers": ["..."], "start": "2027-03-01T19:30:00Z", "on_sale": "now",
 *     "currency": "GBP", "prices": { "Stalls": "89.50", "Standing": "25" },
 *     "areas": [{ "name": "Floor", "capacity": 200, "category": "Standing" }],
 *     "buyer_limit": 4, "hold_minutes": 10 }
 *
 * Prices are decimal strings in the currency's main unit: a JSON number could mean cents as well
 * as euros, and has no exact tenths. One that could never be charged is refused here, and not when
 * the first buyer pays. Unknown fields are refused, so that a misspelt limit is not silently the
 * default. The plan's categories are checked in prepare-event.ts.
 */
const text = (lengthMin: number, lengthMax: number) =>
  Type.String({
    minLength: lengthMin,
    maxLength: lengthMax,
    pattern: '^[^\\u0000-\\u001f\\u007f]*$',
  });
const httpsAddress = Type.String({
  maxLength: limits.urlLengthMax,
  pattern: '^https://[!#-;=?-\\[\\]-~]+$',
});
const minutesOf = (ms: number): number => ms / 60_000;
const minutes = Type.Number({
  minimum: minutesOf(limits.holdTtlMsMin),
  maximum: minutesOf(limits.holdTtlMsMax),
});
const coordinate = Type.Number({ minimum: -limits.coordinateMax, maximum: limits.coordinateMax });

const Area = Type.Object(
  {
    name: text(1, limits.labelLengthMax),
    capacity: Type.Integer({ minimum: 1, maximum: limits.areaCapacityMax }),
    category: text(1, limits.labelLengthMax),
  },
  { additionalProperties: false },
);

const imagePath = text(1, 1_000);

const orNone = <Schema extends TSchema>(schema: Schema) =>
  Type.Optional(Type.Union([schema, Type.Null()]));

/** What it leaves out stays as it is; null takes it away. */
const VenueSchema = Type.Object(
  {
    name: text(1, limits.nameLengthMax),
    /** In one line. */
    address: orNone(text(1, limits.addressLengthMax)),
    /** People, of the whole house. */
    capacity: orNone(Type.Integer({ minimum: 1, maximum: limits.venueCapacityMax })),
    /** Its IANA name; also what `time_zone` of the event is then. */
    time_zone: orNone(Type.String({ maxLength: limits.labelLengthMax })),
    /** Path of a picture, relative to the event file. */
    image: orNone(imagePath),
  },
  { additionalProperties: false },
);

/** What it leaves out stays as it is. */
const PerformerSchema = Type.Object(
  {
    name: text(1, limits.labelLengthMax),
    description: Type.Optional(Type.String({ maxLength: limits.descriptionLengthMax })),
    links: Type.Optional(Type.Array(httpsAddress, { maxItems: limits.linksPerPerformerMax })),
  },
  { additionalProperties: false },
);

const EventSchema = Type.Object(
  {
    /** `evt_` and letters or digits; absent: made from name, city and date. */
    id: Type.Optional(Type.String()),
    /** Path of the plan file, relative to this one. Absent: areas only. */
    plan: Type.Optional(text(1, 1_000)),
    name: text(1, limits.nameLengthMax),
    description: Type.Optional(Type.String({ maxLength: limits.descriptionLengthMax })),
    /** Whose event it is: his tokens see its sales. Absent: nobody's, or as it was. */
    organiser: Type.Optional(Type.String({ pattern: organiserIdPattern })),
    /** Default other. */
    type: Type.Optional(Type.Enum([...eventTypes])),
    /** Its name, or more about it. */
    venue: Type.Union([text(1, limits.nameLengthMax), VenueSchema]),
    city: text(1, limits.labelLengthMax),
    performers: Type.Optional(
      Type.Array(Type.Union([text(1, limits.labelLengthMax), PerformerSchema]), {
        maxItems: limits.performersPerEventMax,
      }),
    ),
    /**
     * Path of a picture, relative to this file: PNG, JPEG, WebP or AVIF, limits.imageFileBytesMax.
     * Absent or null: none of its own; buyers are shown the venue's.
     */
    image: Type.Optional(Type.Union([imagePath, Type.Null()])),
    /** Of a picture, at an address whose bytes never change: another picture, another address. */
    thumbnail_url: Type.Optional(httpsAddress),
    /** ISO 8601: with the venue's offset, or by the clock of `time_zone`. Buyers are shown it. */
    start: Type.String(),
    /** Of the venue, by its IANA name. Default: what the offset of `start` says. */
    time_zone: Type.Optional(Type.String({ maxLength: limits.labelLengthMax })),
    /** ISO 8601 with a time zone, `now` (default), or `manual`: only by command. */
    on_sale: Type.Optional(Type.String()),
    /** ISO 8601 with a time zone; default: the start. From then on nobody buys. */
    sale_ends_at: Type.Optional(Type.String()),
    /** verified: only users of a configured issuer, no guests. Default guest. */
    buyers: Type.Optional(Type.Enum(['guest', 'verified'])),
    /** When seats for wheelchair users are for all; a number: hours before the start. */
    accessible_release: Type.Optional(
      Type.Union([
        Type.Enum(['never', 'sold_out']),
        Type.Number({ minimum: 0, maximum: limits.accessibleReleaseHoursMax }),
      ]),
    ),
    /** Live wheelchair spaces of one buyer. Default 2. */
    wheelchair_limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: limits.placesPerBuyerMax }),
    ),
    currency: Type.String(),
    /** Face values; null: not for sale, and on the map as blocked. */
    prices: Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()])),
    /** Added to them: what is shown and charged is the sum. Absent or null: nothing. */
    fees: Type.Optional(Type.Union([FeesSchema, Type.Null()])),
    /** In them, and in the fees. Absent or null: nothing is said of it. */
    tax: Type.Optional(Type.Union([TaxSchema, Type.Null()])),
    areas: Type.Optional(Type.Array(Area, { maxItems: limits.areasPerPlanMax })),
    /** Where the best view is, in plan units. */
    focal: Type.Optional(
      Type.Object({ x: coordinate, y: coordinate }, { additionalProperties: false }),
    ),
    /** Live places of one buyer. Default 4. */
    buyer_limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.placesPerBuyerMax })),
    /** Places held from one address at a time. Default: a tenth of the event's, 50 or more. */
    address_limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: limits.addressPlacesRuleMax }),
    ),
    /** Places in one hold. Default: buyer_limit. */
    places_per_hold: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.placesPerHoldMax })),
    /** Life of a new hold. Default 10. */
    hold_minutes: Type.Optional(minutes),
    /** A hold is never extended past this. Default: twice hold_minutes, and a payment. */
    hold_minutes_max: Type.Optional(
      Type.Number({ minimum: 0, maximum: minutesOf(limits.holdLifetimeMsMax) }),
    ),
    /** How long a hold waits for a payment that has begun. Default 10. */
    payment_minutes: Type.Optional(minutes),
    /** May a hold leave one free seat alone? Default refuse. */
    stranded_singles: Type.Optional(Type.Enum(['refuse', 'allow'])),
    /** Buyers may give bookings back themselves; null: not. Absent: not, or as it was. */
    cancellation: Type.Optional(Type.Union([CancellationSchema, Type.Null()])),
  },
  { additionalProperties: false },
);

type RawEvent = Static<typeof EventSchema>;

type ReadFields =
  | 'start'
  | 'on_sale'
  | 'sale_ends_at'
  | 'prices'
  | 'fees'
  | 'tax'
  | 'time_zone'
  | 'venue'
  | 'performers'
  | 'cancellation';

/** An event file with its times and amounts read. */
export interface EventFile extends Omit<RawEvent, ReadFields> {
  readonly startsAtMs: number;
  readonly timeZone: string | null;
  /** What was taken for granted, for people. */
  readonly notes: readonly string[];
  /** Of the clock at the venue; null: the file says its start in UTC. */
  readonly utcOffsetMinutes: number | null;
  readonly onSale: 'now' | 'manual' | number;
  readonly saleEndsAtMs: number;
  /** Minor units by category name, fees in them; null: not for sale. */
  readonly prices: ReadonlyMap<string, number | null>;
  readonly fees: EventFees;
  readonly venue: string;
  readonly saidOfVenue: SaidOfVenue;
  /** Path of its picture; null: it has none any more; absent: the file does not say. */
  readonly venueImage?: string | null;
  readonly performers: readonly string[];
  readonly saidOfPerformers: readonly SaidOfPerformer[];
  /** Absent: the file does not say. */
  readonly cancellation?: Cancellation | null;
}

const checkShape = checker<RawEvent>(EventSchema);

/** Bytes of an event file to an event, or every problem with its path. */
export function parseEventFile(bytes: Uint8Array): Checked<EventFile> {
  const json = parseJsonFile(bytes, limits.eventFileBytesMax);
  return json.kind === 'valid' ? checkEventFile(json.value) : json;
}

/** `minimums`: the least that can be charged, by currency. */
export function checkEventFile(
  value: unknown,
  minimums: MinimumCharges = publishedMinimums,
): Checked<EventFile> {
  const shape = checkShape(value);
  if (shape.kind === 'invalid') return shape;
  const { start, on_sale: onSaleText, sale_ends_at: endText, prices, ...others } = shape.value;
  const { time_zone: timeZone, venue, performers, cancellation, fees, tax, ...event } = others;
  const problems = new Problems();
  const notes: string[] = [];
  const house = houseOf(venue, timeZone, problems);
  const zone = zoneOf(house.zonePath, house.zone, problems);
  const timeAt = (path: string, text: string): StartTime | null =>
    settled(path, readTimeIn(text, zone), problems, notes);
  if (event.id !== undefined && eventIdOf(event.id) === null) {
    problems.add('id', 'must be "evt_" and 1 to 48 small letters or digits');
  }
  const starts = timeAt('start', start);
  const onSale = onSaleOf(onSaleText ?? 'now', (text) => timeAt('on_sale', text));
  const ends = endText === undefined ? starts : timeAt('sale_ends_at', endText);
  const saleEndsAtMs = saleEndOf(endText !== undefined, ends?.atMs ?? null, onSale, problems);
  if (!isCurrency(event.currency)) problems.add('currency', 'must be a currency such as "EUR"');
  const terms = readTerms({ fees, tax }, event.currency, problems);
  const priced = pricesOf(prices, terms, event.currency, minimums, problems);
  const around = { startsAtMs: starts?.atMs ?? null, currency: event.currency, timeAt, problems };
  const given =
    cancellation === undefined ? {} : { cancellation: readCancellation(cancellation, around) };
  checkAreas(event.areas ?? [], problems);
  checkTimes(event, problems);
  checkImage(event, problems);
  if (problems.list.length > 0 || starts === null || onSale === null || saleEndsAtMs === null) {
    return invalid(problems.list);
  }
  const { atMs: startsAtMs, utcOffsetMinutes } = starts;
  const times = { startsAtMs, utcOffsetMinutes, timeZone: zone, onSale, saleEndsAtMs, notes };
  const lineup = lineupOf(performers ?? []);
  return valid({ ...event, ...times, ...house.said, ...lineup, ...given, ...priced });
}

function zoneOf(path: string, zone: string | undefined, problems: Problems): string | null {
  if (zone !== undefined && knowsZone(zone) === 'unknown') {
    problems.add(path, 'must be an IANA time zone such as "Europe/Berlin"');
    return null;
  }
  return zone ?? null;
}

interface House {
  readonly said: Pick<EventFile, 'venue' | 'saidOfVenue' | 'venueImage'>;
  readonly zone: string | undefined;
  readonly zonePath: string;
}

/** The zone of the event is that of its venue, wherever the file says it. */
function houseOf(
  venue: RawEvent['venue'],
  timeZone: string | undefined,
  problems: Problems,
): House {
  const {
    name,
    time_zone: ownZone,
    image,
    ...said
  } = typeof venue === 'string' ? { name: venue } : venue;
  const zone = timeZone ?? ownZone ?? undefined;
  if (ownZone !== undefined && ownZone !== null && ownZone !== zone) {
    problems.add('time_zone', `is not the venue's, ${ownZone}`);
  }
  const saidZone = timeZone ?? ownZone;
  const ofZone = saidZone === undefined ? {} : { timeZone: saidZone };
  return {
    said: {
      venue: name,
      saidOfVenue: { ...said, ...ofZone },
      ...(image === undefined ? {} : { venueImage: image }),
    },
    zone,
    zonePath: timeZone === undefined ? 'venue.time_zone' : 'time_zone',
  };
}

const lineupOf = (
  performers: NonNullable<RawEvent['performers']>,
): Pick<EventFile, 'performers' | 'saidOfPerformers'> => ({
  performers: performers.map((one) => (typeof one === 'string' ? one : one.name)),
  saidOfPerformers: performers.filter((one) => typeof one !== 'string'),
});

/** The start, unless the file says otherwise: a festival or an exhibition sells on after it. */
function saleEndOf(
  said: boolean,
  endsAtMs: number | null,
  onSale: EventFile['onSale'] | null,
  problems: Problems,
): number | null {
  if (typeof onSale === 'number' && endsAtMs !== null && onSale >= endsAtMs) {
    const end = said ? 'sale_ends_at' : 'start, where the sale ends without a sale_ends_at';
    problems.add('on_sale', `must be before ${end}`);
  }
  return endsAtMs;
}

function settled(
  path: string,
  time: ReadTime,
  problems: Problems,
  notes: string[],
): StartTime | null {
  if (time.kind === 'wrong') {
    const words = path === 'on_sale' && time.message === timeHint ? ', "now" or "manual"' : '';
    problems.add(path, time.message + words);
    return null;
  }
  if (time.note !== null) notes.push(`${path} ${time.note}`);
  return time.time;
}

function onSaleOf(
  value: string,
  timeOf: (text: string) => StartTime | null,
): EventFile['onSale'] | null {
  if (value === 'now' || value === 'manual') return value;
  return timeOf(value)?.atMs ?? null;
}

function checkAreas(areas: NonNullable<RawEvent['areas']>, problems: Problems): void {
  const names = new Set<string>();
  areas.forEach(({ name }, index) => {
    if (names.has(name)) problems.add(`areas[${index}].name`, `repeats ${JSON.stringify(name)}`);
    names.add(name);
  });
}

function checkTimes(event: Omit<RawEvent, ReadFields>, problems: Problems): void {
  const hold = event.hold_minutes ?? eventDefaults.holdMinutes;
  const payment = event.payment_minutes ?? eventDefaults.paymentMinutes;
  const max = event.hold_minutes_max;
  if (max !== undefined && max < Math.max(hold, payment)) {
    problems.add('hold_minutes_max', 'must be at least hold_minutes and payment_minutes');
  }
  const places = event.places_per_hold;
  if (places !== undefined && places > (event.buyer_limit ?? eventDefaults.buyerLimit)) {
    problems.add('places_per_hold', 'must not be more than buyer_limit');
  }
  const atAddress = event.address_limit;
  if (atAddress !== undefined && atAddress < (event.buyer_limit ?? eventDefaults.buyerLimit)) {
    problems.add('address_limit', 'must not be less than buyer_limit');
  }
}

function checkImage(event: Omit<RawEvent, ReadFields>, problems: Problems): void {
  if (event.thumbnail_url === undefined || (event.image ?? null) === null) return;
  problems.add('thumbnail_url', 'must not be there beside image, of which a thumbnail is made');
}
