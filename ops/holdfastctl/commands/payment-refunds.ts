import type { Command } from 'commander';
import type { PoolClient } from 'pg';
import { paidElsewhereEntries } from '#apps/payments/ledger/accounts.js';
import { enter } from '#apps/payments/ledger/enter.js';
import { bookedPrices } from '#apps/payments/refunds/booked-prices.js';
import { keyOfRefund, type Refund, type RefundId } from '#apps/payments/refunds/refund.js';
import { refundOf, type RefundRow } from '#apps/payments/refunds/refund-row.js';
import type { RefundAsk } from '#apps/payments/refunds/refund-ask.js';
import { RefundTable } from '#apps/payments/refunds/refund-table.js';
import { bookingIdOf, eventOfBooking } from '#libs/contracts/ids.js';
import { inTransaction } from '#libs/database/transaction.js';
import type { BookingId, HoldId } from '#libs/inventory/ids.js';
import { recordDone } from '#libs/office/record-done.js';
import { systemRandom } from '#libs/platform/random.js';
import { TraceIds } from '#libs/platform/trace.js';
import type { CommandContext } from '../context.js';
import { CommandRefused } from '../failures.js';
import { wholeNumber } from '../numbers.js';
import { nameOfThisUser, operatorName } from '../operator-name.js';

/** `payments refund` and what finance does with a refund that failed. */
export function addRefundCommands(payments: Command, context: () => CommandContext): void {
  payments
    .command('refund')
    .description('give a booking back: cancel it and return its money, or return an amount alone')
    .argument('<booking>', 'its id')
    .requiredOption('--reason <text>', 'why, for whoever asks later')
    .option('--amount <number>', 'this much and no place, in minor units', wholeNumber(1, 1e12))
    .option('--fee <number>', 'keep so much of each place, in minor units', wholeNumber(0, 1e12), 0)
    .option('--off-sale', 'do not sell its places again')
    .option('--key <text>', 'the same key is the same refund')
    .option('--as <name>', 'who asks', operatorName, nameOfThisUser())
    .option('--dry-run', 'say what would be done, and do nothing')
    .action((id: string, options: RefundOptions) => refund(context(), id, options));
  payments
    .command('retry-refund')
    .description('try a refund that failed once more')
    .argument('<refund>', 'its id')
    .requiredOption('--reason <text>', 'why')
    .option('--as <name>', 'who asks', operatorName, nameOfThisUser())
    .option('--dry-run', 'say what would be done, and do nothing')
    .action((id: string, options: StepOptions) => step(context(), id, options, 'retry'));
  payments
    .command('close-refund')
    .description('end a refund that failed for good: its buyer was paid in another way')
    .argument('<refund>', 'its id')
    .requiredOption('--reason <text>', 'how he was paid')
    .option('--as <name>', 'who says so', operatorName, nameOfThisUser())
    .option('--dry-run', 'say what would be done, and do nothing')
    .action((id: string, options: StepOptions) => step(context(), id, options, 'close'));
}

interface StepOptions {
  readonly reason: string;
  readonly as: string;
  readonly dryRun?: boolean;
}

interface RefundOptions extends StepOptions {
  readonly amount?: number;
  readonly fee: number;
  readonly offSale?: boolean;
  readonly key?: string;
}

/** Ends a transaction with what it would have done. */
class DryRun extends Error {
  constructor(readonly made: Refund) {
    super('dry run');
  }
}

