import type { CancellationStore } from '#apps/payments/cancellation/cancellation-store.js';
import {
  afterRound,
  cancellationAsker,
  passingReasons,
  type CancellationPage,
  type EventCancellation,
  type PageDone,
  type RoundCount,
} from '#apps/payments/cancellation/event-cancellation.js';
import type { MemoryRefunds } from '#apps/payments/refunds/memory-refund-table.js';
import { isOpen } from '#apps/payments/refunds/refund.js';
import { limits } from '#libs/contracts/limits.js';
import type { BookingId, EventId } from '#libs/inventory/ids.js';
import type { MemoryStore } from '#libs/journal/memory-store.js';

/** One row, and the bookings that were left. */
export interface CancellationRecord {
  readonly cancellation: EventCancellation;
  /** The last booking that was asked for; '': none. */
  readonly cursor: string;
  readonly left: ReadonlyMap<BookingId, string>;
  readonly leaseUntilMs: number;
  readonly nextTryAtMs: number;
}

/** The statements of CancellationTable in memory: each is one transaction. */
export class MemoryCancellations implements CancellationStore {
  readonly rows = new Map<EventId, CancellationRecord>();

  constructor(
    private readonly refunds: MemoryRefunds,
    private readonly store: Pick<MemoryStore, 'bookings'>,
    private readonly leaseMs: number,
  ) {}

  request(cancellation: EventCancellation): void {
    const known = this.rows.get(cancellation.eventId);
    const nextTryAtMs = this.nowMs();
    if (known === undefined) {
      const row = { cancellation, cursor: '', left: new Map(), leaseUntilMs: -Infinity };
      this.rows.set(cancellation.eventId, { ...row, nextTryAtMs });
    } else if (known.cancellation.state === 'DONE') {
      const again: EventCancellation = { ...known.cancellation, state: 'REFUNDING' };
      this.keepRow(known, { cancellation: again, cursor: '', nextTryAtMs });
    } else this.keepRow(known, { nextTryAtMs });
  }

  claimDue(): Promise<EventCancellation | null> {
    const nowMs = this.nowMs();
    const due = [...this.rows.values()]
      .filter(({ cancellation }) => cancellation.state !== 'DONE')
      .filter((row) => row.nextTryAtMs <= nowMs && row.leaseUntilMs < nowMs)
      .sort((a, b) => a.nextTryAtMs - b.nextTryAtMs)
      .at(0);
    if (due === undefined) return Promise.resolve(null);
    const { leaseNo } = due.cancellation;
    const cancellation = { ...due.cancellation, leaseNo: leaseNo + 1 };
    this.keepRow(due, { cancellation, leaseUntilMs: nowMs + this.leaseMs });
    return Promise.resolve(cancellation);
  }

  began(from: EventCancellation): Promise<boolean> {
    const row = this.own(from);
    if (row?.cancellation.state !== 'REQUESTED') return Promise.resolve(false);
    this.moveOn(row, { state: 'REFUNDING', tries: 0 }, {}, 0);
    return Promise.resolve(true);
  }

  page({ eventId }: EventCancellation): Promise<CancellationPage> {
    const asked = [...this.refunds.rows.values()].filter(
      ({ refund: { asker, state } }) => asker === cancellationAsker && freshStates.includes(state),
    );
    const room = Math.max(0, limits.cancellationRefundsMax - asked.length);
    const cursor = this.rows.get(eventId)?.cursor ?? '';
    const paid = new Set(
      [...this.refunds.attempts.rows.values()].map(({ attempt }) => attempt.bookingId),
    );
    const bookings = this.living(eventId)
      .filter((bookingId) => bookingId > cursor)
      .slice(0, room)
      .map((bookingId) => ({ bookingId, isPaid: paid.has(bookingId) }));
    return Promise.resolve({ room, bookings });
  }

  keep(
    from: EventCancellation,
    { asked, left, isLast }: PageDone,
  ): Promise<EventCancellation['state'] | null> {
    const row = this.own(from);
    if (row === null) return Promise.resolve(null);
    const known = new Map(row.left);
    for (const bookingId of asked) known.delete(bookingId);
    for (const { bookingId, reason } of left) known.set(bookingId, reason);
    const after = isLast ? afterRound(this.countRound(from.eventId, known)) : 'on';
    const last = [...asked, ...left.map(({ bookingId }) => bookingId)].sort().at(-1);
    const state = after === 'done' ? 'DONE' : 'REFUNDING';
    const cursor = after === 'again' ? '' : (last ?? row.cursor);
    const waitMs = after === 'on' ? limits.cancellationPaceMs : limits.cancellationRoundMs;
    this.moveOn(row, { state, tries: 0 }, { cursor, left: known }, waitMs);
    return Promise.resolve(state);
  }

  miss(from: EventCancellation, _error: string, delayMs: number): Promise<void> {
    const row = this.own(from);
    if (row !== null) this.moveOn(row, { tries: row.cancellation.tries + 1 }, {}, delayMs);
    return Promise.resolve();
  }

  /** For a mutation as well. */
  countRound(eventId: EventId, left: CancellationRecord['left']): RoundCount {
    const living = new Set(this.living(eventId));
    const passing = [...left].filter(
      ([bookingId, reason]) => living.has(bookingId) && passingReasons.includes(reason),
    );
    const open = [...this.refunds.rows.values()].filter(
      ({ refund }) =>
        refund.asker === cancellationAsker && refund.eventId === eventId && isOpen(refund.state),
    );
    return { passing: passing.length, open: open.length };
  }

  private living(eventId: EventId): BookingId[] {
    return this.store
      .bookings()
      .filter((row) => row.eventId === eventId && row.cancelledAtMs === null)
      .map(({ bookingId }) => bookingId)
      .sort();
  }

  private nowMs(): number {
    return this.refunds.attempts.nowMs();
  }

  /** null: another has it. */
  private own({ eventId, leaseNo }: EventCancellation): CancellationRecord | null {
    const row = this.rows.get(eventId);
    return row?.cancellation.leaseNo === leaseNo ? row : null;
  }

  private moveOn(
    row: CancellationRecord,
    to: Partial<EventCancellation>,
    more: Partial<CancellationRecord>,
    waitMs: number,
  ): void {
    const cancellation = { ...row.cancellation, ...to };
    const nextTryAtMs = this.nowMs() + waitMs;
    this.keepRow(row, { ...more, cancellation, nextTryAtMs, leaseUntilMs: -Infinity });
  }

  private keepRow(row: CancellationRecord, to: Partial<CancellationRecord>): void {
    this.rows.set(row.cancellation.eventId, { ...row, ...to });
  }
}

/** EC4. */
const freshStates: readonly string[] = ['REQUESTED', 'SEATS_FREED'];
