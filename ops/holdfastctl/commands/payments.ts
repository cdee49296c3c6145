import type { Command } from 'commander';
import type { Pool } from 'pg';
import { enterMissed } from '#apps/payments/ledger/enter-missed.js';
import { settledStates } from '#apps/payments/saga/attempt.js';
import { limits } from '#libs/contracts/limits.js';
import { accountAtProvider, type ProviderAccount } from '../account-at-provider.js';
import type { CommandContext } from '../context.js';
import { CommandFailed } from '../failures.js';
import { isoOf, plural, wholeNumber } from '../numbers.js';
import { differencesOf, unknownAttempts, type MoneyRow, type Reconciled } from '../reconcile.js';

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
    ]);
    const header = ['attempt', 'event', 'state', 'tries', 'age s', 'next s', 'amount', 'error'];
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

async function reconcile(context: CommandContext, options: ReconcileOptions): Promise<void> {
  const { stripeUrl, simulatorKey } = context.system();
  const key = stripeUrl === null ? context.stripeSecretKey : (simulatorKey ?? undefined);
  const sinceMs = Date.now() - options.days * 86_400_000;
  await context.withDatabase(async (pool) => {
    const entered = await enterMissed(pool);
    // Our rows first: an attempt that is settled here stays as it is at the provider.
    const { rows } = await pool.query<MoneyRow>(moneyStatement, [
      new Date(sinceMs),
      options.event ?? null,
    ]);
    const provider = await accountAtProvider(stripeUrl, key, sinceMs);
    const result = differencesOf(rows, provider?.attempts ?? null, limits.sagaStuckAfterMs);
    const { totals } = result;
    const unknown =
      provider === null || options.event !== undefined ? [] : await unknownOf(pool, provider);
    const differences = [...result.differences, ...unknown];
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
      ...(entered === 0 ? [] : [`${plural(entered, 'capture')} of an older release entered`]),
      ...lines,
      ...(differences.length === 0 ? ['everything adds up'] : [context.table(header, cells)]),
    ].join('\n');
    const shown = differences.slice(0, options.limit);
    context.print(text, {
      provider: provider?.source ?? null,
      entered,
      ...result,
      differences: shown,
    });
    if (differences.length > 0) {
      throw new CommandFailed(`${plural(differences.length, 'difference')} found`);
    }
  });
}

/** Asked for by id: an attempt may be older than the days looked at, or younger than the rows. */
async function unknownOf(
  pool: Pool,
  { attempts }: ProviderAccount,
): Promise<Reconciled['differences']> {
  const { rows } = await pool.query<{ attempt_id: string }>(
    'SELECT attempt_id FROM payment_attempt WHERE attempt_id = ANY ($1)',
    [[...attempts.keys()]],
  );
  return unknownAttempts(attempts, new Set(rows.map((row) => row.attempt_id)));
}

const stuckStatement = `
  SELECT attempt_id, event_id, state, tries, amount_minor, currency, reason, error,
         next_try_at,
         floor(extract(epoch FROM clock_timestamp() - created_at))::integer AS age_seconds,
         count(*) OVER ()::integer AS total
  FROM payment_attempt
  WHERE state <> ALL ($1) AND created_at < clock_timestamp() - make_interval(secs => $2)
    -- Who answers his bank takes his time, as long as his hold waits.
    AND NOT (state = 'AUTHORISING' AND challenge IS NOT NULL AND deadline_at > clock_timestamp())
  ORDER BY created_at LIMIT $3`;

const moneyStatement = `
  SELECT a.attempt_id, a.event_id, a.currency, a.currency_digits AS "currencyDigits", a.state,
         extract(epoch FROM clock_timestamp() - a.updated_at)::float8 * 1000 AS "idleMs",
         coalesce(b.total_minor, 0)::float8 AS booked,
         coalesce(l.captured, 0)::float8 AS captured
  FROM payment_attempt a
  LEFT JOIN booking b ON b.attempt_id = a.attempt_id AND b.cancelled_at IS NULL
  LEFT JOIN LATERAL (
    SELECT sum(amount_minor) AS captured
    FROM ledger_transaction t JOIN ledger_entry e USING (transaction_id)
    -- What we pay the provider is none of the buyer's money.
    WHERE t.attempt_id = a.attempt_id AND t.cause <> 'fee' AND e.account = 'provider_receivable'
  ) l ON true
  WHERE a.created_at >= $1 AND ($2::text IS NULL OR a.event_id = $2)
  ORDER BY a.created_at`;
