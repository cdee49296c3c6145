import { edit, type Mutation } from '../mutation.js';

const terms = 'libs/catalogue/fees.ts';
const termSpecs = ['libs/catalogue/fees.spec.ts'];
const imports = 'libs/catalogue/import-event.ts';
const importSpecs = ['libs/catalogue/import-event.process.spec.ts'];
const held = 'libs/catalogue/held-parts.ts';
const back = 'apps/payments/refunds/what-goes-back.ts';
const parts = 'apps/payments/refunds/parts-back.ts';
const backSpecs = ['apps/payments/refunds/what-goes-back.spec.ts'];
const accounts = 'apps/payments/ledger/accounts.ts';
const accountSpecs = ['apps/payments/ledger/accounts.spec.ts'];

/** What is in a price: told beside it, exact, and the same from the hold to what goes back. */
export const fees: readonly Mutation[] = [
  {
    name: 'fee-in-price',
    guarantee: 'G5',
    guard: 'the fee is in the price that is sold, not added to it later (PF1)',
    file: terms,
    edits: edit('const priceMinor = faceMinor + feeMinor;', 'const priceMinor = faceMinor;'),
    specs: termSpecs,
  },
  {
    name: 'fee-free',
    guarantee: 'G5',
    guard: 'what is free stays free (PF4)',
    file: terms,
    edits: edit('if (faceMinor === 0) return', 'if (faceMinor < 0) return'),
    specs: termSpecs,
  },
  {
    name: 'fee-tax-added',
    guarantee: 'G5',
    guard: 'tax is contained in the price',
    file: terms,
    edits: edit('shareOf(minor, taxMilli, whole + taxMilli)', 'shareOf(minor, taxMilli, whole)'),
    specs: termSpecs,
  },
  {
    name: 'fee-known-first',
    guarantee: 'G5',
    guard: 'what is in a price is known before its owner sells at it (PF3)',
    file: imports,
    edits: edit(
      'if (fees !== undefined) {\n    await announce',
      'if (Math.random() > 1) {\n    await announce',
    ),
    specs: importSpecs,
  },
  {
    name: 'fee-held-price',
    guarantee: 'G5',
    guard: 'places of one category contain what they did at the price they are held at',
    file: held,
    edits: edit('const price = totalMinor / number;', 'const price = rules.prices[0];'),
    specs: termSpecs,
  },
  {
    name: 'fee-held-sum',
    guarantee: 'G5',
    guard: 'prices of now that do not add up to the total tell nothing of it',
    file: held,
    edits: edit(
      'return total === totalMinor ? partsOf(fees.parts, priced) : null;',
      'return partsOf(fees.parts, priced);',
    ),
    specs: termSpecs,
  },
  {
    name: 'fee-back-last',
    guarantee: 'G5',
    guard: 'the last of a payment takes the last of its fee and tax (PB1)',
    file: parts,
    edits: edit('before.reduce((rest, one) =>', 'before.slice(1).reduce((rest, one) =>'),
    specs: backSpecs,
  },
  {
    name: 'fee-back-kept',
    guarantee: 'G5',
    guard: 'a fee that is kept is not given back (PB3)',
    file: back,
    edits: edit('const bookingFee = keepsBookingFee ? own.feeMinor : 0;', 'const bookingFee = 0;'),
    specs: backSpecs,
  },
  {
    name: 'fee-back-own',
    guarantee: 'G5',
    guard: 'a place takes what was in its own price (PB2)',
    file: back,
    edits: edit(
      ': atMost(partsOf(places, prices), within);',
      ': shareOfParts(within, value, leftMinor);',
    ),
    specs: backSpecs,
  },
  {
    name: 'fee-entered',
    guarantee: 'G5',
    guard: 'income is entered without its tax, and the fee by itself',
    file: accounts,
    edits: edit('parts ?? noParts', 'noParts'),
    specs: accountSpecs,
  },
];
