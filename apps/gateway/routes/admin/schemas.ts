import Type from 'typebox';

import { limits } from '#libs/contracts/limits.js';
import { roles } from '#libs/contracts/roles.js';

import { AreaState, Currency, EventIdText, Money, SaleStatus, Time } from '../shared/schemas.js';

const OrganiserId = Type.Union([Type.String(), Type.Null()], { description: 'null: nobody’s.' });

export const OfficeEvent = Type.Object({
  event_id: EventIdText,
  name: Type.String(),
  organiser: OrganiserId,
  starts_at: Time,
});

export const Sales = Type.Object({
  ...OfficeEvent.properties,
  sale_status: SaleStatus,
  version: Type.Integer(),
  seats: Type.Object({
    free: Type.Integer(),
    held: Type.Integer(),
    booked: Type.Integer(),
    blocked: Type.Integer(),
  }),
  areas: Type.Array(AreaState),
  bookings: Type.Integer({ description: 'Live ones: what was cancelled is not in it.' }),
  takings: Money,
  currency: Currency,
});

export const ReasonBody = Type.Object(
  {
    reason: Type.String({
      minLength: 1,
      maxLength: limits.reasonLengthMax,
      pattern: '^[^\\u0000-\\u001f\\u007f]*$',
      description: 'Why, for whoever asks later.',
    }),
  },
  { additionalProperties: false },
);

export const SaleState = Type.Object({ event_id: EventIdText, sale_status: SaleStatus });

export const HistoryEntry = Type.Object({
  version: Type.Integer(),
  at: Type.Union([Time, Type.Null()]),
  what: Type.String({ description: 'The fact; `Unknown` is one of a newer release.' }),
  by: Type.Union([Type.Object({ role: Type.String(), name: Type.String() }), Type.Null()]),
  reservation_id: Type.Optional(Type.String()),
  booking_id: Type.Optional(Type.String()),
  user_id: Type.Optional(Type.String()),
  seat_ids: Type.Optional(Type.Array(Type.String())),
  areas: Type.Optional(Type.Array(Type.Object({ area: Type.String(), quantity: Type.Integer() }))),
});

export const AuditEntry = Type.Object({
  at: Time,
  who: Type.String(),
  role: Type.Enum([...roles]),
  what: Type.String({ description: 'The operation of this API.' }),
  reason: Type.String(),
  trace_id: Type.String(),
  outcome: Type.Union([Type.String(), Type.Null()], {
    description: 'done, refused and why, or unknown; null: never heard of again.',
  }),
});
