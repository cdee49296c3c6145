import type { Command } from 'commander';
import { settledStates } from '#apps/payments/saga/attempt.js';
import { limits } from '#libs/contracts/limits.js';
import { capturedAtProvider } from '../captured-at-provider.js';
import { CommandFailed, type CommandContext } from '../context.js';
import { isoOf, plural, wholeNumber } from '../numbers.js';
import { table } from '../table.js';
import { differencesOf, type MoneyRow } from '../reconcile.js';

/** `payments stuck|reconcile`: attempts that do not end, and money that does not add up. */
export function addPaymentsCommands(program: Command, context: () => CommandContext): void {
  const payments = program.command('payments').description('look after the money');
  payments
    .command('stuck')
    .description('list payment attempts that have not settled in a minute; ends with 1 when any')
    .option('--limit <number>', 'at most this many', wholeNumber(1, 10_000), 50)
    .action((options: { limit: number }) => listStuck(context(), options.limit));
  payments
    .command('reconcile')
    .description('compare bookings, the ledger and the provider; ends with 1 when they differ')
    .option('--event <id>', 'of this event alone')
    .option('--days <number>', 'attempts of so many days', wholeNumber(1, 3_650), 30)
    .option('--limit <number>', 'show at most this many', wholeNumber(1, 10_000), 50)
    .action((options: ReconcileOptions) => reconcile(context(), options));
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
  readonly error: string | null;
}

async function listStuck(context: CommandContext, limit: number): Promise<void> {
  await context.withDatabase(async (pool) => {
    const { rows } = await pool.query<StuckRow>(stuckStatement, [
      settledStates,
      limits.sagaStuckAfterMs / 1_000,
      limit,
    ]);
    const header = ['attempt', 'event', 'state', 'tries', 'age s', 'amount', 'error'];
    const cells = rows.map((row) => [
      row.attempt_id,
      row.event_id,
      row.state,
      row.tries,
      row.age_seconds,
      `${row.amount_minor} ${row.currency}`,
      row.error,
    ]);
    const shown = rows.map((row) => ({
      ...row,
      amount_minor: Number(row.amount_minor),
      next_try_at: isoOf(row.next_try_at.getTime()),
    }));
    context.print(rows.length === 0 ? 'no payment is stuck' : table(header, cells), shown);
    if (rows.length > 0) throw new CommandFailed(`${plural(rows.length, 'payment')} stuck`);
  });
}

async function reconcile(context: CommandContext, options: ReconcileOptions): Promise<void> {
  const { stripeUrl } = context.system();
  const sinceMs = Date.now() - options.days * 86_400_000;
  await context.withDatabase(async (pool) => {
    const provider = await capturedAtProvider(stripeUrl, context.stripeSecretKey, sinceMs);
    const { rows } = await pool.query<MoneyRow>(moneyStatement, [
      new Date(sinceMs),
      options.event ?? null,
    ]);
    const result = differencesOf(rows, provider?.captured ?? null, limits.sagaStuckAfterMs);
    const { differences, totals } = result;
    const asked = provider === null ? 'not asked (STRIPE_SECRET_KEY is not set)' : provider.source;
    const lines = totals.map(
      ({ currency, booked, captured, atProvider }) =>
        `${currency}  booked ${booked}, captured ${captured}` +
        (atProvider === null ? '' : `, at the provider ${atProvider}`),
    );
    const header = ['attempt', 'event', 'what', 'booked', 'captured', 'provider', 'state'];
    const cells = differences
      .slice(0, options.limit)
      .map((one) => [
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
      ...lines,
      ...(differences.length === 0 ? ['everything adds up'] : [table(header, cells)]),
    ].join('\n');
    const shown = differences.slice(0, options.limit);
    context.print(text, { provider: provider?.source ?? null, ...result, differences: shown });
    if (differences.length > 0) {
      throw new CommandFailed(`${plural(differences.length, 'difference')} found`);
    }
  });
}

const stuckStatement = `
  SELECT attempt_id, event_id, state, tries, amount_minor, currency, error, next_try_at,
         floor(extract(epoch FROM clock_timestamp() - created_at))::integer AS age_seconds
  FROM payment_attempt
  WHERE state <> ALL ($1) AND created_at < clock_timestamp() - make_interval(secs => $2)
  ORDER BY created_at LIMIT $3`;

const moneyStatement = `
  SELECT a.attempt_id, a.event_id, a.currency, a.state,
         extract(epoch FROM clock_timestamp() - a.updated_at)::float8 * 1000 AS "idleMs",
         coalesce(b.total_minor, 0)::float8 AS booked,
         coalesce(l.captured, 0)::float8 AS captured
  FROM payment_attempt a
  LEFT JOIN booking b ON b.attempt_id = a.attempt_id AND b.cancelled_at IS NULL
  LEFT JOIN (SELECT attempt_id, sum(amount_minor) AS captured FROM payment_ledger
             WHERE account = 'provider_receivable' GROUP BY attempt_id) l
    ON l.attempt_id = a.attempt_id
  WHERE a.created_at >= $1 AND ($2::text IS NULL OR a.event_id = $2)
  ORDER BY a.created_at`;
