import { limits } from '#libs/contracts/limits.js';
import { minorOfStripe } from '#libs/contracts/money/stripe-charging.js';
import type { DisputeStanding } from '#libs/contracts/payments.js';
import type { AttemptId } from '#libs/inventory/ids.js';

import { disputeEntries, type LedgerEntry } from '../ledger/accounts.js';
import type { DisputeSeen } from '../provider/provider.js';

/**
 * One dispute: a buyer's bank asks about a payment, or takes it back. It runs at the provider, and
 * may take months; here is what it means to the booking and to the books.
 *
 * DI1  Nothing is believed that a webhook says: it names the dispute, and the provider is asked how
 *      that stands. So news may come twice, late, in any order, or never: what is open is asked for
 *      in any case, and what is lost for half a year: its bank may decide anew.
 * DI2  What the row says to be away from the account, or lost, is in the ledger by the statement
 *      that says so: each look enters the difference to the one before, whatever that was. So what
 *      is won after it was lost, or lost once more, comes out right.
 * DI3  Of a payment that its bank has taken back nothing else is given back: while that is open no
 *      refund is made, and what is lost counts as gone.
 *
 * An inquiry is a bank that asks: no money has moved, and giving it back ends it.
 */
export interface Dispute {
  /** The provider's. */
  readonly disputeId: string;
  readonly attemptId: AttemptId | null;
  readonly status: string | null;
  readonly withdrawnMinor: number;
  readonly lostMinor: number;
  readonly turn: number;
  readonly hints: number;
  readonly tries: number;
  readonly leaseNo: number;
}

/** What the provider's word means; one that is not known yet is taken for the worst. */
export function standingOf(status: string): DisputeStanding {
  switch (status) {
    case 'warning_needs_response':
    case 'warning_under_review':
      return 'INQUIRY';
    case 'warning_closed':
    case 'prevented':
      return 'CLOSED';
    case 'won':
      return 'WON';
    case 'lost':
      return 'LOST';
    default:
      return 'OPEN';
  }
}

/** Nobody is let in by it: its money is away. */
export const isFrozen = (standing: DisputeStanding): boolean =>
  standing === 'OPEN' || standing === 'LOST';

export const overStatuses: readonly string[] = ['warning_closed', 'prevented', 'won', 'lost'];

/** Until it is asked for again, though nobody speaks of it (DI1). */
export const nextLookMs = (status: string): number =>
  standingOf(status) === 'LOST' ? limits.disputeLostPollMs : limits.disputePollMs;

/** What a look makes of it. */
export interface DisputeTurn {
  readonly status: string;
  readonly amountMinor: number;
  readonly withdrawnMinor: number;
  readonly lostMinor: number;
  /** Of the ledger; empty: no money moved since. */
  readonly entries: readonly LedgerEntry[];
}

interface Paid {
  readonly currency: string;
  /** null: its amounts are in the provider's unit. */
  readonly currencyDigits: number | null;
}

/** Pure (DI2). */
export function turnOf(
  before: Pick<Dispute, 'withdrawnMinor' | 'lostMinor'>,
  seen: DisputeSeen,
  { currency, currencyDigits }: Paid,
): DisputeTurn {
  const own = (amount: number): number =>
    currencyDigits === null ? amount : minorOfStripe(amount, currency, currencyDigits);
  const withdrawnMinor = own(seen.withdrawn);
  const lostMinor = standingOf(seen.status) === 'LOST' ? withdrawnMinor : 0;
  return {
    status: seen.status,
    amountMinor: own(seen.amount),
    withdrawnMinor,
    lostMinor,
    entries: disputeEntries({
      takenMinor: withdrawnMinor - before.withdrawnMinor,
      lostMinor: lostMinor - before.lostMinor,
    }),
  };
}
