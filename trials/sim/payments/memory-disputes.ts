import {
  overStatuses,
  standingOf,
  turnOf,
  type Dispute,
  type DisputeTurn,
} from '#apps/payments/disputes/dispute.js';
import type { DisputeSeen } from '#apps/payments/provider/provider.js';
import type { Gone } from '#apps/payments/refunds/what-goes-back.js';
import type { MemoryAttempts } from '#apps/payments/store/memory-attempt-store.js';
import { noParts } from '#libs/contracts/money/price-parts.js';
import type { AttemptId } from '#libs/inventory/ids.js';

export interface DisputeRecord {
  readonly dispute: Dispute;
  /** News that were looked at. */
  readonly hintsSeen: number;
  readonly leaseUntilMs: number;
  readonly nextTryAtMs: number;
}

/** How a dispute stood, from then on. */
export interface KnownDispute {
  readonly attemptId: AttemptId;
  readonly status: string;
  readonly atMs: number;
}

/** The statements of DisputeTable in memory: each is one transaction, with its ledger (DI2). */
export class MemoryDisputes {
  readonly rows = new Map<string, DisputeRecord>();
  /** How each stood, and since when that was known here. */
  readonly known: KnownDispute[] = [];

  constructor(
    private readonly attempts: MemoryAttempts,
    private readonly leaseMs: number,
  ) {}

  /** As a webhook does it: its row is made, or is due. */
  hear(disputeId: string): void {
    const row = this.rows.get(disputeId);
    if (row === undefined) return this.add(disputeId);
    const { dispute } = row;
    const news = { ...dispute, hints: dispute.hints + 1 };
    this.keep(row, { dispute: news, nextTryAtMs: this.nowMs() });
  }

  find(disputeIds: readonly string[]): Promise<number> {
    const fresh = disputeIds.filter((id) => !this.rows.has(id));
    for (const id of fresh) this.add(id);
    return Promise.resolve(fresh.length);
  }

  claimDue(limit: number): Promise<readonly Dispute[]> {
    const nowMs = this.nowMs();
    const due = [...this.rows.values()]
      .filter(isDue)
      .filter((row) => row.nextTryAtMs <= nowMs && row.leaseUntilMs < nowMs)
      .sort((a, b) => a.nextTryAtMs - b.nextTryAtMs)
      .slice(0, limit);
    return Promise.resolve(
      due.map((row) => {
        const dispute = { ...row.dispute, leaseNo: row.dispute.leaseNo + 1 };
        this.keep(row, { dispute, leaseUntilMs: nowMs + this.leaseMs });
        return dispute;
      }),
    );
  }

  see(from: Dispute, seen: DisputeSeen, nextLookMs: number): Promise<boolean> {
    const row = this.own(from);
    if (row === null) return Promise.resolve(false);
    const paid = this.attempts.rows.get(seen.attemptId as AttemptId)?.attempt;
    const none: DisputeTurn = {
      ...{ status: seen.status, amountMinor: 0, withdrawnMinor: 0, lostMinor: 0, entries: [] },
    };
    const turn = paid === undefined ? none : turnOf(from, seen, paid);
    const { status, withdrawnMinor, lostMinor, entries } = turn;
    const turnNo = from.turn + (entries.length > 0 ? 1 : 0);
    const attemptId = paid?.attemptId ?? null;
    if (attemptId !== null) {
      const kind = `dispute ${from.disputeId}.${turnNo}`;
      for (const entry of entries) this.attempts.ledger.push({ ...entry, attemptId, kind });
    }
    if (attemptId !== null) this.known.push({ attemptId, status, atMs: this.nowMs() });
    const isNews = row.dispute.hints !== from.hints;
    this.keep(row, {
      dispute: {
        ...row.dispute,
        ...{ attemptId, status, withdrawnMinor, lostMinor, turn: turnNo, tries: 0 },
      },
      hintsSeen: from.hints,
      nextTryAtMs: this.nowMs() + (isNews ? 0 : nextLookMs),
      leaseUntilMs: -Infinity,
    });
    return Promise.resolve(true);
  }

  miss(from: Dispute, _error: string, isOver: boolean, nextTryMs: number): Promise<void> {
    const row = this.own(from);
    if (row === null) return Promise.resolve();
    this.keep(row, {
      dispute: { ...row.dispute, tries: row.dispute.tries + 1 },
      hintsSeen: isOver ? from.hints : row.hintsSeen,
      nextTryAtMs: this.nowMs() + nextTryMs,
      leaseUntilMs: -Infinity,
    });
    return Promise.resolve();
  }

  /** What refunds know of a payment's disputes (DI3). */
  ofPayment(attemptId: AttemptId): 'disputed' | readonly Gone[] {
    const mine = [...this.rows.values()]
      .map(({ dispute }) => dispute)
      .filter((dispute) => dispute.attemptId === attemptId);
    const isOpen = mine.some(({ status }) => status !== null && standingOf(status) === 'OPEN');
    if (isOpen) return 'disputed';
    return mine
      .filter(({ lostMinor }) => lostMinor > 0)
      .map(({ lostMinor }) => ({ ...none, amountMinor: lostMinor }));
  }

  private add(disputeId: string): void {
    this.rows.set(disputeId, {
      dispute: {
        ...{ disputeId, attemptId: null, status: null, withdrawnMinor: 0, lostMinor: 0 },
        ...{ turn: 0, hints: 1, tries: 0, leaseNo: 0 },
      },
      hintsSeen: 0,
      leaseUntilMs: -Infinity,
      nextTryAtMs: this.nowMs(),
    });
  }

  private nowMs(): number {
    return this.attempts.nowMs();
  }

  /** null: another has it. */
  private own({ disputeId, leaseNo }: Dispute): DisputeRecord | null {
    const row = this.rows.get(disputeId);
    return row?.dispute.leaseNo === leaseNo ? row : null;
  }

  private keep(row: DisputeRecord, to: Partial<DisputeRecord>): void {
    this.rows.set(row.dispute.disputeId, { ...row, ...to });
  }
}

/** Nothing here has a fee. */
const none = { seats: [], areas: [], keptMinor: 0, parts: noParts };

function isDue({ dispute, hintsSeen }: DisputeRecord): boolean {
  const { attemptId, status, hints } = dispute;
  if (hints !== hintsSeen) return true;
  if (attemptId === null || status === null) return false;
  return !overStatuses.includes(status) || standingOf(status) === 'LOST';
}
