import Type from 'typebox';

import { isPlain, type PriceParts } from '#libs/contracts/money/price-parts.js';

export const Breakdown = Type.Object(
  {
    face_value: Type.Integer(),
    booking_fee: Type.Integer(),
    tax: Type.Integer({ description: 'Contained in the two above, not added to them.' }),
  },
  {
    description:
      'What the amount beside it contains: face value and booking fee are the amount. Absent ' +
      'where it is face value alone and nothing is said of tax.',
  },
);

interface Told {
  readonly breakdown?: {
    readonly face_value: number;
    readonly booking_fee: number;
    readonly tax: number;
  };
}

/** What an amount contains, in the words of the API; of face value alone nothing is said. */
export const breakdownOf = (totalMinor: number, parts: PriceParts | null | undefined): Told =>
  parts === null || parts === undefined || isPlain(parts)
    ? {}
    : {
        breakdown: {
          face_value: totalMinor - parts.feeMinor,
          booking_fee: parts.feeMinor,
          tax: parts.taxMinor,
        },
      };
