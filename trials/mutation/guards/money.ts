import { edit, type Mutation } from '../mutation.js';

const charging = 'libs/contracts/money/stripe-charging.ts';
const moneySpecs = ['libs/contracts/money/money.spec.ts'];
const provider = 'apps/payments/provider/stripe-provider.ts';
const providerSpecs = ['apps/payments/provider/stripe-provider.process.spec.ts'];

/** What is charged is what the price says. */
export const money: readonly Mutation[] = [
  {
    name: 'amount-units',
    guarantee: 'G5',
    guard: "an amount is sent in the provider's units",
    file: 'apps/payments/provider/stripe-amount.ts',
    edits: edit('return amount;', 'return amountMinor;'),
    specs: providerSpecs,
  },
  {
    name: 'amount-kept',
    guarantee: 'G5',
    guard: 'an attempt of an older release is repeated as it was sent',
    file: 'apps/payments/store/attempt-row.ts',
    edits: edit(
      'currencyDigits: row.currency_digits,',
      'currencyDigits: row.currency_digits ?? 2,',
    ),
    specs: ['apps/payments/store/attempt-store.process.spec.ts'],
  },
  {
    name: 'amount-refused',
    guarantee: 'G5',
    guard: 'an amount that cannot be charged is not sent',
    file: provider,
    edits: edit('if (refused !== null) return Promise.resolve(refused);', ''),
    specs: providerSpecs,
  },
  {
    name: 'amount-too-fine',
    guarantee: 'G5',
    guard: 'an amount finer than the provider counts is never rounded',
    file: charging,
    edits: edit(
      'return amount === null || amount % stripeStep(currency) !== 0 ? null : amount;',
      'return amount;',
    ),
    specs: moneySpecs,
  },
  {
    name: 'amount-least',
    guarantee: 'G5',
    guard: 'a price under the least charge is not put on sale',
    file: charging,
    edits: edit('least !== undefined && amount < least', 'least !== undefined && amount < 0'),
    specs: moneySpecs,
  },
];
