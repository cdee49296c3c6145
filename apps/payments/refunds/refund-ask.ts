import type { RefundRefusal } from '#libs/contracts/payments.js';
import type { BookingId, UserId } from '#libs/inventory/ids.js';

import type { RefundTransition } from './decide-refund.js';
import type { Refund, RefundId } from './refund.js';
import type { RefundTerms } from './what-goes-back.js';

/** Who wants what back, and why. */
export interface RefundAsk {
  readonly refundId: RefundId;
  readonly bookingId: BookingId;
  /** His booking it must be; null: whoever's. */
  readonly userId: UserId | null;
  readonly asker: string;
  readonly requestKey: string;
  readonly fingerprint: string;
  readonly role: string;
  readonly reason: string;
  readonly offSale: boolean;
  readonly terms: RefundTerms;
  /** By the buyer himself, as his event allows it and keeps its fee. Absent: by who may. */
  readonly cancelling?: {
    /** What goes back, as he was told; null: he did not say. */
    readonly amountMinor: number | null;
  };
  readonly trace: string;
}

export type Requested =
  | { readonly kind: 'refund'; readonly refund: Refund; readonly isNew: boolean }
  | { readonly kind: 'key_reused' }
  | { readonly kind: 'refused'; readonly reason: RefundRefusal; readonly leftMinor?: number };

/** Where refunds are kept: made one by one of an attempt (MR2), moved under a lease each. */
export interface RefundStore {
  readonly leaseMs: number;
  request(ask: RefundAsk): Promise<Requested>;
  claimDue(limit: number): Promise<readonly Refund[]>;
  /** A whole lease from now on; false: it is over, and may be another's. */
  renew(refund: Refund): Promise<boolean>;
  /** null: the lease was lost. The ledger is entered with it (MR4). */
  advance(refund: Refund, to: RefundTransition, nextTryDelayMs: number): Promise<Refund | null>;
}
