import { settledStates } from '#apps/payments/saga/attempt.js';
import type { CommandContext } from '../context.js';
import { CommandRefused } from '../failures.js';

export interface StepOptions {
  readonly dryRun?: boolean;
}

interface Change {
  readonly where: string;
  readonly set: string;
  readonly would: string;
  /** Why an attempt in another state is left as it is. */
  readonly refused: string;
}

/** The next step of an attempt is due now, whenever it would have been tried again. */
export const retryNow = (
  context: CommandContext,
  attemptId: string,
  options: StepOptions,
): Promise<void> =>
  change(context, attemptId, options, {
    where: `state NOT IN (${settledStates.map((state) => `'${state}'`).join(', ')})`,
    set: 'hints = hints + 1, next_try_at = clock_timestamp()',
    would: 'try it now',
    refused: 'it has ended',
  });

/**
 * Gives up an attempt that waits for its buyer or his bank: its intent is cancelled and the hold
 * goes back to the buyer. Whoever works on it only asks, so the number of the lease fences him.
 * Later it is booked, or about to be, and is refunded; earlier it has nothing to free.
 */
export const giveUp = (
  context: CommandContext,
  attemptId: string,
  options: StepOptions,
): Promise<void> =>
  change(context, attemptId, options, {
    where: `state = 'AUTHORISING' AND payment_intent_id IS NOT NULL`,
    set: `state = 'VOIDING', verdict = 'FAILED', reason = 'voided_by_operator', challenge = NULL,
      key_no = 0, tries = 0, lease_no = lease_no + 1, lease_owner = NULL,
      lease_until = '-infinity', next_try_at = clock_timestamp(), updated_at = clock_timestamp()`,
    would: 'give it up and free what is reserved',
    refused: 'nothing waits for its buyer or his bank',
  });

async function change(
  context: CommandContext,
  attemptId: string,
  { dryRun = false }: StepOptions,
  { where, set, would, refused }: Change,
): Promise<void> {
  await context.withDatabase(async (pool) => {
    const { rows } = await pool.query<{ state: string; fits: boolean }>(
      `SELECT state, ${where} AS fits FROM payment_attempt WHERE attempt_id = $1`,
      [attemptId],
    );
    const before = rows.at(0);
    if (before === undefined) throw new CommandRefused(`there is no attempt ${attemptId}`);
    const { state, fits } = before;
    if (!fits) throw new CommandRefused(`${attemptId} is ${state}: ${refused}`);
    if (dryRun) {
      const value = { result: 'dry_run', attempt_id: attemptId, state };
      context.print(`${attemptId} is ${state}: would ${would}`, value);
      return;
    }
    const changed = await pool.query<{ state: string }>(
      `UPDATE payment_attempt SET ${set} WHERE attempt_id = $1 AND ${where} RETURNING state`,
      [attemptId],
    );
    const after = changed.rows.at(0);
    if (after === undefined) throw new CommandRefused(`${attemptId} went on meanwhile`);
    const value = { result: 'due', attempt_id: attemptId, state: after.state };
    context.print(`${attemptId} is ${after.state}, and due now`, value);
  });
}
