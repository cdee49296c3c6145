import type pg from 'pg';
import { minorOfStripe } from '#libs/contracts/money/stripe-charging.js';
import { settledStates } from '#apps/payments/saga/attempt.js';
import type { LedgerLine } from '#apps/payments/simulator/ledger.js';

/**
 * What the provider says that it took against what is booked, order by order (G5). Two sources that
 * know nothing of each other: the provider's own account, and our tables of bookings, refunds and
 * disputes. Amounts are in the minor unit of the attempt.
 */
export interface OrderRow {
  readonly attempt_id: string;
  readonly booking_id: string;
  readonly state: string;
  readonly currency: string;
  readonly currency_digits: number;
  /** Of its booking, as it was sold; null: none was made. */
  readonly total: number | null;
  readonly is_cancelled: boolean;
  /** Refunds that were asked for, and what of them went back. */
  readonly refunds: number;
  readonly back: number;
  /** Of them not at their end. */
  readonly open_refunds: number;
  /** By our table of disputes: with the buyer's bank, for now or for good. */
  readonly away: number;
}

export interface CurrencySum {
  readonly currency: string;
  /** At the provider. */
  captured: number;
  refunded: number;
  disputed: number;
  /** Of bookings that live and that no bank took back, and of what is kept of cancelled ones. */
  live: number;
  kept: number;
}

export interface Books {
  readonly orders: number;
  readonly byState: Readonly<Record<string, number>>;
  readonly liveBookings: number;
  readonly sums: readonly CurrencySum[];
  /** Attempts and refunds that are not at their end. */
  readonly unsettled: readonly string[];
  /** Intents at the provider with which money can still be taken. */
  readonly authorised: readonly string[];
  /** A seat is booked, and nobody paid. */
  readonly unpaid: readonly string[];
  /** Somebody paid, and has no seat. */
  readonly unseated: readonly string[];
  /** Money and booking are there, and are not the same. */
  readonly unequal: readonly string[];
}

/** In which a provider may still give or take money. */
const openStatuses = ['requires_capture', 'requires_action', 'requires_confirmation', 'processing'];

export function compareBooks(rows: readonly OrderRow[], lines: readonly LedgerLine[]): Books {
  const sums = new Map<string, CurrencySum>();
  const byState: Record<string, number> = {};
  const found = { unsettled: [], authorised: [], unpaid: [], unseated: [], unequal: [] } as Found;
  const taken = takenOf(lines);
  for (const row of rows) {
    byState[row.state] = (byState[row.state] ?? 0) + 1;
    if (!isSettled(row)) found.unsettled.push(`${row.attempt_id} ${row.state}`);
    const money = inUnitsOf(row, taken.get(row.attempt_id));
    taken.delete(row.attempt_id);
    addUp(sumOf(sums, row.currency), row, money);
    judge(row, money, found);
  }
  for (const [attempt, { captured }] of taken) {
    if (captured > 0) found.unseated.push(`${attempt}: ${captured} taken, and it is not known`);
  }
  for (const { id, status, metadata } of lines) {
    const name = metadata.attempt_id ?? id;
    if (openStatuses.includes(status)) found.authorised.push(`${name} ${status}`);
  }
  const live = rows.filter(isLive).length;
  return { orders: rows.length, byState, liveBookings: live, sums: [...sums.values()], ...found };
}

/** What is open is not yet wrong: it may be on its way. */
export const problemsOf = (books: Books): string[] => [
  ...books.unsettled,
  ...books.authorised,
  ...books.unpaid,
  ...books.unseated,
  ...books.unequal,
  ...books.sums.filter((sum) => !addsUp(sum)).map(({ currency }) => `${currency} does not add up`),
];

/** captured - refunded - disputed = live bookings + what is kept. */
export const addsUp = ({ captured, refunded, disputed, live, kept }: CurrencySum): boolean =>
  captured - refunded - disputed === live + kept;

export async function readOrders(pool: pg.Pool): Promise<OrderRow[]> {
  const { rows } = await pool.query<OrderRow>(`
    SELECT a.attempt_id, a.booking_id, a.state, a.currency, a.currency_digits,
           b.total_minor::float8 AS total, b.cancelled_at IS NOT NULL AS is_cancelled,
           r.refunds, r.back, r.open_refunds, d.away
    FROM payment_attempt a
    LEFT JOIN booking b ON b.attempt_id = a.attempt_id
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS refunds,
             count(*) FILTER (WHERE state NOT IN ('DONE', 'CLOSED'))::int AS open_refunds,
             coalesce(sum(amount_minor) FILTER (WHERE state = 'DONE'), 0)::float8 AS back
      FROM refund WHERE refund.attempt_id = a.attempt_id
    ) r
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(withdrawn_minor), 0)::float8 AS away
      FROM dispute WHERE dispute.attempt_id = a.attempt_id
    ) d
    ORDER BY a.created_at`);
  return rows;
}

type Found = Record<'unsettled' | 'authorised' | 'unpaid' | 'unseated' | 'unequal', string[]>;

interface Taken {
  readonly captured: number;
  readonly refunded: number;
  readonly disputed: number;
}

const nothing: Taken = { captured: 0, refunded: 0, disputed: 0 };

/** By attempt: two charges of one are its money, too. */
function takenOf(lines: readonly LedgerLine[]): Map<string, Taken> {
  const taken = new Map<string, Taken>();
  for (const { id, metadata, captured, refunded, disputed } of lines) {
    const attempt = metadata.attempt_id ?? id;
    const before = taken.get(attempt) ?? nothing;
    taken.set(attempt, {
      captured: before.captured + captured,
      refunded: before.refunded + refunded,
      disputed: before.disputed + disputed,
    });
  }
  return taken;
}

function inUnitsOf({ currency, currency_digits: digits }: OrderRow, taken = nothing): Taken {
  const own = (amount: number): number => minorOfStripe(amount, currency, digits);
  const { captured, refunded, disputed } = taken;
  return { captured: own(captured), refunded: own(refunded), disputed: own(disputed) };
}

function sumOf(sums: Map<string, CurrencySum>, currency: string): CurrencySum {
  let sum = sums.get(currency);
  if (sum === undefined) {
    sum = { currency, captured: 0, refunded: 0, disputed: 0, live: 0, kept: 0 };
    sums.set(currency, sum);
  }
  return sum;
}

function addUp(sum: CurrencySum, row: OrderRow, money: Taken): void {
  sum.captured += money.captured;
  sum.refunded += money.refunded;
  sum.disputed += money.disputed;
  if (isLive(row)) sum.live += dueOf(row);
  else sum.kept += dueOf(row);
}

function judge(row: OrderRow, { captured, refunded, disputed }: Taken, found: Found): void {
  const due = dueOf(row);
  const has = captured - refunded - disputed;
  if (has === due) return;
  const name = `${row.attempt_id} ${row.state}: ${due} due, ${has} there`;
  if (captured === 0 && isLive(row)) found.unpaid.push(name);
  else if (row.total === null && has > 0) found.unseated.push(name);
  else found.unequal.push(name);
}

const isLive = ({ total, is_cancelled: isCancelled }: OrderRow): boolean =>
  total !== null && !isCancelled;

/** Ours by right: what was sold, less what went back; of who cancelled, what is kept. */
function dueOf({ total, is_cancelled: isCancelled, refunds, back, away }: OrderRow): number {
  const sold = isCancelled && refunds === 0 ? 0 : (total ?? 0);
  return sold === 0 ? 0 : sold - back - away;
}

const isSettled = ({ state, open_refunds: open }: OrderRow): boolean =>
  open === 0 && (settledStates as readonly string[]).includes(state);
