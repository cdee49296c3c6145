import Type from 'typebox';

import { limits } from '#libs/contracts/limits.js';

import { ReasonBody } from '../admin/schemas.js';
import { AreaQuantityBody, Currency, SeatIdText } from '../shared/schemas.js';

/** Without places and amount it is all of the booking. */
export const RefundBody = Type.Object(
  {
    ...ReasonBody.properties,
    idempotency_key: Type.String({
      pattern: '^[\\x21-\\x7e]+$',
      maxLength: limits.idempotencyKeyLengthMax,
      description: 'Same key, one refund, one answer: ask again with it to hear how far it is.',
    }),
    seat_ids: Type.Optional(
      Type.Array(SeatIdText, { minItems: 1, maxItems: limits.placesPerHoldMax }),
    ),
    areas: Type.Optional(
      Type.Array(AreaQuantityBody, { minItems: 1, maxItems: limits.placesPerHoldMax }),
    ),
    amount: Type.Optional(
      Type.Integer({ minimum: 1, description: 'So much and no place; minor units.' }),
    ),
    currency: Type.Optional(Currency),
    fee_per_place: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Kept of each place; minor units.' }),
    ),
    off_sale: Type.Optional(Type.Boolean({ description: 'The places are not sold again.' })),
  },
  { additionalProperties: false },
);
