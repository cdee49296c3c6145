import { edit, type Mutation } from '../mutation.js';

const saga = 'apps/payments/saga/decide-saga.ts';
const sagaSpecs = ['apps/payments/saga/decide-saga.spec.ts'];
const storeSpecs = ['apps/payments/store/attempt-store.process.spec.ts'];

/** The order of money: authorise, book, capture. */
export const payments: readonly Mutation[] = [
  {
    name: 'money-begin',
    guarantee: 'G5',
    guard: 'nothing is asked of the provider before BeginPayment is durable',
    file: saga,
    edits: edit(
      "return { type: 'begin' };",
      "return { type: 'authorise', key: keyOf(attempt, ''), lookFirst: false };",
    ),
    specs: sagaSpecs,
  },
  {
    name: 'money-book-first',
    guarantee: 'G5',
    guard: 'money is captured only over booked seats',
    file: saga,
    edits: edit(
      "return { state: 'AUTHORISED', intentId, ledger: 'authorise' };",
      "return { state: 'BOOKED', intentId, ledger: 'authorise' };",
    ),
    specs: sagaSpecs,
  },
  {
    name: 'money-free',
    guarantee: 'G5',
    guard: 'seats are booked only over an authorisation',
    file: saga,
    edits: edit("amountMinor === 0 ? 'AUTHORISED'", "amountMinor >= 0 ? 'AUTHORISED'"),
    specs: sagaSpecs,
  },
  {
    name: 'money-void',
    guarantee: 'G5',
    guard: 'seats lost: the authorisation is cancelled',
    file: saga,
    edits: edit("if (!free) return { state: 'VOIDING', verdict, error: input.code };", ''),
    specs: sagaSpecs,
  },
  {
    name: 'money-void-sure',
    guarantee: 'G5',
    guard: 'a cancellation counts only when the provider shows it',
    file: saga,
    edits: edit(
      "if (status !== 'cancelled' && status !== 'declined') {",
      "if (status === 'processing') {",
    ),
    specs: sagaSpecs,
  },
  {
    name: 'money-spend-key',
    guarantee: 'G5',
    guard: 'past the deadline an unanswered key is spent',
    file: saga,
    edits: edit(
      'attempt.deadlineMs !== null && nowMs > attempt.deadlineMs',
      'attempt.deadlineMs !== null && nowMs < 0',
    ),
    specs: sagaSpecs,
  },
  {
    name: 'money-spend-sure',
    guarantee: 'G5',
    guard: 'a key refused for our set-up is not spent',
    file: saga,
    edits: edit("if (input.fault === 'setup') return again(attempt, input.code);", ''),
    specs: sagaSpecs,
  },
  {
    name: 'money-unclear',
    guarantee: 'G5',
    guard: 'an unclear answer repeats the step',
    file: saga,
    edits: edit(
      "if (input.type === 'unclear') return again(attempt, input.reason);",
      "if (input.type === 'unclear') return { state: attempt.state, keyNo:" +
        ' attempt.keyNo + 1, tries: attempt.tries + 1, pause: true };',
    ),
    specs: sagaSpecs,
  },
  {
    name: 'money-unbook',
    guarantee: 'G5',
    guard: 'an authorisation that the bank let go frees the seats',
    file: saga,
    edits: edit(
      "return { state: 'UNBOOKING', verdict: 'FAILED',",
      "return { state: 'FAILED', verdict: 'FAILED',",
    ),
    specs: sagaSpecs,
  },
  {
    name: 'money-captured',
    guarantee: 'G5',
    guard: 'captured means that the provider says so',
    file: saga,
    edits: edit(
      "if (input.intent.status === 'captured') return {",
      "if (input.intent.status !== 'cancelled') return {",
    ),
    specs: sagaSpecs,
  },
  {
    name: 'money-lease',
    guarantee: 'G5',
    guard: 'a worker without its lease keeps nothing',
    file: 'apps/payments/store/attempt-store.ts',
    edits: edit(
      'WHERE attempt_id = $1 AND lease_no = $2 AND state = $3',
      'WHERE attempt_id = $1 AND $2::int >= 0 AND state = $3',
    ),
    specs: storeSpecs,
  },
  {
    name: 'money-claim',
    guarantee: 'G5',
    guard: 'an attempt that somebody works on is not claimed',
    file: 'apps/payments/store/attempt-store.ts',
    edits: edit(' AND lease_until < clock_timestamp()\n', '\n'),
    specs: storeSpecs,
  },
];

const replica = 'apps/gateway/replica/event-replica.ts';
const replicaSpecs = [
  'apps/gateway/replica/event-replica.spec.ts',
  'apps/gateway/replica/seat-map.spec.ts',
];

/** A copy of the map that is never wrong without knowing it. */
export const seatMaps: readonly Mutation[] = [
  {
    name: 'diff-gap',
    guarantee: 'G6',
    guard: 'a gap before a diff is noticed',
    file: replica,
    edits: edit('else if (diff.from !== map.version) {', 'else if (diff.from < 0) {'),
    specs: replicaSpecs,
  },
  {
    name: 'diff-old',
    guarantee: 'G6',
    guard: 'a diff that was applied is not applied again',
    file: replica,
    edits: edit('else if (diff.to <= map.version) return;', 'else if (diff.to < 0) return;'),
    specs: replicaSpecs,
  },
  {
    name: 'diff-epoch',
    guarantee: 'G6',
    guard: 'a diff of an older epoch is not applied',
    file: replica,
    edits: edit('else if (diff.epoch < map.epoch) this', 'else if (diff.epoch < 0) this'),
    specs: replicaSpecs,
  },
  {
    name: 'map-old',
    guarantee: 'G6',
    guard: 'an older map is not taken',
    file: replica,
    edits: edit('view.version < map.version || view.epoch < map.epoch', 'view.version < 0'),
    specs: replicaSpecs,
  },
  {
    name: 'map-old-epoch',
    guarantee: 'G6',
    guard: 'a map of an older epoch is not taken',
    file: replica,
    edits: edit(
      'view.version < map.version || view.epoch < map.epoch',
      'view.version < map.version',
    ),
    specs: replicaSpecs,
  },
  {
    name: 'map-silent',
    guarantee: 'G6',
    guard: 'a lost last diff is noticed',
    file: replica,
    edits: edit("this.resync('silent_loss');", 'this.flush();'),
    specs: replicaSpecs,
  },
  {
    name: 'map-waited',
    guarantee: 'G6',
    guard: 'diffs that came during a fetch are applied behind the map',
    file: replica,
    edits: edit('    for (const diff of waited) this.receive(diff);\n', ''),
    specs: replicaSpecs,
  },
  {
    name: 'map-whole',
    guarantee: 'G6',
    guard: 'all of a diff is applied or none',
    file: 'apps/gateway/replica/seat-map.ts',
    edits: edit('    if (!this.covers(diff)) return false;\n', ''),
    specs: replicaSpecs,
  },
  {
    name: 'map-from',
    guarantee: 'G6',
    guard: 'a diff begins where the last one ended',
    file: 'libs/actor/diff-builder.ts',
    edits: edit(
      '    this.from = this.state.version;\n    this.seats.clear();',
      '    this.seats.clear();',
    ),
    specs: ['apps/inventory-shard/shard.spec.ts'],
  },
];
