import Type from 'typebox';

import { cancellationOutcomes } from '#libs/contracts/event-cancellation.js';
import { limits } from '#libs/contracts/limits.js';

import { ReasonBody } from '../admin/schemas.js';
import { BookingIdText, Currency, EventIdText, Money, Time } from '../shared/schemas.js';

export const CancelEventBody = Type.Object(
  {
    ...ReasonBody.properties,
    fee_per_place: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'Kept of each place, at most its price; minor units. Default none.',
      }),
    ),
    booking_fee_kept: Type.Optional(
      Type.Boolean({ description: 'Booking fees stay as well. Default: they go back.' }),
    ),
  },
  { additionalProperties: false },
);

const CancellationTotal = Type.Object({
  outcome: Type.Enum([...cancellationOutcomes], {
    description:
      'WAITING: nothing yet. UNDER_WAY: its places or its money. REFUNDED. FREE: it had cost ' +
      'nothing. NOTHING_LEFT: the money had gone back before, or to its bank. FAILED: finance ' +
      'decides. CLOSED: paid otherwise. LEFT: it lives; `troubles` say why.',
  }),
  currency: Currency,
  bookings: Type.Integer(),
  amount: Money,
  kept: Money,
});

const CancellationTrouble = Type.Object({
  booking_id: BookingIdText,
  outcome: Type.Enum(['FAILED', 'LEFT']),
  reason: Type.String({ description: 'The provider’s word, or a code of docs/errors.md.' }),
  refund_id: Type.Optional(Type.String()),
});

export const EventCancellation = Type.Object({
  event_id: EventIdText,
  state: Type.Enum(['NONE', 'REQUESTED', 'REFUNDING', 'DONE'], {
    description: 'NONE: it is not cancelled, and `totals` has what would go back.',
  }),
  asked_by: Type.Union([Type.String(), Type.Null()]),
  reason: Type.Union([Type.String(), Type.Null()]),
  asked_at: Type.Union([Time, Type.Null()]),
  ended_at: Type.Union([Time, Type.Null()]),
  fee_per_place: Type.Union([Type.Integer(), Type.Null()]),
  booking_fee_kept: Type.Union([Type.Boolean(), Type.Null()]),
  error: Type.Union([Type.String(), Type.Null()], { description: 'Why it does not get on.' }),
  totals: Type.Array(CancellationTotal),
  troubles: Type.Array(CancellationTrouble, {
    description: `At most ${limits.cancellationTroublesMax}; the totals count all.`,
  }),
});
