import type { Pool, PoolClient } from 'pg';

import type { RefundRefusal } from '#libs/contracts/payments.js';
import type { EventId } from '#libs/inventory/ids.js';

import type { Attempt } from '../saga/attempt.js';
import type { RefundTerms } from './what-goes-back.js';

/**
 * Whether a buyer may give his booking back himself, and what is kept of each place. The row of the
 * event decides, as it is when the refund is made, and the database's clock: nobody cancels by a
 * rule that is no more, whatever a process remembers or believes the time to be.
 */
export interface CancellingRule {
  readonly feeMinor: number;
  /** The booking fee of each place as well. Absent: it goes back. */
  readonly keepsBookingFee?: boolean;
  readonly untilMs: number;
  /** It is not too late. */
  readonly isOpen: boolean;
  /** Of the fee; null: those of the event are not known. */
  readonly currencyDigits: number | null;
}

/** null: buyers of this event cannot. */
export async function cancellingRule(
  db: Pick<Pool | PoolClient, 'query'>,
  eventId: EventId,
): Promise<CancellingRule | null> {
  const { rows } = await db.query<CancellingRule>(
    `SELECT cancel_fee_minor AS "feeMinor", cancel_keeps_fee AS "keepsBookingFee",
       cancel_until > clock_timestamp() AS "isOpen",
       extract(epoch FROM cancel_until)::float8 * 1000 AS "untilMs",
       currency_digits AS "currencyDigits"
     FROM event WHERE event_id = $1 AND cancel_until IS NOT NULL`,
    [eventId],
  );
  return rows.at(0) ?? null;
}

type Kept = Pick<RefundTerms, 'feePerPlaceMinor' | 'keepsBookingFee'>;

/** What is kept of each place, or why he cannot. */
export function keptOfCancelling(
  rule: CancellingRule | null,
  { currencyDigits }: Pick<Attempt, 'currencyDigits'>,
): Kept | RefundRefusal {
  if (rule === null) return 'cancellation_not_allowed';
  if (!rule.isOpen) return 'cancellation_over';
  // Paid in other units than the fee is in: what is kept of it is not guessed.
  const strange = rule.feeMinor > 0 && rule.currencyDigits !== currencyDigits;
  if (strange) return 'cancellation_not_allowed';
  return { feePerPlaceMinor: rule.feeMinor, keepsBookingFee: rule.keepsBookingFee === true };
}
