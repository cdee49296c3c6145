import { noParts, type PriceParts } from '#libs/contracts/money/price-parts.js';

/**
 * The accounts of the ledger and what each movement of money enters in them. Debits are positive;
 * the entries of a movement add up to nothing (LE1), and none of them is 0.
 * docs/operating/ledger.md says the same to an accountant.
 */
export type LedgerAccount =
  /** Paid out by the provider. */
  | 'bank'
  /** What the provider holds for us. */
  | 'provider_receivable'
  | 'provider_fees'
  /** Taken back while a dispute is open. */
  | 'disputed_funds'
  | 'ticket_sales'
  | 'booking_fees'
  | 'tax_payable';

export interface LedgerEntry {
  readonly account: LedgerAccount;
  /** Minor units; a debit is positive. */
  readonly amountMinor: number;
}

/** A buyer paid: the provider owes us what we sold, and we owe the tax in it. */
export const captureEntries = (
  totalMinor: number,
  parts: PriceParts | null,
): readonly LedgerEntry[] =>
  withoutNothing([
    { account: 'provider_receivable', amountMinor: totalMinor },
    ...ofSales(-1, totalMinor, parts),
  ]);

/** A buyer got it back. */
export const refundEntries = (amountMinor: number, parts: PriceParts): readonly LedgerEntry[] =>
  backFrom('provider_receivable', amountMinor, parts);

/** A refund that was done did not arrive: the provider has it again. */
export const refundFailedEntries = captureEntries;

/** A refund that fails for good was paid otherwise, such as by a transfer. */
export const paidElsewhereEntries = (
  amountMinor: number,
  parts: PriceParts,
): readonly LedgerEntry[] => backFrom('bank', amountMinor, parts);

const backFrom = (
  account: LedgerAccount,
  amountMinor: number,
  parts: PriceParts,
): readonly LedgerEntry[] =>
  withoutNothing([...ofSales(1, amountMinor, parts), { account, amountMinor: -amountMinor }]);

/** Income is without its tax; null: what is in the amount nobody knows. */
function ofSales(sign: 1 | -1, amountMinor: number, parts: PriceParts | null): LedgerEntry[] {
  const { feeMinor, taxMinor, feeTaxMinor } = parts ?? noParts;
  const feeNet = feeMinor - feeTaxMinor;
  return [
    { account: 'ticket_sales', amountMinor: sign * (amountMinor - feeNet - taxMinor) },
    { account: 'booking_fees', amountMinor: sign * feeNet },
    { account: 'tax_payable', amountMinor: sign * taxMinor },
  ];
}

/**
 * The buyer's bank took so much more until it has decided, and so much more of it is lost for good;
 * negative: it came back.
 */
export const disputeEntries = (more: {
  readonly takenMinor: number;
  readonly lostMinor: number;
}): readonly LedgerEntry[] =>
  withoutNothing([
    { account: 'provider_receivable', amountMinor: -more.takenMinor },
    { account: 'disputed_funds', amountMinor: more.takenMinor - more.lostMinor },
    { account: 'ticket_sales', amountMinor: more.lostMinor },
  ]);

/** The provider kept this for itself; negative: it gave some of it back. */
export const feeEntries = (amountMinor: number): readonly LedgerEntry[] =>
  between('provider_fees', 'provider_receivable', amountMinor);

/** The provider paid it out; negative: a payout came back. */
export const payoutEntries = (amountMinor: number): readonly LedgerEntry[] =>
  between('bank', 'provider_receivable', amountMinor);

const between = (
  debit: LedgerAccount,
  credit: LedgerAccount,
  amountMinor: number,
): readonly LedgerEntry[] =>
  withoutNothing([
    { account: debit, amountMinor },
    { account: credit, amountMinor: -amountMinor },
  ]);

/** From nothing comes no entry. */
function withoutNothing(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  return entries.filter(({ amountMinor }) => amountMinor !== 0);
}
