import { edit, type Mutation } from '../mutation.js';

const table = 'libs/database/migrations/0025_ledger.sql';
const specs = ['apps/payments/ledger/ledger.process.spec.ts'];

/** The book of the money says what happened, once, and for good. */
export const ledger: readonly Mutation[] = [
  {
    name: 'ledger-balance',
    guarantee: 'G5',
    guard: 'what does not add up is not entered',
    file: table,
    edits: edit('GROUP BY currency HAVING sum(amount_minor) <> 0', 'HAVING count(*) < 0'),
    specs,
  },
  {
    name: 'ledger-currency',
    guarantee: 'G5',
    guard: 'a transaction adds up in each currency',
    file: table,
    edits: edit('GROUP BY currency HAVING', 'HAVING'),
    specs,
  },
  {
    name: 'ledger-grows',
    guarantee: 'G5',
    guard: 'what was entered is not changed',
    file: table,
    edits: edit(
      'BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry',
      'BEFORE UPDATE ON ledger_entry',
    ),
    specs,
  },
  {
    name: 'ledger-once',
    guarantee: 'G5',
    guard: 'a cause is entered once',
    file: table,
    edits: edit('UNIQUE (cause, cause_id, kind)', 'UNIQUE (transaction_id, cause, kind)'),
    specs,
  },
  {
    name: 'ledger-missed',
    guarantee: 'G5',
    guard: 'only what was captured is entered later',
    file: 'apps/payments/ledger/enter-missed.ts',
    edits: edit("state = 'CAPTURED' AND amount_minor > 0", 'amount_minor > 0'),
    specs,
  },
  {
    name: 'ledger-capture',
    guarantee: 'G5',
    guard: 'a capture is entered with the state it makes',
    file: 'apps/payments/store/postgres-attempt-store.ts',
    edits: edit("to.moves === 'capture' ? captureEntries(amountMinor, parts) : []", '[]'),
    specs: ['apps/payments/store/attempt-store.process.spec.ts'],
  },
  {
    name: 'books-once',
    guarantee: 'G5',
    guard: 'a day is reconciled by one process',
    file: 'apps/payments/reconcile/daily.ts',
    edits: edit('if (taken.rows.length === 0) return;', ''),
    specs: ['apps/payments/reconcile/daily.process.spec.ts'],
  },
  {
    name: 'books-gap',
    guarantee: 'G5',
    guard: 'days without a reconciliation are looked at by the next',
    file: 'apps/payments/reconcile/daily.ts',
    edits: edit('Math.min(nowMs - days, rows[0].lastMs - days + dayMs)', 'nowMs - days'),
    specs: ['apps/payments/reconcile/daily.process.spec.ts'],
  },
  {
    name: 'books-due',
    guarantee: 'G5',
    guard: 'seats that stay unpaid are named, however often a capture is tried',
    file: 'apps/payments/reconcile/reconcile.ts',
    edits: edit('coalesce(b.booked_at, greatest(a.created_at, a.deadline_at))', 'a.updated_at'),
    specs: ['apps/payments/reconcile/daily.process.spec.ts'],
  },
  {
    name: 'books-balance',
    guarantee: 'G5',
    guard: 'what the provider lists as paid is compared with its account',
    file: 'apps/payments/reconcile/differences.ts',
    edits: edit("inBalance(account) ? null : 'not_in_balance'", 'inBalance(account) ? null : null'),
    specs: ['apps/payments/reconcile/differences.spec.ts'],
  },
  {
    name: 'void-unbooked',
    guarantee: 'G5',
    guard: 'an operator gives up only what is not booked',
    file: 'ops/holdfastctl/commands/payment-steps.ts',
    edits: edit("state = 'AUTHORISING' AND payment_intent_id", 'payment_intent_id'),
    specs: ['ops/holdfastctl/payments.process.spec.ts'],
  },
];
