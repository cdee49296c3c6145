import Type from 'typebox';

import { seatStatusWords } from '../../replica/seat-list.js';
import {
  AreaState,
  EventIdText,
  MoneyOrNone,
  SaleStatus,
  SeatIdText,
  SeatLabelText,
} from '../shared/schemas.js';

export const SeatDoc = Type.Object({
  seat_id: SeatIdText,
  section: Type.String(),
  row: Type.String(),
  number: Type.String(),
  label: SeatLabelText,
  status: Type.Enum([...seatStatusWords]),
  price: MoneyOrNone,
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

export const SeatsVersion = Type.String({
  pattern: '^\\d{1,10}\\.\\d{1,16}(\\.\\d{1,10})?$',
  description: 'Names one state of the seats of the event, and never another.',
});
