import type { AttemptId, EventId } from '#libs/inventory/ids.js';

import type { MemoryAttempts } from '../store/memory-attempt-store.js';
import type { CancellingRule } from './cancelling.js';
import type { RefundTransition } from './decide-refund.js';
import { again, firstState, judgeRefund, refusal } from './judge-refund.js';
import { isOpen, movementOf, type Refund, type RefundId } from './refund.js';
import type { RefundAsk, RefundStore, Requested } from './refund-ask.js';
import type { Gone } from './what-goes-back.js';

export interface RefundRecord {
  readonly refund: Refund;
  readonly requestKey: string;
  readonly leaseUntilMs: number;
  readonly nextTryAtMs: number;
}

/** What outlives the processes: the rows, beside those of the attempts, by the same clock. */
export class MemoryRefunds {
  readonly rows = new Map<RefundId, RefundRecord>();

  constructor(
    readonly attempts: MemoryAttempts,
    readonly level: number,
    /** Whether buyers of the event may cancel. */
    readonly ruleOf: (eventId: EventId) => CancellingRule | null,
    /** What its disputes have taken of a payment. */
    readonly disputesOf: (attemptId: AttemptId) => 'disputed' | readonly Gone[] = () => [],
  ) {}

  /** Somebody spoke of it. */
  hear(refundId: RefundId): void {
    const row = this.rows.get(refundId);
    if (row === undefined) return;
    const refund = { ...row.refund, hints: row.refund.hints + 1 };
    this.rows.set(refundId, { ...row, refund, nextTryAtMs: this.attempts.nowMs() });
  }

  /** What is no longer there of it, or that its bank decides about it. */
  goneOf(attemptId: AttemptId): 'disputed' | readonly Gone[] {
    const lost = this.disputesOf(attemptId);
    return lost === 'disputed' ? lost : [...this.ofAttempt(attemptId), ...lost];
  }

  ofAttempt(attemptId: string): readonly Refund[] {
    return [...this.rows.values()].map(({ refund }) => refund).filter(isOfAttempt(attemptId));
  }
}

const isOfAttempt =
  (attemptId: string) =>
  (refund: Refund): boolean =>
    refund.attemptId === attemptId;

/**
 * The statements of RefundTable in memory. Each is done when the call returns, so it is one
 * transaction; what the caller gets to hear, and when, is the caller's affair.
 */
export class MemoryRefundTable implements RefundStore {
  constructor(
    private readonly table: MemoryRefunds,
    readonly leaseMs: number,
  ) {}

  request(ask: RefundAsk): Promise<Requested> {
    return Promise.resolve(this.made(ask));
  }

  claimDue(limit: number): Promise<readonly Refund[]> {
    const nowMs = this.nowMs();
    const due = [...this.table.rows.values()]
      .filter(({ refund }) => isOpen(refund.state) || refund.hints !== refund.hintsSeen)
      .filter(({ nextTryAtMs, leaseUntilMs }) => nextTryAtMs <= nowMs && leaseUntilMs < nowMs)
      .sort((a, b) => a.nextTryAtMs - b.nextTryAtMs)
      .slice(0, limit);
    const claimed = due.map((row) => {
      const refund = { ...row.refund, leaseNo: row.refund.leaseNo + 1 };
      this.keep({ ...row, refund, leaseUntilMs: nowMs + this.leaseMs });
      return refund;
    });
    return Promise.resolve(claimed);
  }

  renew(known: Refund): Promise<boolean> {
    const row = this.rowOf(known);
    const nowMs = this.nowMs();
    if (row === null || row.leaseUntilMs <= nowMs) return Promise.resolve(false);
    this.keep({ ...row, leaseUntilMs: nowMs + this.leaseMs });
    return Promise.resolve(true);
  }