async function refund(
  context: CommandContext,
  bookingText: string,
  options: RefundOptions,
): Promise<void> {
  const bookingId = bookingIdOf(bookingText);
  if (bookingId === null) throw new CommandRefused(`there is no booking ${bookingText}`);
  const { as: who, reason, amount, dryRun = false } = options;
  await context.withDatabase(async (pool) => {
    const found = await pool.query<{ hold_id: HoldId }>(
      'SELECT hold_id FROM payment_attempt WHERE booking_id = $1',
      [bookingId],
    );
    const holdId = found.rows.at(0)?.hold_id;
    if (holdId === undefined) throw new CommandRefused(`there is no booking ${bookingId}`);
    const prices = await bookedPrices(pool, eventOfBooking(bookingId), holdId);
    const trace = new TraceIds(systemRandom).next();
    const ask: RefundAsk = {
      refundId: `rfd_${systemRandom.token(24)}` as RefundId,
      bookingId,
      userId: null,
      asker: who,
      requestKey: options.key ?? systemRandom.token(24),
      fingerprint: JSON.stringify([amount ?? null, options.fee, options.offSale === true]),
      role: 'finance',
      reason,
      offSale: options.offSale === true,
      terms: {
        wish: amount === undefined ? { what: 'whole' } : { what: 'amount', amountMinor: amount },
        prices,
        feePerPlaceMinor: options.fee,
        currency: null,
      },
      trace,
    };
    const table = new RefundTable(pool, who, 0);
    const made = await table
      .request(ask, async (client, one) => {
        if (dryRun) throw new DryRun(one);
        await recordDone(client, {
          ...{ who, role: 'finance', what: 'payments refund', reason, trace },
          eventId: one.eventId,
        });
      })
      .catch((error: unknown) => {
        if (error instanceof DryRun) return { kind: 'refund', refund: error.made } as const;
        throw error;
      });
    if (made.kind !== 'refund') throw refusedBecause(bookingId, made);
    sayRefund(context, made.refund, dryRun ? 'dry_run' : 'begun');
  });
}

function refusedBecause(
  bookingId: BookingId,
  made: { readonly kind: string; readonly reason?: string; readonly leftMinor?: number },
): CommandRefused {
  const left = made.leftMinor === undefined ? '' : `; ${made.leftMinor} could go back`;
  return new CommandRefused(`${bookingId}: ${made.reason ?? made.kind}${left}`);
}

async function step(
  context: CommandContext,
  refundId: string,
  { as: who, reason, dryRun = false }: StepOptions,
  what: 'retry' | 'close',
): Promise<void> {
  await context.withDatabase(async (pool) => {
    const state = what === 'retry' ? 'SEATS_FREED' : 'CLOSED';
    const after = await inTransaction(pool, async (client) => {
      const { rows } = await client.query<RefundRow>(
        'SELECT * FROM refund WHERE refund_id = $1 FOR UPDATE',
        [refundId],
      );
      const before = rows.length === 0 ? null : refundOf(rows[0]);
      if (before === null) throw new CommandRefused(`there is no refund ${refundId}`);
      if (before.state !== 'FAILED') {
        throw new CommandRefused(`${refundId} is ${before.state}: it has not failed`);
      }
      if (dryRun) return before;
      await client.query(
        `UPDATE refund SET state = $2, key_no = key_no + $3, tries = 0, lease_no = lease_no + 1,
           lease_owner = NULL, lease_until = '-infinity', next_try_at = clock_timestamp(),
           updated_at = clock_timestamp()
         WHERE refund_id = $1`,
        [refundId, state, what === 'retry' ? 1 : 0],
      );
      if (what === 'close' && !(await isLost(client, before))) {
        const { attemptId, eventId, currency, currencyDigits, amountMinor, parts } = before;
        await enter(client, {
          ...{ cause: 'refund', causeId: keyOfRefund(before), kind: 'paid_elsewhere' },
          ...{ attemptId, eventId, currency, currencyDigits, atMs: null },
          entries: paidElsewhereEntries(amountMinor, parts),
        });
      }
      await recordDone(client, {
        ...{ who, role: 'finance', what: `payments ${what}-refund`, reason },
        ...{ eventId: before.eventId, trace: before.trace },
      });
      return { ...before, state } as const;
    });
    sayRefund(context, after, dryRun ? 'dry_run' : what === 'retry' ? 'due' : 'closed');
  });
}

/** His bank has paid the buyer, and that is in the ledger: nobody else did. */
async function isLost(client: Pick<PoolClient, 'query'>, { attemptId }: Refund): Promise<boolean> {
  const { rows } = await client.query(
    'SELECT FROM dispute WHERE attempt_id = $1 AND lost_minor > 0',
    [attemptId],
  );
  return rows.length > 0;
}

function sayRefund(context: CommandContext, refund: Refund, result: string): void {
  const { refundId, bookingId, state, amountMinor, keptMinor, currency } = refund;
  const value = {
    result,
    refund_id: refundId,
    booking_id: bookingId,
    state,
    amount_minor: amountMinor,
    kept_minor: keptMinor,
    currency,
  };
  const [goes, are] = result === 'dry_run' ? ['would go', 'would be'] : ['go', 'are'];
  const sums = `${amountMinor} ${currency} ${goes} back, ${keptMinor} ${are} kept`;
  const text = `${refundId} of ${bookingId} is ${state}: ${sums}`;
  context.print(text, value);
}
