import { standingOf } from '#apps/payments/disputes/dispute.js';
import type { RefundRecord } from '#apps/payments/refunds/memory-refund-table.js';
import type { BankDispute } from './bank-disputes.js';
import type { DisputeRecord, KnownDispute } from './memory-disputes.js';

/** What banks took back in a run that has ended, by them and by what was known of it here. */
export interface DisputeEvidence {
  readonly bankDisputes: readonly BankDispute[];
  readonly disputes: readonly DisputeRecord[];
  /** In the order in which it was known. */
  readonly knownDisputes: readonly KnownDispute[];
  readonly refunds: readonly RefundRecord[];
}

type Expect = (name: string, holds: boolean, message: () => string) => void;

/** For good, as it is now. */
export const lostOf = ({ status, withdrawnMinor }: BankDispute): number =>
  status === 'lost' ? withdrawnMinor : 0;

/** G5: each dispute is known as it stands, and nothing goes back while a bank decides (DI3). */
export function checkDisputes(evidence: DisputeEvidence, expect: Expect): void {
  const { bankDisputes, disputes, knownDisputes, refunds } = evidence;
  const rows = new Map(disputes.map(({ dispute }) => [dispute.disputeId, dispute]));
  for (const one of bankDisputes) {
    const known = rows.get(one.id);
    const isSame =
      known?.status === one.status &&
      known.withdrawnMinor === one.withdrawnMinor &&
      known.lostMinor === lostOf(one);
    expect('disputes_are_known', isSame, () => `${one.id} is ${one.status}, here ${known?.status}`);
  }
  for (const { refund } of refunds) {
    const before = knownDisputes.filter(
      ({ attemptId, atMs }) => attemptId === refund.attemptId && atMs < refund.createdAtMs,
    );
    const standing = before.at(-1)?.status;
    const isOpen = standing !== undefined && standingOf(standing) === 'OPEN';
    const message = (): string => `${refund.refundId} was made while it was ${standing}`;
    expect('none_back_while_disputed', !isOpen, message);
  }
}
