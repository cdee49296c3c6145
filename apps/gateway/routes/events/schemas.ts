import Type from 'typebox';

import { eventTypes } from '#libs/catalogue/catalogue.js';
import { limits } from '#libs/contracts/limits.js';

import { Breakdown } from '../shared/breakdown.js';
import {
  AreaName,
  AreaState,
  Currency,
  EventIdText,
  Money,
  MoneyOrNone,
  PerformerIdText,
  SaleStatus,
  Time,
  VenueIdText,
} from '../shared/schemas.js';

/** Of this API as a path, such as `/v1/media/...`; from elsewhere as a whole address. */
const Picture = Type.String({ format: 'uri-reference' });

const LargePicture = Type.Union([Picture, Type.Null()], {
  description:
    'The same picture, its longer side up to ' + `${limits.imageSideMax} pixels; null: none.`,
});

/** Events in lists and alone, and the venue of one. Amounts are minor units. */
export const EventTypeText = Type.Enum([...eventTypes]);

export const EventSummaryDoc = Type.Object({
  event_id: EventIdText,
  name: Type.String(),
  type: EventTypeText,
  date: Type.String({ format: 'date-time', description: "Its start by the venue's clock." }),
  time_zone: Type.Union([Type.String(), Type.Null()], {
    description: 'IANA name; where only an offset is known, a zone that always has it, or null.',
  }),
  venue_id: VenueIdText,
  venue_name: Type.String(),
  city: Type.String(),
  thumbnail_url: Type.Union([Picture, Type.Null()], {
    description:
      "A small picture, the event's own or else its venue's. What is at the address never " +
      'changes: another picture has another one.',
  }),
  performers: Type.Array(Type.String()),
  starts_at: Time,
  on_sale_at: Type.Union([Time, Type.Null()]),
  cancelled_at: Type.Union([Time, Type.Null()], {
    description: 'It does not take place: nothing is sold, and bookings go back. null: it does.',
  }),
  currency: Currency,
  currency_digits: Type.Union([Type.Integer(), Type.Null()], {
    description:
      'Decimals of every amount of this event and of its reservations and bookings: 2 in EUR, ' +
      '0 in JPY. null: not known, of an event that is not charged before an operator says it.',
  }),
  price_min: Money,
  price_max: Money,
});

const events = Type.Integer();

export const FacetsDoc = Type.Object({
  total: Type.Integer({
    description: `At most ${limits.eventsListedMax}; of more matches, so many are counted.`,
  }),
  types: Type.Array(Type.Object({ type: EventTypeText, events })),
  cities: Type.Array(Type.Object({ city: Type.String(), events }), {
    description: `Most events first, at most ${limits.facetCitiesMax}.`,
  }),
  months: Type.Array(Type.Object({ month: Type.String(), events }), {
    description: `As 2027-03, by the calendar at the venue; at most ${limits.facetMonthsMax}.`,
  }),
});

export const Availability = Type.Object({
  version: Type.Integer(),
  seats: Type.Object({
    free: Type.Integer(),
    held: Type.Integer(),
    booked: Type.Integer(),
    blocked: Type.Integer(),
  }),
  areas: Type.Array(AreaState),
});

const orNone = (description: string) => Type.Union([Type.String(), Type.Null()], { description });

export const HouseDoc = Type.Object({
  venue_id: VenueIdText,
  name: Type.String(),
  city: Type.String(),
  address: orNone('In one line; null: not known.'),
  capacity: Type.Union([Type.Integer(), Type.Null()], { description: 'People; null: not known.' }),
  time_zone: orNone('IANA name; null: not known.'),
  thumbnail_url: Type.Union([Picture, Type.Null()], {
    description: 'A small picture of it; null: none.',
  }),
  image_url: LargePicture,
});

const LineupDoc = Type.Array(Type.Object({ performer_id: PerformerIdText, name: Type.String() }), {
  description: 'Who plays, each with the id of a page of their own: `/v1/performers/{id}`.',
});

export const EventDoc = Type.Object({
  ...EventSummaryDoc.properties,
  image_url: LargePicture,
  description: Type.String(),
  venue: HouseDoc,
  lineup: LineupDoc,
  layout_hash: Type.String(),
  seat_count: Type.Integer(),
  categories: Type.Array(
    Type.Object({
      name: Type.String(),
      price: Money,
      breakdown: Type.Optional(Breakdown),
    }),
  ),
  areas: Type.Array(Type.Object({ name: AreaName, capacity: Type.Integer(), price: MoneyOrNone })),
  places_per_reservation_max: Type.Integer(),
  places_per_buyer_max: Type.Integer(),
  reservation_seconds: Type.Integer(),
  sale_ends_at: Type.Union([Time, Type.Null()]),
  buyers: Type.Enum(['guest', 'verified'], {
    description: 'verified: only users of an issuer, no guests.',
  }),
  accessible_release: Type.Union([Type.Enum(['never', 'sold_out']), Time], {
    description:
      'When seats for wheelchair users and companions are for all: never, when the rest of the ' +
      'price class is sold out, or from this time on.',
  }),
  wheelchair_limit: Type.Integer({ description: 'Wheelchair spaces that one buyer may have.' }),
  cancellation: Type.Union(
    [
      Type.Object({ until: Time, fee_per_place: Money, booking_fee_kept: Type.Boolean() }),
      Type.Null(),
    ],
    {
      description:
        'Until when buyers may give bookings back, and what is kept of each place; null: not.',
    },
  ),
  fees: Type.Union([Type.Object({ percent: Type.String(), per_ticket: Money }), Type.Null()], {
    description:
      'The booking fee of a ticket: per cent of its face value, and an amount. It is in every ' +
      'price and total already; null: there is none.',
  }),
  tax: Type.Union(
    [Type.Object({ percent: Type.String(), included: Type.Literal(true) }), Type.Null()],
    { description: 'Contained in every price, face value and fee; null: nothing is said of it.' },
  ),
  sale_status: Type.Union([SaleStatus, Type.Null()]),
  availability: Type.Union([Availability, Type.Null()], {
    description: 'null while the owner of the event cannot be reached.',
  }),
});
