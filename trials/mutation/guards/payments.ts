import { edit, type Mutation } from '../mutation.js';

const saga = 'apps/payments/saga/decide-saga.ts';
const sagaSpecs = ['apps/payments/saga/decide-saga.spec.ts'];
const storeSpecs = ['apps/payments/store/attempt-store.process.spec.ts'];

const executor = 'apps/payments/saga/step-executor.ts';
const executorSpecs = ['apps/payments/saga/step-executor.spec.ts'];

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
    edits: edit("if (!free) return { state: 'VOIDING', verdict, reason: input.code };", ''),
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
    file: 'apps/payments/store/postgres-attempt-store.ts',
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
    file: 'apps/payments/store/postgres-attempt-store.ts',
    edits: edit(' AND lease_until < clock_timestamp()\n', '\n'),
    specs: storeSpecs,
  },
  {
    name: 'pay-command',
    guarantee: 'G4',
    guard: 'commands of a payment are named by its attempt',
    file: executor,
    edits: edit('pay.${attempt.attemptId}.${name}', 'pay.${attempt.holdId}.${name}'),
    specs: executorSpecs,
  },
  {
    name: 'pay-keyed',
    guarantee: 'G4',
    guard: 'answers to a payment are remembered by the owner',
    file: executor,
    edits: edit('    keyed: true,\n', '    keyed: false,\n'),
    specs: executorSpecs,
  },
  {
    name: 'pay-booked',
    guarantee: 'G5',
    guard: 'a booking that is in the journal counts, whatever the owner remembers',
    file: executor,
    edits: edit(
      "if (input.type === 'refused' && (await ports.isBooked(bookingId))) return { type: 'done' };",
      '',
    ),
    specs: executorSpecs,
  },
  {
    name: 'pay-unknown',
    guarantee: 'G5',
    guard: 'no answer of the owner is not a refusal',
    file: executor,
    edits: edit(
      "return { type: 'unclear', reason: `inventory: ${result.kind}` };",
      "return { kind: 'refused', refusal: { code: 'hold_not_found' } };",
    ),
    specs: executorSpecs,
  },
  {
    name: 'pay-find',
    guarantee: 'G5',
    guard: 'an intent behind a spent key is found by its attempt',
    file: executor,
    edits: edit(
      'return inputOf(found ?? result);',
      'return inputOf(found === null ? result : result);',
    ),
    specs: executorSpecs,
  },
  {
    name: 'pay-inspect',
    guarantee: 'G5',
    guard: 'a spent key of a capture says nothing, the intent does',
    file: executor,
    edits: edit(
      "  if (result.kind !== 'key_spent') return inputOf(result);\n  const seen",
      '  if (result.kind.length > 0) return inputOf(result);\n  const seen',
    ),
    specs: executorSpecs,
  },
  {
    name: 'pay-look-first',
    guarantee: 'G5',
    guard: 'a key that the provider may have forgotten is not used before a look',
    file: executor,
    edits: edit(
      '  if (step.lookFirst) {\n' +
        '    const found = await provider.find(attempt.attemptId,' +
        ' attempt.createdAtMs);\n' +
        '    if (found !== null) return inputOf(found);\n  }\n' +
        '  return orFind(ports, attempt, await provider.authorise',
      '  return orFind(ports, attempt, await provider.authorise',
    ),
    specs: executorSpecs,
  },
  {
    name: 'pay-key',
    guarantee: 'G5',
    guard: 'keys of the provider follow from the attempt',
    file: saga,
    edits: edit('return `${attempt.attemptId}${suffix}', 'return `${attempt.holdId}${suffix}'),
    specs: sagaSpecs,
  },
  {
    name: 'pay-key-next',
    guarantee: 'G5',
    guard: 'a spent key is not used again',
    file: saga,
    edits: edit('  keyNo: attempt.keyNo + 1,\n', '  keyNo: attempt.keyNo,\n'),
    specs: sagaSpecs,
  },
  {
    name: 'pay-key-old',
    guarantee: 'G5',
    guard: 'a key older than the provider keeps them is not trusted',
    file: saga,
    edits: edit(
      'nowMs - attempt.createdAtMs > keyLifetimeMs',
      'nowMs - attempt.createdAtMs > 30 * keyLifetimeMs',
    ),
    specs: sagaSpecs,
  },
  {
    name: 'pay-one',
    guarantee: 'G5',
    guard: 'one live attempt of a buyer for a hold',
    file: 'libs/database/migrations/0003_payments.sql',
    edits: edit('CREATE UNIQUE INDEX payment_attempt_live', 'CREATE INDEX payment_attempt_live'),
    specs: storeSpecs,
  },
  {
    name: 'pay-token',
    guarantee: 'access',
    guard: 'the payment token is forgotten when the attempt settles',
    file: 'apps/payments/store/postgres-attempt-store.ts',
    edits: edit(
      'CASE WHEN $16 THEN NULL ELSE payment_token END',
      'CASE WHEN $16 THEN payment_token ELSE payment_token END',
    ),
    specs: storeSpecs,
  },
  {
    name: 'ledger-void',
    guarantee: 'G5',
    guard: 'only what was authorised is given back',
    file: 'apps/payments/store/postgres-attempt-store.ts',
    edits: edit("WHERE $19 <> 'void' OR EXISTS", "WHERE $19 <> '' OR EXISTS"),
    specs: storeSpecs,
  },
  {
    name: 'pay-body',
    guarantee: 'G4',
    guard: 'a payment key with another body is refused',
    file: 'apps/payments/bookings/booking-service.ts',
    edits: edit(
      "    if (attempt.fingerprint !== fingerprint) return { kind: 'key_reused' };\n",
      '',
    ),
    specs: ['apps/payments/payments.process.spec.ts'],
    tests: 'key',
  },
];
