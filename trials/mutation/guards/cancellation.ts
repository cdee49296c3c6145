import { edit, type Mutation } from '../mutation.js';

const rules = 'apps/payments/cancellation/event-cancellation.ts';
const runner = 'apps/payments/cancellation/cancellation-runner.ts';
const table = 'apps/payments/cancellation/cancellation-table.ts';
const ruleSpecs = ['apps/payments/cancellation/event-cancellation.spec.ts'];
const runnerSpecs = ['apps/payments/cancellation/cancellation-runner.spec.ts'];
const specs = ['apps/payments/cancellation/cancellation.process.spec.ts'];

/** Events that do not take place: every booking goes back once, and none is forgotten. */
export const cancellation: readonly Mutation[] = [
  {
    name: 'cancel-event-first',
    guarantee: 'G5',
    guard: 'no booking of an event goes back before its journal has the cancellation',
    file: runner,
    edits: edit("if (cancellation.state === 'REQUESTED') return this.tell(cancellation);\n", '\n'),
    specs: runnerSpecs,
  },
  {
    name: 'cancel-event-key',
    guarantee: 'G4',
    guard: 'a booking of a cancelled event is the key of its refund',
    file: runner,
    edits: edit('requestKey: bookingId,', 'requestKey: refundId,'),
    specs: runnerSpecs,
  },
  {
    name: 'cancel-event-full',
    guarantee: 'G5',
    guard: 'a round that had no room for more is not at its end',
    file: runner,
    edits: edit('isLast: bookings.length < room', 'isLast: bookings.length <= room'),
    specs: runnerSpecs,
  },
  {
    name: 'cancel-event-moment',
    guarantee: 'G5',
    guard: 'the report of a cancelled event is read at one moment',
    file: 'libs/database/transaction.ts',
    edits: edit('ISOLATION LEVEL REPEATABLE READ READ ONLY', 'READ ONLY'),
    specs,
  },
  {
    name: 'cancel-event-passing',
    guarantee: 'G5',
    guard: 'a payment that is being captured is looked at again',
    file: rules,
    edits: edit("if (passing > 0) return 'again';\n", '\n'),
    specs: ruleSpecs,
  },
  {
    name: 'cancel-event-open',
    guarantee: 'G5',
    guard: 'a cancellation is not done while refunds of it are under way',
    file: rules,
    edits: edit("return open > 0 ? 'wait' : 'done';", "return 'done';"),
    specs: ruleSpecs,
  },
  {
    name: 'cancel-event-room',
    guarantee: 'G8',
    guard: 'so few refunds of cancelled events are under way that others come through',
    file: table,
    edits: edit(
      'limits.cancellationRefundsMax - busy.rows[0].count',
      'limits.cancellationRefundsMax',
    ),
    specs,
  },
  {
    name: 'cancel-event-lease',
    guarantee: 'G5',
    guard: 'who lost the lease of a cancellation does not move it on',
    file: table,
    edits: edit(
      'event_id = $1 AND lease_no = $2 FOR UPDATE',
      'event_id = $1 AND $2 > 0 FOR UPDATE',
    ),
    specs,
  },
  {
    name: 'cancel-event-fee',
    guarantee: 'G5',
    guard: 'an event is not cancelled a second time with another fee kept',
    file: table,
    edits: edit(
      'fee_per_place_minor = $2 AND keeps_booking_fee = $3`',
      '$2 >= 0 AND $3 IN (true, false)`',
    ),
    specs,
  },
  {
    name: 'cancel-quote-places',
    guarantee: 'G5',
    guard: 'who asks what some places bring hears of no others (QC1)',
    file: 'apps/gateway/routes/bookings/quote-cancellation.ts',
    edits: edit('isOfPlaces !== (cancelling !== null)', 'false'),
    specs: ['apps/gateway/routes/bookings/quote-cancellation.spec.ts'],
  },
];