  advance(from: Refund, to: RefundTransition, nextTryDelayMs: number): Promise<Refund | null> {
    const row = this.rowOf(from);
    if (row === null) return Promise.resolve(null);
    const nowMs = this.nowMs();
    const paused = to.pause === true;
    const isNews = row.refund.hints !== from.hints;
    const refund: Refund = {
      ...row.refund,
      state: to.state,
      providerRefundId: to.providerRefundId ?? from.providerRefundId,
      failure: to.failure ?? from.failure,
      error: to.error ?? from.error,
      keyNo: to.keyNo ?? from.keyNo,
      tries: to.tries ?? (to.state === from.state ? from.tries : 0),
      hintsSeen: paused ? row.refund.hintsSeen : from.hints,
    };
    this.keep({
      ...row,
      refund,
      // What was said meanwhile is looked at at once.
      nextTryAtMs: nowMs + (paused && !isNews ? nextTryDelayMs : 0),
      leaseUntilMs: paused || !isOpen(to.state) ? -Infinity : nowMs + this.leaseMs,
    });
    const { attemptId } = refund;
    const kind = `${to.moves} ${from.refundId}.${from.keyNo}`;
    const { ledger } = this.table.attempts;
    const known = ledger.some((entry) => entry.attemptId === attemptId && entry.kind === kind);
    if (!known) {
      for (const entry of movementOf(from, to)) ledger.push({ attemptId, kind, ...entry });
    }
    return Promise.resolve(refund);
  }

  /** As finance does with one that failed: once more, under another key. */
  retry(refundId: RefundId): void {
    const row = this.table.rows.get(refundId);
    if (row?.refund.state !== 'FAILED') return;
    const { keyNo, leaseNo } = row.refund;
    const next = {
      state: 'SEATS_FREED',
      keyNo: keyNo + 1,
      leaseNo: leaseNo + 1,
      tries: 0,
    } as const;
    this.keep({
      ...row,
      refund: { ...row.refund, ...next },
      leaseUntilMs: -Infinity,
      nextTryAtMs: this.nowMs(),
    });
  }

  /** As finance does when the buyer's bank has paid him: what failed is over. */
  close(refundId: RefundId): void {
    const row = this.table.rows.get(refundId);
    if (row?.refund.state !== 'FAILED') return;
    const refund = { ...row.refund, state: 'CLOSED', leaseNo: row.refund.leaseNo + 1 } as const;
    this.keep({ ...row, refund, leaseUntilMs: -Infinity });
  }

  private made(ask: RefundAsk): Requested {
    const { rows, attempts, level, ruleOf } = this.table;
    const all = [...attempts.rows.values()].map(({ attempt }) => attempt);
    const attempt = all.find(
      ({ bookingId, userId }) =>
        bookingId === ask.bookingId && (ask.userId === null || userId === ask.userId),
    );
    if (attempt === undefined) return { kind: 'refused', reason: 'booking_not_found' };
    const known = [...rows.values()].find(
      ({ refund, requestKey }) => refund.asker === ask.asker && requestKey === ask.requestKey,
    );
    if (known !== undefined) return again(known.refund, ask);
    const gone = this.table.goneOf(attempt.attemptId);
    const rule = ask.cancelling === undefined ? null : ruleOf(attempt.eventId);
    const back = judgeRefund(ask, { attempt, level, gone, rule });
    if ('refused' in back) return refusal(back);
    const { attemptId, bookingId, eventId, userId, currency, currencyDigits, intentId } = attempt;
    const { refundId, fingerprint, role, reason, asker, offSale, trace } = ask;
    const refund: Refund = {
      ...{ refundId, attemptId, bookingId, eventId, userId, fingerprint, role, reason, asker },
      ...back,
      ...{ offSale, currency, currencyDigits, intentId, trace },
      state: firstState(back),
      ...{ providerRefundId: null, failure: null, error: null },
      ...{ keyNo: 0, hints: 0, hintsSeen: 0, tries: 0, leaseNo: 0 },
      createdAtMs: this.nowMs(),
    };
    const { requestKey } = ask;
    this.keep({ refund, requestKey, leaseUntilMs: -Infinity, nextTryAtMs: this.nowMs() });
    return { kind: 'refund', refund, isNew: true };
  }

  private nowMs(): number {
    return this.table.attempts.nowMs();
  }

  private keep(row: RefundRecord): void {
    this.table.rows.set(row.refund.refundId, row);
  }

  /** Nobody else has taken it over since the worker knew it so. */
  private rowOf({ refundId, leaseNo, state }: Refund): RefundRecord | null {
    const row = this.table.rows.get(refundId);
    const isSame = row?.refund.leaseNo === leaseNo && row.refund.state === state;
    return row !== undefined && isSame ? row : null;
  }
}
