import { edit, type Mutation } from '../mutation.js';

const rules = 'apps/payments/refunds/decide-refund.ts';
const ruleSpecs = ['apps/payments/refunds/decide-refund.spec.ts'];
const back = 'apps/payments/refunds/what-goes-back.ts';
const backSpecs = ['apps/payments/refunds/what-goes-back.spec.ts'];
const table = 'apps/payments/refunds/refund-table.ts';
const runner = 'apps/payments/refunds/refund-runner.ts';
const runnerSpecs = ['apps/payments/refunds/refund-runner.spec.ts'];
const judging = 'apps/payments/refunds/judge-refund.ts';
const cancelling = 'apps/payments/refunds/cancelling.ts';
const cancellingSpecs = ['apps/payments/refunds/cancelling.spec.ts'];
const specs = ['apps/payments/refunds/refunds.process.spec.ts'];

/** Money that goes back: after the seats, once, and never more than came. */
export const refunds: readonly Mutation[] = [
  {
    name: 'refund-seats-first',
    guarantee: 'G5',
    guard: "money goes back only when the places are not the buyer's any more",
    file: rules,
    edits: edit(
      "case 'REQUESTED':\n      return { type: 'free' };",
      "case 'REQUESTED':\n      return { type: 'send', key: refund.refundId, lookFirst: false };",
    ),
    specs: ruleSpecs,
  },
  {
    name: 'refund-look-first',
    guarantee: 'G5',
    guard: 'what may have been sent is looked for before it is sent again',
    file: rules,
    edits: edit('lookFirst: mayBeSent(refund)', 'lookFirst: false'),
    specs: ruleSpecs,
  },
  {
    name: 'refund-key-repeats',
    guarantee: 'G5',
    guard: 'what a key answers a second time is not how the refund is now',
    file: rules,
    edits: edit("refund.state === 'SEATS_FREED' && mayBeSent(refund)", 'refund.tries < 0'),
    specs: ruleSpecs,
  },
  {
    name: 'refund-late-failure',
    guarantee: 'G5',
    guard: 'a refund that fails after it was done is taken out of the books',
    file: rules,
    edits: edit(
      "return wasDone ? { ...failed, moves: 'refund_failed' } : failed;",
      'return failed;',
    ),
    specs: ruleSpecs,
  },
  {
    name: 'refund-access',
    guarantee: 'G5',
    guard: 'wrong credentials end no refund',
    file: rules,
    edits: edit("result.fault === 'access' || refund.state", 'refund.state'),
    specs: ruleSpecs,
  },
  {
    name: 'refund-over',
    guarantee: 'G5',
    guard: 'an amount is at most what is left of the payment',
    file: back,
    edits: edit('if (amountMinor > leftMinor)', 'if (amountMinor > paid.amountMinor)'),
    specs: backSpecs,
  },
  {
    name: 'refund-twice',
    guarantee: 'G5',
    guard: 'places go back once',
    file: back,
    edits: edit('!gone.has(seat)', '!gone.has(-1 as SeatIndex)'),
    specs: backSpecs,
  },
  {
    name: 'refund-kept',
    guarantee: 'G5',
    guard: 'what was kept of other places stays kept',
    file: back,
    edits: edit(
      'leftMinor - Math.min(leftMinor, keptBefore)',
      'leftMinor - Math.min(0, keptBefore)',
    ),
    specs: backSpecs,
  },
  {
    name: 'refund-kept-of-all',
    guarantee: 'G5',
    guard: 'all that is left is given back without what was kept, whatever it cost',
    file: back,
    edits: edit('Math.min(priced ?? rest, rest)', 'Math.min(priced ?? rest, leftMinor)'),
    specs: backSpecs,
  },
  {
    name: 'refund-lock',
    guarantee: 'G5',
    guard: 'refunds of one payment are added up one after the other',
    file: table,
    edits: edit(' FOR UPDATE`,\n    [bookingId, userId]', '`,\n    [bookingId, userId]'),
    specs,
    tests: 'not committed yet',
  },
  {
    name: 'refund-lease',
    guarantee: 'G5',
    guard: 'who lost a refund to another moves it no more',
    file: table,
    edits: edit(
      'WHERE refund_id = $1 AND lease_no = $2 AND state = $3\n',
      'WHERE refund_id = $1\n',
    ),
    specs,
    tests: 'lost to another',
  },
  {
    name: 'refund-renew',
    guarantee: 'G5',
    guard: 'money is sent by who has the refund still',
    file: runner,
    edits: edit('if (!(await table.renew(refund))) return null;', 'await table.renew(refund);'),
    specs: runnerSpecs,
  },
  {
    name: 'refund-fence',
    guarantee: 'G5',
    guard: 'the lease is counted from before the database was asked for it',
    file: runner,
    edits: edit('table.leaseMs * limits.sagaFencePart', 'Infinity'),
    specs: runnerSpecs,
  },
  {
    name: 'refund-late-send',
    guarantee: 'G5',
    guard: 'no try sends money after the lease, when its key may be forgotten',
    file: 'apps/payments/provider/stripe-refunds.ts',
    edits: edit('if (this.clock.nowMs() > notAfterMs) throw', 'if (notAfterMs === null) throw'),
    specs: ['apps/payments/provider/stripe-provider.process.spec.ts'],
    tests: 'by who has it no more',
  },
  {
    name: 'refund-lapsed',
    guarantee: 'G5',
    guard: 'a lease that is over is not renewed',
    file: table,
    edits: edit(
      ' AND lease_until > clock_timestamp()`,\n      [refundId, leaseNo',
      '`,\n      [refundId, leaseNo',
    ),
    specs,
    tests: 'lost to another',
  },
  {
    name: 'refund-late-named',
    guarantee: 'G5',
    guard: 'a refund that is under way for days is named',
    file: 'apps/payments/reconcile/differences.ts',
    edits: edit('(row.isGoingBack && !row.isLate)', 'row.isGoingBack'),
    specs: ['apps/payments/reconcile/differences.spec.ts'],
  },
  {
    name: 'refund-age',
    guarantee: 'G5',
    guard: 'a look at a refund that is over leaves it in the comparison',
    file: table,
    edits: edit(
      'updated_at = CASE WHEN state = $4 THEN updated_at ELSE clock_timestamp() END',
      'updated_at = clock_timestamp()',
    ),
    specs,
    tests: 'nothing is believed',
  },
  {
    name: 'cancel-own',
    guarantee: 'access',
    guard: 'a buyer cancels a booking of his own',
    file: 'apps/payments/refunds/refund-desk.ts',
    edits: edit('bookingId, userId, asker: userId', 'bookingId, userId: null, asker: userId'),
    specs,
    tests: 'a buyer who cancels',
  },
  {
    name: 'booking-one-moment',
    guarantee: 'G5',
    guard: 'a booking and what went back of it are read by one statement (OM1)',
    file: 'apps/payments/bookings/booking-reader.ts',
    edits: edit('FROM refund AS r WHERE', 'FROM (SELECT 1) AS r WHERE'),
    specs: ['apps/payments/bookings/booking-reader.spec.ts'],
  },
  {
    name: 'cancel-fee',
    guarantee: 'G5',
    guard: 'of what a buyer cancels his event keeps its fee',
    file: judging,
    edits: edit('{ ...terms, ...kept }', 'terms'),
    specs,
    tests: 'a buyer who cancels',
  },
  {
    name: 'cancel-told',
    guarantee: 'G5',
    guard: 'a buyer who was told another sum cancels nothing',
    file: judging,
    edits: edit('return isTold ? back', 'return isTold || !isTold ? back'),
    specs,
    tests: 'a buyer who cancels',
  },
  {
    name: 'cancel-late',
    guarantee: 'G5',
    guard: 'a buyer cancels in time or not at all',
    file: cancelling,
    edits: edit("if (!rule.isOpen) return 'cancellation_over';", ''),
    specs: cancellingSpecs,
  },
  {
    name: 'cancel-units',
    guarantee: 'G5',
    guard: 'a fee is in the units of what was paid',
    file: cancelling,
    edits: edit('if (strange) return', 'if (strange && !strange) return'),
    specs: cancellingSpecs,
  },
  {
    name: 'cancel-unsaid',
    guarantee: 'G4',
    guard: 'a file that says nothing of cancelling changes nothing of it',
    file: 'libs/catalogue/event-difference.ts',
    edits: [
      ...edit('cancellation === undefined || prices === null', 'prices === null'),
      ...edit('cancellationIn(cancellation, ', 'cancellationIn(cancellation ?? null, '),
    ],
    specs: ['libs/catalogue/import-event.process.spec.ts'],
    tests: 'whether buyers may cancel',
  },
  {
    name: 'refund-other-event',
    guarantee: 'access',
    guard: 'a booking is refunded under its own event alone',
    file: 'apps/gateway/routes/refunds/handlers.ts',
    edits: edit(
      'bookingId === null || eventOfBooking(bookingId) !== eventId',
      'bookingId === null',
    ),
    specs: ['apps/gateway/routes/refunds/handlers.spec.ts'],
  },
  {
    name: 'refund-late-stuck',
    guarantee: 'G5',
    guard: 'a refund that a bank has had for days is named as stuck',
    file: 'ops/holdfastctl/commands/payments.ts',
    edits: edit("(state = 'SENT' AND updated_at", "(false AND state = 'SENT' AND updated_at"),
    specs: ['ops/holdfastctl/payments.process.spec.ts'],
    tests: 'a bank has had for days',
  },
];
