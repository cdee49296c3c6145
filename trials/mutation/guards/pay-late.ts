import { edit, type Mutation } from '../mutation.js';

const specs = ['libs/inventory/rules/late-payment.spec.ts'];
const file = 'libs/inventory/rules/decide-late.ts';

/** The late-payment ladder: money that comes when its hold is gone. */
export const latePayments: readonly Mutation[] = [
  {
    name: 'late-ended',
    guarantee: 'G5',
    guard: 'late money books over a hold of its own buyer that time has ended, and no other',
    file,
    edits: edit("ended?.end === 'expired' && ended.userId", 'ended?.userId'),
    specs,
  },
  {
    name: 'late-newer',
    guarantee: 'G5',
    guard: 'late money books nothing when a newer attempt of the buyer has booked',
    file,
    edits: edit(
      "if (newer.some((bookingId) => bookings.has(bookingId))) return { code: 'superseded' };",
      'void [newer, bookings];',
    ),
    specs,
  },
  {
    name: 'late-holds',
    guarantee: 'G5',
    guard: 'late money books nothing while its buyer holds something else',
    file,
    edits: edit('=== buyer && !isOverdue(turn, slot)', '=== buyer && isOverdue(turn, slot)'),
    specs,
  },
  {
    name: 'late-limit',
    guarantee: 'G5',
    guard: 'late money gets nobody over his limit',
    file,
    edits: edit(' ??\n    buyerRefusal(turn, seats, areas);', ';\n  void buyerRefusal;'),
    specs,
  },
  {
    name: 'late-agreed',
    guarantee: 'G5',
    guard: 'other seats are for who agreed to them',
    file,
    edits: edit('alternative && areAlike', 'areAlike'),
    specs,
  },
  {
    name: 'late-alike',
    guarantee: 'G5',
    guard: 'other seats are given for seats of one category alone',
    file,
    edits: edit('categoryOfSeat[seat] === category && ', ''),
    specs,
  },
  {
    name: 'late-need',
    guarantee: 'G5',
    guard: 'no other seats are given for a wheelchair space, or for one beside it',
    file,
    edits: edit(' && (flagsOfSeat[seat] & poolFlags) === 0', ''),
    specs,
  },
  {
    name: 'late-total',
    guarantee: 'G5',
    guard: 'other seats cost the very same',
    file,
    edits: edit('=== totalMinor ? block : null', '>= 0 || totalMinor > 0 ? block : null'),
    specs,
  },
  {
    name: 'late-kept',
    guarantee: 'G5',
    guard: 'late money books no seats that are kept for who needs them',
    file,
    edits: edit(
      'turn.state.pool === null ? null : protectedRefusal',
      'turn.facts.length < 9 ? null : protectedRefusal',
    ),
    specs,
  },
  {
    name: 'late-captured',
    guarantee: 'G5',
    guard: 'money that goes back is refunded where it is captured',
    file: 'apps/payments/saga/step-executor.ts',
    edits: edit('return captured ? inputOf(', 'return captured && key.length > 99 ? inputOf('),
    specs: ['apps/payments/saga/step-executor.spec.ts'],
  },
  {
    name: 'late-places',
    guarantee: 'G5',
    guard: 'an answer of the ladder that was lost is read from the journal, with its places',
    file: 'apps/payments/saga/step-executor.ts',
    edits: edit(
      "  const { seats, areas } = places;\n  return { type: 'booked_late', seats, areas };",
      "  return { type: 'done' };",
    ),
    specs: ['apps/payments/saga/step-executor.spec.ts'],
  },
  {
    name: 'late-overtaken',
    guarantee: 'G5',
    guard: 'what another worker booked meanwhile is looked for before money goes back',
    file: 'apps/payments/saga/step-executor.ts',
    edits: edit('(await bookedBefore(ports, bookingId)) ?? {', '{'),
    specs: ['apps/payments/saga/step-executor.spec.ts'],
  },
  {
    name: 'late-level',
    guarantee: 'G9',
    guard: 'nothing is booked late, or cancelled, below the level that can write it down',
    file: 'libs/inventory/rules/decide-rules.ts',
    edits: edit("'CancelEvent') return levelWithLate;", "'CancelEvent') return 0;"),
    specs,
  },
  {
    name: 'late-cancelled',
    guarantee: 'G5',
    guard: 'nothing is booked of an event that is cancelled',
    file: 'libs/inventory/rules/decide-payment.ts',
    edits: edit(
      "command: Omit<BookHold, 'type'>): Verdict {\n  if (isCancelled(turn))",
      "command: Omit<BookHold, 'type'>): Verdict {\n  if (isCancelled(turn) && turn.nowMs < 0)",
    ),
    specs,
  },
];
