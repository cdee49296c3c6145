import Type from 'typebox';

import { limits } from '#libs/contracts/limits.js';

/** The shapes of the API, shared by validation and docs/openapi.json. Amounts are minor units. */
const strict = { additionalProperties: false } as const;

export const EventIdText = Type.String({
  pattern: '^evt_[a-z0-9]{1,48}$',
  description: 'Public id of an event.',
});
export const ReservationIdText = Type.String({
  pattern: '^rsv_[a-z0-9]{1,48}_[a-z0-9]{16,32}$',
  description: 'Public id of a reservation; names its event.',
});
export const BookingIdText = Type.String({
  pattern: '^bkg_[a-z0-9]{1,48}_[a-z0-9]{16,32}$',
  description: 'Public id of a booking; names its event.',
});
export const SeatIdText = Type.String({
  minLength: 1,
  maxLength: limits.seatIdLengthMax,
  description: "The seating plan's own id of a seat.",
});
export const AreaName = Type.String({ minLength: 1, maxLength: limits.nameLengthMax });
export const Time = Type.String({ format: 'date-time', description: 'RFC 3339, UTC.' });
export const Money = Type.Integer({ description: 'Amount in the minor unit of the currency.' });
export const Currency = Type.String({ description: 'ISO 4217, upper case.' });

const Quantity = Type.Integer({ minimum: 1, maximum: 1_000_000 });

export const AreaQuantityBody = Type.Object({ area: AreaName, quantity: Quantity }, strict);

export const BestAvailableBody = Type.Object(
  {
    quantity: Quantity,
    category: Type.Optional(Type.String({ minLength: 1, maxLength: limits.nameLengthMax })),
    section: Type.Optional(Type.String({ minLength: 1, maxLength: limits.nameLengthMax })),
    wheelchairs: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    price_max: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    may_split: Type.Optional(Type.Boolean()),
  },
  strict,
);

export const ReservationBody = Type.Object(
  {
    event_id: EventIdText,
    seats: Type.Optional(Type.Array(SeatIdText, { description: 'Named seats.' })),
    areas: Type.Optional(Type.Array(AreaQuantityBody, { description: 'General admission.' })),
    best_available: Type.Optional(
      Type.Array(BestAvailableBody, { description: 'Blocks that the engine chooses.' }),
    ),
  },
  strict,
);

export const ReleaseBody = Type.Object(
  {
    seats: Type.Optional(Type.Array(SeatIdText, { minItems: 1 })),
    areas: Type.Optional(Type.Array(AreaQuantityBody, { minItems: 1 })),
  },
  { ...strict, description: 'Absent: the whole reservation is released.' },
);

export const ExtendBody = Type.Object(
  { seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400 })) },
  strict,
);

const Printable = '^[\\x21-\\x7e]+$';

export const BookingBody = Type.Object(
  {
    reservation_id: ReservationIdText,
    payment_token: Type.String({
      pattern: Printable,
      maxLength: limits.paymentTokenLengthMax,
      description: 'Stripe payment method, e.g. `pm_card_visa`.',
    }),
    idempotency_key: Type.String({
      pattern: Printable,
      maxLength: limits.idempotencyKeyLengthMax,
      description: 'Same key, one charge, one answer.',
    }),
  },
  strict,
);

export const Session = Type.Object({
  user_id: Type.String(),
  token: Type.String(),
  expires_at: Time,
});

export const Reservation = Type.Object({
  reservation_id: ReservationIdText,
  event_id: EventIdText,
  seats: Type.Array(SeatIdText),
  areas: Type.Array(AreaQuantityBody),
  total: Money,
  currency: Currency,
  expires_at: Time,
});

export const ReservationState = Type.Object({
  status: Type.Enum(['held', 'paying', 'released']),
  ...Reservation.properties,
});

export const Booking = Type.Object({
  booking_id: BookingIdText,
  reservation_id: ReservationIdText,
  event_id: EventIdText,
  status: Type.Enum(['PENDING', 'CONFIRMED', 'DECLINED', 'EXPIRED', 'CANCELLED', 'FAILED']),
  seats: Type.Array(SeatIdText),
  areas: Type.Array(AreaQuantityBody),
  total: Money,
  currency: Currency,
  decline_code: Type.Optional(Type.String()),
  created_at: Time,
});

export const EventSummaryDoc = Type.Object({
  event_id: EventIdText,
  name: Type.String(),
  venue: Type.String(),
  city: Type.String(),
  performers: Type.Array(Type.String()),
  starts_at: Time,
  on_sale_at: Type.Union([Time, Type.Null()]),
  currency: Currency,
  price_min: Money,
  price_max: Money,
});

export const SaleStatus = Type.Enum(['scheduled', 'open', 'closed']);

export const AreaState = Type.Object({
  area: AreaName,
  capacity: Type.Integer(),
  free: Type.Integer(),
  held: Type.Integer(),
  booked: Type.Integer(),
  blocked: Type.Integer(),
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

export const EventDoc = Type.Object({
  ...EventSummaryDoc.properties,
  description: Type.String(),
  layout_hash: Type.String(),
  seat_count: Type.Integer(),
  categories: Type.Array(Type.Object({ name: Type.String(), price: Money })),
  areas: Type.Array(Type.Object({ name: AreaName, capacity: Type.Integer(), price: Money })),
  places_per_reservation_max: Type.Integer(),
  places_per_buyer_max: Type.Integer(),
  reservation_seconds: Type.Integer(),
  sale_status: Type.Union([SaleStatus, Type.Null()]),
  availability: Type.Union([Availability, Type.Null()], {
    description: 'null while the owner of the event cannot be reached.',
  }),
});

export const SeatDoc = Type.Object({
  seat_id: SeatIdText,
  row: Type.String(),
  number: Type.String(),
  status: Type.Enum(['free', 'held', 'booked', 'blocked']),
  price: Money,
});

export const SnapshotDoc = Type.Object({
  type: Type.Literal('snapshot'),
  event_id: EventIdText,
  version: Type.Integer(),
  sale_status: SaleStatus,
  layout_hash: Type.String(),
  statuses: Type.String({
    pattern: '^[fhbx]*$',
    description: 'One character a seat index: f free, h held, b booked, x blocked.',
  }),
  areas: Type.Array(AreaState),
});
