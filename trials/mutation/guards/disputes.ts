import { edit, type Mutation } from '../mutation.js';

const rules = 'apps/payments/disputes/dispute.ts';
const ruleSpecs = ['apps/payments/disputes/dispute.spec.ts'];
const specs = ['apps/payments/disputes/disputes.process.spec.ts'];

/** Money that banks take back: once in the books, and never given back beside that. */
export const disputes: readonly Mutation[] = [
  {
    name: 'dispute-difference',
    guarantee: 'G5',
    guard: 'each look at a dispute enters the difference to the one before',
    file: rules,
    edits: edit('takenMinor: withdrawnMinor - before.withdrawnMinor', 'takenMinor: withdrawnMinor'),
    specs: ruleSpecs,
  },
  {
    name: 'dispute-lost-undone',
    guarantee: 'G5',
    guard: 'what is won after it was lost is income again',
    file: rules,
    edits: edit('lostMinor: lostMinor - before.lostMinor', 'lostMinor'),
    specs: ruleSpecs,
  },
  {
    name: 'dispute-unknown-word',
    guarantee: 'G5',
    guard: 'a standing that is not known is taken for the worst',
    file: rules,
    edits: edit("default:\n      return 'OPEN';", "default:\n      return 'CLOSED';"),
    specs: ruleSpecs,
  },
  {
    name: 'dispute-refund',
    guarantee: 'G5',
    guard: 'nothing is given back of a payment that its bank decides about',
    file: 'apps/payments/refunds/judge-refund.ts',
    edits: edit(
      "if (gone === 'disputed') return { refused: 'booking_disputed' };",
      "if (gone === 'disputed') return whatGoesBack(attempt, [], terms);",
    ),
    specs,
    tests: 'until it is won',
  },
  {
    name: 'dispute-lost-gone',
    guarantee: 'G5',
    guard: 'what was lost to a bank does not go back a second time',
    file: 'apps/payments/refunds/refund-table.ts',
    edits: edit('(one) => one.lost > 0', '(one) => one.lost < 0'),
    specs,
    tests: 'less income',
  },
  {
    name: 'dispute-asked',
    guarantee: 'G5',
    guard: 'news of a dispute has it looked at',
    file: 'apps/payments/webhooks/stripe-events.ts',
    edits: edit(
      'movingDisputes.has(type) && disputeId !== null;',
      'movingDisputes.has(disputeId ?? type);',
    ),
    specs,
    tests: 'until it is won',
  },
  {
    name: 'dispute-lost-asked',
    guarantee: 'G5',
    guard: 'what was lost is asked for, since its bank may decide anew and nobody says so',
    file: 'apps/payments/disputes/dispute-table.ts',
    edits: edit("status = 'lost' AND updated_at >", "status = 'lost' AND updated_at <"),
    specs,
    tests: 'nobody says so',
  },
  {
    name: 'dispute-closed',
    guarantee: 'G5',
    guard: 'whom his bank has paid is not entered as paid once more',
    file: 'ops/holdfastctl/commands/payment-refunds.ts',
    edits: edit(' && !(await isLost(client, before))', ''),
    specs: ['ops/holdfastctl/payments.process.spec.ts'],
    tests: 'what did not arrive',
  },
  {
    name: 'dispute-compared',
    guarantee: 'G5',
    guard: 'what banks took back is compared with the provider',
    file: 'apps/payments/reconcile/differences.ts',
    edits: edit('away === row.disputed ? null', 'away === row.disputed || account ? null'),
    specs: ['apps/payments/reconcile/differences.spec.ts'],
  },
];
