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

/** A buyer paid: the provider owes us what we sold. */
export const captureEntries = (totalMinor: number): readonly LedgerEntry[] =>
  between('provider_receivable', 'ticket_sales', totalMinor);

/** A buyer got it back. */
export const refundEntries = (amountMinor: number): readonly LedgerEntry[] =>
  between('ticket_sales', 'provider_receivable', amountMinor);

/** A refund that was done did not arrive: the provider has it again. */
export const refundFailedEntries = (amountMinor: number): readonly LedgerEntry[] =>
  between('provider_receivable', 'ticket_sales', amountMinor);

/** A refund that fails for good was paid otherwise, such as by a transfer. */
export const paidElsewhereEntries = (amountMinor: number): readonly LedgerEntry[] =>
  between('ticket_sales', 'bank', amountMinor);

/**
 * The buyer's bank took so much more until it has decided, and so much more of it is lost for good;
 * negative: it came back.
 */
export const disputeEntries = (more: {
  readonly takenMinor: number;
  readonly lostMinor: number;
}): readonly LedgerEntry[] =>
  [
    { account: 'provider_receivable', amountMinor: -more.takenMinor } as const,
    { account: 'disputed_funds', amountMinor: more.takenMinor - more.lostMinor } as const,
    { account: 'ticket_sales', amountMinor: more.lostMinor } as const,
  ].filter(({ amountMinor }) => amountMinor !== 0);

/** The provider kept this for itself; negative: it gave some of it back. */
export const feeEntries = (amountMinor: number): readonly LedgerEntry[] =>
  between('provider_fees', 'provider_receivable', amountMinor);

/** The provider paid it out; negative: a payout came back. */
export const payoutEntries = (amountMinor: number): readonly LedgerEntry[] =>
  between('bank', 'provider_receivable', amountMinor);

/** From nothing comes no entry. */
function between(debit: LedgerAccount, credit: LedgerAccount, amountMinor: number): LedgerEntry[] {
  if (amountMinor === 0) return [];
  return [
    { account: debit, amountMinor },
    { account: credit, amountMinor: -amountMinor },
  ];
}
