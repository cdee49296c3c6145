import Type from 'typebox';

import { AreaState, EventIdText, Money, SaleStatus, SeatIdText } from '../shared/schemas.js';

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
