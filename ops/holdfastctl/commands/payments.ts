import type { Command } from 'commander';
import { reconcile } from '#apps/payments/reconcile/reconcile.js';
import { settledStates } from '#apps/payments/saga/attempt.js';
import { limits } from '#libs/contracts/limits.js';
import { booksOf, providerAsked } from '../books-at-provider.js';
import type { CommandContext } from '../context.js';
import { CommandFailed } from '../failures.js';
import { isoOf, plural, wholeNumber } from '../numbers.js';
import { addRefundCommands } from './payment-refunds.js';
import { giveUp, retryNow, type StepOptions } from './payment-steps.js';

/** `payments ...`: attempts that do not end, and money that does not add up. */
export function addPaymentsCommands(program: Command, context: () => CommandContext): void {
  const payments = program.command('payments').description('look after the money');
  payments
    .command('stuck')
    .description('list payments and refunds that do not get on; ends with 1 when any')
    .option('--limit <number>', 'at most this many', wholeNumber(1, 10_000), 50)
    .action((options: { limit: number }) => listStuck(context(), options.limit));
  payments
    .command('reconcile')
    .description('compare bookings, the ledger and the provider; ends with 1 when they differ')
    .option('--event <id>', 'of this event alone')
    .option('--days <number>', 'attempts of so many days', wholeNumber(1, 3_650), 30)
    .option('--limit <number>', 'show at most this many', wholeNumber(1, 10_000), 50)
    .action((options: ReconcileOptions) => showReconciled(context(), options));
  payments
    .command('retry')
    .description('try the next step of an attempt now, and not at its time')
    .argument('<attempt>', 'its id')
    .option('--dry-run', 'say what would be done, and do nothing')
    .action((attemptId: string, options: StepOptions) => retryNow(context(), attemptId, options));
  payments
    .command('void')
    .description('give up an attempt that waits for its buyer or for his bank, and free his money')
    .argument('<attempt>', 'its id')
    .option('--dry-run', 'say what would be done, and do nothing')
    .action((attemptId: string, options: StepOptions) => giveUp(context(), attemptId, options));
  addRefundCommands(payments, context);
}

interface ReconcileOptions {
  readonly event?: string;
  readonly days: number;
  readonly limit: number;
}

interface StuckRow {
  readonly attempt_id: string;
  readonly event_id: string;
  readonly state: string;
  readonly tries: number;
  readonly age_seconds: number;
  readonly next_try_at: Date;
  readonly amount_minor: string;
  readonly currency: string;
  readonly reason: string | null;
  readonly error: string | null;
  /** Of all that are stuck. */
  readonly total: number;
}

async function listStuck(context: CommandContext, limit: number): Promise<void> {
  await context.withDatabase(async (pool) => {
    const { rows } = await pool.query<StuckRow>(stuckStatement, [
      settledStates,
      limits.sagaStuckAfterMs / 1_000,
      limit,
      limits.refundStuckAfterMs / 1_000,
      limits.refundLateAfterMs / 1_000,
    ]);
    const header = ['payment', 'event', 'state', 'tries', 'age s', 'next s', 'amount', 'error'];
    const cells = rows.map((row) => [
      row.attempt_id,
      row.event_id,
      row.state,
      row.tries,
      row.age_seconds,
      Math.max(0, Math.round((row.next_try_at.getTime() - Date.now()) / 1_000)),
      `${row.amount_minor} ${row.currency}`,
      row.error,
    ]);
    const total = rows.at(0)?.total ?? 0;
    const shown = rows.map(({ total: _, ...row }) => ({
      ...row,
      amount_minor: Number(row.amount_minor),
      next_try_at: isoOf(row.next_try_at.getTime()),
    }));
    context.print(rows.length === 0 ? 'no payment is stuck' : context.table(header, cells), shown);
    if (rows.length > 0) throw new CommandFailed(`${plural(total, 'payment')} stuck`);
  });
}

async function showReconciled(context: CommandContext, options: ReconcileOptions): Promise<void> {
  const { stripeUrl, simulatorKey } = context.system();
  const key = stripeUrl === null ? context.stripeSecretKey : (simulatorKey ?? undefined);
  const source = providerAsked(stripeUrl, key);
  const sinceMs = Date.now() - options.days * 86_400_000;
  await context.withDatabase(async (pool) => {
    const books = source === null ? null : booksOf(stripeUrl, key);
    const result = await reconcile(pool, { sinceMs, eventId: options.event ?? null, books });
    const { totals, differences, entered } = result;
    const asked = source ?? 'not asked (STRIPE_SECRET_KEY is not set)';
    const lines = totals.map(
      ({ currency, booked, captured, disputed, atProvider }) =>
        `${currency}  booked ${booked}, captured ${captured}` +
        (disputed === 0 ? '' : `, of it disputed ${disputed}`) +
        (atProvider === null ? '' : `, at the provider ${atProvider}`),
    );
    const header = ['attempt', 'event', 'what', 'booked', 'captured', 'provider', 'state'];
    const shown = differences.slice(0, options.limit);
    const cells = shown.map((one) => [
      one.attempt_id,
      one.event_id,
      one.what,
      one.booked,
      one.captured,
      one.at_provider,
      one.state,
    ]);
    const text = [
      `provider: ${asked}; ${plural(result.looked, 'attempt')}, ${result.pending} under way`,
      ...(entered === 0 ? [] : [`${plural(entered, 'capture')} of an older release entered`]),
      ...lines,
      ...(differences.length === 0 ? ['everything adds up'] : [context.table(header, cells)]),
    ].join('\n');
    context.print(text, { provider: source, ...result, differences: shown });
    if (differences.length > 0) {
      throw new CommandFailed(`${plural(differences.length, 'difference')} found`);
    }
  });
}

const stuckStatement = `
  SELECT attempt_id, event_id, state, tries, amount_minor, currency, reason, error,
         next_try_at,
         floor(extract(epoch FROM clock_timestamp() - created_at))::integer AS age_seconds,
         count(*) OVER ()::integer AS total
  FROM (
    SELECT attempt_id, event_id, state, tries, amount_minor, currency, reason, error, next_try_at,
           created_at
    FROM payment_attempt
    WHERE state <> ALL ($1) AND created_at < clock_timestamp() - make_interval(secs => $2)
      -- Who answers his bank takes his time, as long as his hold waits.
      AND NOT (state = 'AUTHORISING' AND challenge IS NOT NULL AND deadline_at > clock_timestamp())
    UNION ALL
    -- A refund has an id of its own; what is SENT is the bank's, which may take some days.
    SELECT refund_id, event_id, state, tries, amount_minor, currency, failure, error, next_try_at,
           created_at
    FROM refund
    WHERE (state IN ('REQUESTED', 'SEATS_FREED', 'FAILED')
        AND created_at < clock_timestamp() - make_interval(secs => $4))
      OR (state = 'SENT' AND updated_at < clock_timestamp() - make_interval(secs => $5))
  ) AS stuck
  ORDER BY created_at LIMIT $3`;
