import type { LedgerStep } from '../saga/decide-saga.js';

export interface LedgerEntry {
  readonly account: 'buyer_authorised' | 'authorisations' | 'provider_receivable' | 'ticket_sales';
  /** Times the amount of the attempt. Debits are positive; the entries of a step add up to 0. */
  readonly sign: 1 | -1;
}

const entries: Readonly<Record<LedgerStep, readonly LedgerEntry[]>> = {
  authorise: [
    { account: 'buyer_authorised', sign: 1 },
    { account: 'authorisations', sign: -1 },
  ],
  void: [
    { account: 'buyer_authorised', sign: -1 },
    { account: 'authorisations', sign: 1 },
  ],
  // A capture uses the authorisation up and turns it into a claim on the provider.
  capture: [
    { account: 'buyer_authorised', sign: -1 },
    { account: 'authorisations', sign: 1 },
    { account: 'provider_receivable', sign: 1 },
    { account: 'ticket_sales', sign: -1 },
  ],
};

export const ledgerEntries = (step: LedgerStep | undefined): readonly LedgerEntry[] =>
  step === undefined ? [] : entries[step];
