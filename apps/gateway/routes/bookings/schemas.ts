import Type from 'typebox';

import { limits } from '#libs/contracts/limits.js';

import { Breakdown } from '../shared/breakdown.js';
import {
  AreaQuantityBody,
  BookingIdText,
  Currency,
  EventIdText,
  Money,
  ReservationIdText,
  SeatIdText,
  SeatLabelTexts,
  Time,
} from '../shared/schemas.js';

const strict = { additionalProperties: false } as const;

const Printable = '^[\\x21-\\x7e]+$';

/** What is said when one pays, and what a booking is. */
export const BookingBody = Type.Object(
  {
    reservation_id: ReservationIdText,
    payment_token: Type.Optional(
      Type.String({
        pattern: Printable,
        maxLength: limits.paymentTokenLengthMax,
        description:
          'Stripe payment method, e.g. `pm_card_visa`. Not needed for what costs nothing.',
      }),
    ),
    return_url: Type.Optional(
      Type.String({
        pattern: '^https?://[\\x21-\\x7e]+$',
        maxLength: limits.returnUrlLengthMax,
        description: "Where the bank's page sends the buyer back to, if it asks him anything.",
      }),
    ),
    accept_alternative: Type.Optional(
      Type.Literal('same_category', {
        description:
          'Should the payment come through only when the reservation is gone and its seats are ' +
          'sold: book as many together, of the same category and total, and do not give it back.',
      }),
    ),
    idempotency_key: Type.String({
      pattern: Printable,
      maxLength: limits.idempotencyKeyLengthMax,
      description: 'Same key, one charge, one answer.',
    }),
  },
  strict,
);

/** Without places it is all that is left of the booking. */
export const CancelBody = Type.Object(
  {
    idempotency_key: Type.String({
      pattern: Printable,
      maxLength: limits.idempotencyKeyLengthMax,
      description: 'Same key, one cancellation, one answer.',
    }),
    seat_ids: Type.Optional(
      Type.Array(SeatIdText, { minItems: 1, maxItems: limits.placesPerHoldMax }),
    ),
    areas: Type.Optional(
      Type.Array(AreaQuantityBody, { minItems: 1, maxItems: limits.placesPerHoldMax }),
    ),
    amount: Type.Optional(
      Type.Integer({
        minimum: 0,
        description:
          'What is to go back, such as `cancellation.amount` says; should it be another sum by ' +
          'then, nothing is cancelled. Minor units.',
      }),
    ),
  },
  strict,
);

/** Without places it is all that is left of the booking. */
export const QuoteBody = Type.Object(
  {
    seat_ids: Type.Optional(
      Type.Array(SeatIdText, { minItems: 1, maxItems: limits.placesPerHoldMax }),
    ),
    areas: Type.Optional(
      Type.Array(AreaQuantityBody, { minItems: 1, maxItems: limits.placesPerHoldMax }),
    ),
  },
  strict,
);

/** What goes back now, and what is kept. */
export const Quote = Type.Object({ until: Time, amount: Money, kept: Money });

export const Refund = Type.Object({
  refund_id: Type.String(),
  booking_id: BookingIdText,
  status: Type.Enum(['UNDER_WAY', 'DONE', 'FAILED', 'CLOSED'], {
    description: 'FAILED: it did not arrive, and finance decides. CLOSED: it was paid otherwise.',
  }),
  seat_ids: Type.Array(SeatIdText, {
    description: "No longer the buyer's. Without seats and areas: an amount alone.",
  }),
  areas: Type.Array(AreaQuantityBody),
  amount: Money,
  breakdown: Type.Optional(Breakdown),
  kept: Money,
  currency: Currency,
  reason: Type.String(),
  created_at: Time,
});

export const Booking = Type.Object({
  booking_id: BookingIdText,
  reservation_id: ReservationIdText,
  event_id: EventIdText,
  status: Type.Enum(['PENDING', 'CONFIRMED', 'DECLINED', 'EXPIRED', 'CANCELLED', 'FAILED']),
  seat_ids: Type.Array(SeatIdText),
  seat_labels: SeatLabelTexts,
  areas: Type.Array(AreaQuantityBody),
  total: Money,
  breakdown: Type.Optional(Breakdown),
  currency: Currency,
  decline_code: Type.Optional(Type.String()),
  created_at: Time,
  client_secret: Type.Optional(
    Type.String({
      description:
        "While the buyer's bank asks him (3-D Secure): of the intent, for Stripe's script.",
    }),
  ),
  next_action: Type.Optional(
    Type.Object({
      type: Type.String({ description: 'As Stripe says it, such as `redirect_to_url`.' }),
      url: Type.Optional(
        Type.String({ description: "The bank's page; a path is one of this address." }),
      ),
    }),
  ),
  refunds: Type.Optional(Type.Array(Refund, { description: 'The oldest first.' })),
  dispute: Type.Optional(
    Type.Object(
      {
        status: Type.Enum(['INQUIRY', 'OPEN', 'WON', 'LOST', 'CLOSED']),
        amount: Money,
        ticket_frozen: Type.Boolean({ description: 'Its tickets let nobody in.' }),
      },
      {
        description:
          'What your bank says against the payment. INQUIRY: it asks. OPEN: it has taken the ' +
          'money back until it has decided. WON, LOST: it has, for the seller or for you.',
      },
    ),
  ),
  cancellation: Type.Optional(
    Type.Object(
      { until: Time, amount: Money, kept: Money },
      {
        description:
          'You may cancel all that is left of it until then: what goes back, and what is kept. ' +
          'Of one booking alone, and absent where its event does not allow it or it is too late.',
      },
    ),
  ),
});
