import Type from 'typebox';

import { wishNames } from '#libs/catalogue/seat-flags.js';
import { limits } from '#libs/contracts/limits.js';

import { Breakdown } from '../shared/breakdown.js';
import {
  AreaQuantityBody,
  AskedEventId,
  Currency,
  EventIdText,
  Money,
  ReservationIdText,
  SeatIdText,
  SeatLabelTexts,
  Time,
} from '../shared/schemas.js';

const strict = { additionalProperties: false } as const;

const wishes = (description: string) =>
  Type.Array(Type.Enum([...wishNames]), { minItems: 1, maxItems: wishNames.length, description });

export const BestAvailableBody = Type.Object(
  {
    quantity: AreaQuantityBody.properties.quantity,
    category: Type.Optional(Type.String({ minLength: 1, maxLength: limits.nameLengthMax })),
    section: Type.Optional(Type.String({ minLength: 1, maxLength: limits.nameLengthMax })),
    wheelchairs: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    price_max: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    may_split: Type.Optional(Type.Boolean()),
    with: Type.Optional(wishes('What every seat has.')),
    avoid: Type.Optional(wishes('What no seat has.')),
  },
  strict,
);

export const ReservationBody = Type.Object(
  {
    event_id: AskedEventId,
    seat_ids: Type.Optional(Type.Array(SeatIdText, { description: 'Named seats.' })),
    areas: Type.Optional(Type.Array(AreaQuantityBody, { description: 'General admission.' })),
    best_available: Type.Optional(
      Type.Array(BestAvailableBody, { description: 'Blocks that the engine chooses.' }),
    ),
    wheelchairs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: limits.placesPerHoldMax,
        description: 'Of those on `seat_ids`, how many need a wheelchair space.',
      }),
    ),
    admission: Type.Optional(
      Type.String({
        maxLength: limits.admissionLengthMax,
        description: 'Of the waiting room, where the event has one (`admission.token`).',
      }),
    ),
    expected_total: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'What was shown, in minor units: at another total nothing is held.',
      }),
    ),
  },
  strict,
);

/** What some places cost each, minor units. */
export const PriceLineDoc = Type.Union([
  Type.Object({
    seat_ids: Type.Array(SeatIdText),
    seat_labels: Type.Array(Type.String()),
    price: Money,
  }),
  Type.Object({ area: Type.String(), quantity: Type.Integer(), price: Money }),
]);

export const ReleaseBody = Type.Object(
  {
    seat_ids: Type.Optional(Type.Array(SeatIdText, { minItems: 1 })),
    areas: Type.Optional(Type.Array(AreaQuantityBody, { minItems: 1 })),
  },
  { ...strict, description: 'Absent: the whole reservation is released.' },
);

export const ExtendBody = Type.Object(
  { seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400 })) },
  strict,
);

export const Reservation = Type.Object({
  reservation_id: ReservationIdText,
  event_id: EventIdText,
  seat_ids: Type.Array(SeatIdText),
  seat_labels: SeatLabelTexts,
  areas: Type.Array(AreaQuantityBody),
  total: Money,
  breakdown: Type.Optional(Breakdown),
  currency: Currency,
  expires_at: Time,
});

export const ReservationState = Type.Object({
  status: Type.Enum(['held', 'paying', 'released']),
  ...Reservation.properties,
});
