import type { PoolClient } from 'pg';
import Type, { type Static } from 'typebox';
import { limits } from '#libs/contracts/limits.js';
import { amountOf, minorOf, rescaled } from '#libs/contracts/money/amounts.js';
import { currencyDigits, isCurrency } from '#libs/contracts/money/currencies.js';
import { stripeAmountOf } from '#libs/contracts/money/stripe-charging.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { Problems } from './checked.js';
import type { StartTime } from './start-time.js';

/**
 * Whether buyers may give their bookings back themselves, until when, and what is kept of each
 * place. Payments decide by it (apps/payments/refunds); no owner does, so it is no rule of the sale
 * and changes at once. null everywhere: they may not.
 */
export interface Cancellation {
  /** From then on it is too late. */
  readonly untilMs: number;
  /** Kept of each place, at most its price; in the minor unit of the event. */
  readonly feeMinor: number;
  /** The booking fee of each place is kept as well. */
  readonly keepsBookingFee: boolean;
}

/** As the event file says it. */
export const CancellationSchema = Type.Object(
  {
    /** ISO 8601, or hours before the start. */
    until: Type.Union([
      Type.String(),
      Type.Number({ minimum: 0, maximum: limits.cancellationHoursMax }),
    ]),
    /** Of each place, in the currency's main unit. Default none. */
    fee: Type.Optional(Type.String()),
    /** Beside it. Default false: it goes back. */
    keep_booking_fee: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

interface Around {
  /** null: it cannot be read, and that is said already. */
  readonly startsAtMs: number | null;
  readonly currency: string;
  readonly timeAt: (path: string, text: string) => StartTime | null;
  readonly problems: Problems;
}

/** null where it says null, or something wrong. */
export function readCancellation(
  said: Static<typeof CancellationSchema> | null,
  { startsAtMs, currency, timeAt, problems }: Around,
): Cancellation | null {
  if (said === null) return null;
  const { until, fee = '0', keep_booking_fee: keepsBookingFee = false } = said;
  const untilMs =
    typeof until === 'string'
      ? (timeAt('cancellation.until', until)?.atMs ?? null)
      : startsAtMs === null
        ? null
        : Math.round(startsAtMs - until * 3_600_000);
  if (untilMs !== null && startsAtMs !== null && untilMs > startsAtMs) {
    problems.add('cancellation.until', 'must not be after the start');
  }
  const feeMinor = isCurrency(currency) ? feeOf(fee, currency, problems) : null;
  return untilMs === null || feeMinor === null ? null : { untilMs, feeMinor, keepsBookingFee };
}

/** What is left of a price must be an amount that can go back. */
function feeOf(fee: string, currency: string, problems: Problems): number | null {
  const path = 'cancellation.fee';
  const digits = currencyDigits(currency);
  const minor = minorOf(fee, digits);
  if (minor === null) {
    problems.add(path, `must be an amount with at most ${digits} decimals`);
  } else if (minor > limits.priceMinorMax) {
    problems.add(path, `must be at most ${amountOf(limits.priceMinorMax, digits)} ${currency}`);
  } else if (stripeAmountOf({ minor, digits, currency }) === null) {
    problems.add(path, 'is finer than what is charged in this currency');
  } else return minor;
  return null;
}

/** As an event keeps it whose amounts have other decimals; `'too_fine'`: it cannot. */
export function cancellationIn(
  said: Cancellation | null,
  fromDigits: number,
  toDigits: number,
): Cancellation | null | 'too_fine' {
  if (said === null) return null;
  const feeMinor = rescaled(said.feeMinor, fromDigits, toDigits);
  return feeMinor === null ? 'too_fine' : { ...said, feeMinor };
}

/** For people: "until 2027-02-28T19:30:00.000Z, fee 2.50". */
export function cancellationWord(rule: Cancellation | null, digits: number): string {
  if (rule === null) return 'not by buyers';
  const until = new Date(rule.untilMs).toISOString();
  const kept = rule.keepsBookingFee ? ', booking fee kept' : '';
  return `until ${until}, fee ${amountOf(rule.feeMinor, digits)}${kept}`;
}

/** Columns of event, as the driver gives them. */
export interface CancellationRow {
  readonly cancel_until: Date | null;
  readonly cancel_fee_minor: number | null;
  readonly cancel_keeps_fee: boolean;
}

export const cancellationOf = (row: CancellationRow): Cancellation | null =>
  row.cancel_until === null || row.cancel_fee_minor === null
    ? null
    : {
        untilMs: row.cancel_until.getTime(),
        feeMinor: row.cancel_fee_minor,
        keepsBookingFee: row.cancel_keeps_fee,
      };

/** undefined: nothing is said of it, and it stays. */
export async function writeCancellation(
  client: PoolClient,
  eventId: EventId,
  rule: Cancellation | null | undefined,
): Promise<void> {
  if (rule === undefined) return;
  const until = rule === null ? null : new Date(rule.untilMs);
  await client.query(
    `UPDATE event SET cancel_until = $2, cancel_fee_minor = $3, cancel_keeps_fee = $4
      WHERE event_id = $1`,
    [eventId, until, rule?.feeMinor ?? null, rule?.keepsBookingFee ?? false],
  );
}
