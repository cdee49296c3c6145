import Type from 'typebox';

import { factTypes } from '#libs/inventory/inventory.js';

export const ReplayStep = Type.Object({
  at: Type.Integer({ description: 'Milliseconds since 1970.' }),
  what: Type.Enum([...factTypes, 'Unknown'], {
    description: 'The fact; `Unknown`: one of a newer release, and the map is not known from then.',
  }),
  hold: Type.Optional(
    Type.String({
      description:
        'The same for all steps of one hold, and no id of anything. `HoldExpired` frees what is ' +
        'left of its `SeatsHeld`.',
    }),
  ),
  seats: Type.Optional(Type.Array(Type.Integer(), { description: 'Positions in the layout.' })),
  areas: Type.Optional(
    Type.Array(
      Type.Object({
        area: Type.Integer({ description: 'Position among the areas of the layout.' }),
        quantity: Type.Integer(),
      }),
    ),
  ),
  off_sale: Type.Optional(
    Type.Boolean({ description: 'Of `BookingCancelled`: blocked from then on, else free.' }),
  ),
});

export const ReplayPage = Type.Object({
  steps: Type.Array(ReplayStep),
  next: Type.Integer({ description: 'For `after`; what comes later is behind it.' }),
  more: Type.Boolean({ description: 'There may be more by now.' }),
});
