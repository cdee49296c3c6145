import { edit, type Mutation } from '../mutation.js';

const saga = 'apps/payments/saga/decide-saga.ts';
const sagaSpecs = ['apps/payments/saga/decide-saga.spec.ts'];
const storeSpecs = ['apps/payments/store/attempt-store.process.spec.ts'];

/** Payments that wait for their buyer (3-D Secure). */
export const payWaiting: readonly Mutation[] = [
  {
    name: 'pay-secret-out',
    guarantee: 'G5',
    guard: 'an intent whose secret a buyer has is cancelled when it was declined',
    file: saga,
    edits: edit("attempt.challenge === null ? 'RELEASING' : 'VOIDING'", "'RELEASING'"),
    specs: sagaSpecs,
  },
  {
    name: 'pay-void-declined',
    guarantee: 'G5',
    guard: 'only a cancelled intent ends what is undone',
    file: saga,
    edits: edit('  if (!isBack) return', "  if (status === 'authorised') return"),
    specs: sagaSpecs,
  },
  {
    name: 'pay-wait-bounded',
    guarantee: 'G3',
    guard: 'who does not answer his bank is waited for until the deadline of the payment',
    file: saga,
    edits: edit("type: late ? 'abandon'", "type: late && attempt.challenge === null ? 'abandon'"),
    specs: sagaSpecs,
  },
  {
    name: 'pay-hint-kept',
    guarantee: 'G5',
    guard: 'what is said while the provider is asked is looked at once more',
    file: 'apps/payments/store/memory-attempt-store.ts',
    edits: edit('to.pause === true && attempt.hints === from.hints', 'to.pause === true'),
    specs: ['apps/payments/store/attempt-store.spec.ts'],
  },
  {
    name: 'pay-looks-bounded',
    guarantee: 'G8',
    guard: 'a buyer who asks all the time causes one look a second',
    file: 'apps/payments/store/postgres-attempt-store.ts',
    edits: edit(
      "AND updated_at <= clock_timestamp() - $2 * interval '1 ms'",
      'AND $2::int IS NOT NULL',
    ),
    specs: storeSpecs,
  },
  {
    name: 'pay-secret-forgotten',
    guarantee: 'access',
    guard: 'the secret of an intent is forgotten when its buyer has answered',
    file: 'apps/payments/store/postgres-attempt-store.ts',
    edits: edit(
      "to.state === 'AUTHORISING' ? (to.challenge ?? attempt.challenge) : null",
      'to.challenge ?? attempt.challenge',
    ),
    specs: storeSpecs,
  },
];
