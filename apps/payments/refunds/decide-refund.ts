import type { RefundResult } from '../provider/provider.js';
import { keyOfRefund, type Refund, type RefundState } from './refund.js';

/** The next step of a refund, and what its result makes of it: pure (MR1, MR3, MR4). */
export type RefundStep =
  /** The owner of the event takes the places from the buyer. */
  | { readonly type: 'free' }
  | { readonly type: 'send'; readonly key: string; readonly lookFirst: boolean }
  | { readonly type: 'ask'; readonly providerRefundId: string }
  | { readonly type: 'none' };

export type RefundInput =
  /** The places are not the buyer's any more. */
  | { readonly type: 'freed' }
  | { readonly type: 'provider'; readonly result: RefundResult }
  | { readonly type: 'nothing' }
  | { readonly type: 'unclear'; readonly reason: string };

/** Fields that change; absent = as before. A new state starts with tries = 0. */
export interface RefundTransition {
  readonly state: RefundState;
  readonly providerRefundId?: string;
  readonly failure?: string;
  readonly error?: string;
  readonly keyNo?: number;
  readonly tries?: number;
  readonly moves?: 'refund' | 'refund_failed';
  /** Not at once. */
  readonly pause?: true;
}

export function nextRefundStep(refund: Refund): RefundStep {
  const { state, providerRefundId, amountMinor } = refund;
  switch (state) {
    case 'REQUESTED':
      return { type: 'free' };
    case 'SEATS_FREED':
      if (amountMinor === 0) return { type: 'none' };
      // An answer that was lost: an old key could do the same a second time.
      return { type: 'send', key: keyOfRefund(refund), lookFirst: mayBeSent(refund) };
    case 'SENT':
    case 'DONE':
      return providerRefundId === null ? { type: 'none' } : { type: 'ask', providerRefundId };
    case 'FAILED':
    case 'CLOSED':
      return { type: 'none' };
  }
}

export function decideRefund(refund: Refund, input: RefundInput): RefundTransition {
  const { state } = refund;
  switch (input.type) {
    case 'freed':
      return { state: 'SEATS_FREED' };
    case 'unclear':
      return again(refund, input.reason);
    case 'nothing':
      return state === 'SEATS_FREED' ? { state: 'DONE' } : { state };
    case 'provider':
      return afterProvider(refund, input.result);
  }
}

function afterProvider(refund: Refund, result: RefundResult): RefundTransition {
  switch (result.kind) {
    case 'refund':
      return afterStatus(refund, result);
    case 'unclear':
      return again(refund, result.reason);
    case 'key_spent':
      return { ...again(refund, result.reason), keyNo: refund.keyNo + 1 };
    case 'refused':
      // Our credentials say nothing of the refund: somebody mends them.
      if (result.fault === 'access' || refund.state !== 'SEATS_FREED') {
        return again(refund, result.code);
      }
      return { state: 'FAILED', failure: result.code };
  }
}

function afterStatus(
  refund: Refund,
  { id, status, failure }: Extract<RefundResult, { kind: 'refund' }>,
): RefundTransition {
  const wasDone = refund.state === 'DONE';
  if (status === 'succeeded') {
    // A key repeats its first answer, whatever became of it meanwhile: how it is, is asked.
    if (refund.state === 'SEATS_FREED' && mayBeSent(refund)) {
      return { state: 'SENT', providerRefundId: id };
    }
    return wasDone ? { state: 'DONE' } : { state: 'DONE', providerRefundId: id, moves: 'refund' };
  }
  if (status === 'failed') {
    const failed = { state: 'FAILED', providerRefundId: id, failure } as const;
    return wasDone ? { ...failed, moves: 'refund_failed' } : failed;
  }
  if (wasDone) return { state: 'DONE' };
  const tries = refund.state === 'SENT' ? refund.tries + 1 : 0;
  return { state: 'SENT', providerRefundId: id, tries, pause: true };
}

/** By somebody before, who heard nothing. */
const mayBeSent = ({ tries, leaseNo }: Refund): boolean => tries > 0 || leaseNo > 1;

const again = (refund: Refund, error: string): RefundTransition => ({
  state: refund.state,
  tries: refund.tries + 1,
  error,
  pause: true,
});
