import Type from 'typebox';

import { limits } from '#libs/contracts/limits.js';

/**
 * Shapes that several areas of the API share, for validation and docs/openapi.json, which has every
 * exported one by its name. Amounts are minor units.
 */
const strict = { additionalProperties: false } as const;

export const EventIdText = Type.String({
  pattern: '^evt_[a-z0-9]{1,48}$',
  description: 'Public id of an event.',
});
/** In a request: an id that names nothing is answered so, whatever it looks like. */
export const AskedEventId = Type.String({
  description: 'Public id of an event; one that names nothing is `event_not_found`.',
});
export const VenueIdText = Type.String({
  pattern: '^ven_[1-9][0-9]*$',
  description: 'Public id of a venue.',
});
export const PerformerIdText = Type.String({
  pattern: '^prf_[1-9][0-9]*$',
  description: 'Public id of a performer.',
});
/** Of a venue or performer in a request: the same. */
export const AskedId = Type.String({
  description: 'An id that names nothing is answered so, whatever it looks like.',
});
export const ReservationIdText = Type.String({
  pattern: '^rsv_[a-z0-9]{1,48}_[a-z0-9]{16,32}$',
  description: 'Public id of a reservation; names its event.',
});
export const BookingIdText = Type.String({
  pattern: '^bkg_[a-z0-9]{1,48}_[a-z0-9]{16,32}$',
  description: 'Public id of a booking; names its event.',
});
export const SeatLabelText = Type.String({
  description: 'What people call the seat: section, row and seat.',
});
export const SeatLabelTexts = Type.Array(Type.String(), {
  description: 'What people call these seats, in the order of seat_ids.',
});

export const SeatIdText = Type.String({
  minLength: 1,
  maxLength: limits.seatIdLengthMax,
  description: "The seating plan's own id of a seat.",
});
export const AreaName = Type.String({ minLength: 1, maxLength: limits.nameLengthMax });
export const Time = Type.String({ format: 'date-time', description: 'RFC 3339, UTC.' });
export const Money = Type.Integer({ description: 'Amount in the minor unit of the currency.' });
export const MoneyOrNone = Type.Union([Money, Type.Null()], {
  description: 'null: not for sale. 0 is a price.',
});
export const Currency = Type.String({ description: 'ISO 4217, upper case.' });

const Quantity = Type.Integer({ minimum: 1, maximum: 1_000_000 });

export const AreaQuantityBody = Type.Object({ area: AreaName, quantity: Quantity }, strict);

export const SaleStatus = Type.Enum(['scheduled', 'open', 'closed']);

export const AreaState = Type.Object({
  area: AreaName,
  capacity: Type.Integer(),
  free: Type.Integer(),
  held: Type.Integer(),
  booked: Type.Integer(),
  blocked: Type.Integer(),
});
