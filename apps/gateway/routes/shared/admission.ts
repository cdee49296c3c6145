import Type from 'typebox';

import { limits } from '#libs/contracts/limits.js';

/** In a query: browsers set no header on a line or a stream. */
export const admission = Type.Optional(
  Type.String({
    maxLength: limits.admissionLengthMax,
    description: 'Where a waiting room stands before the map; goes with the token of its buyer.',
  }),
);
