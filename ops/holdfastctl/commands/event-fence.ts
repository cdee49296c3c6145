import { systemRandom } from '#libs/platform/random.js';
import type { CommandContext } from '../context.js';
import { CommandRefused } from '../failures.js';
import { expectEpoch, rowOf } from '../shard-names.js';

export interface FenceOptions {
  readonly keepConnection?: boolean;
  readonly expectEpoch?: number;
  readonly dryRun?: boolean;
}

/**
 * Takes the event over without serving it and gives it up at once: whoever believed to own it can
 * write nothing any more (G1), and the next command or its wake time finds it an owner. The former
 * owner's connection to the journal is ended, so that nothing of it hangs in a transaction; a
 * healthy shard opens another and goes on with its other events.
 */
export async function fenceEvent(
  context: CommandContext,
  id: string,
  options: FenceOptions,
): Promise<void> {
  await context.withJournal(async ({ journal, pool, ...link }) => {
    const row = await rowOf({ journal, pool, ...link }, id);
    expectEpoch(row, options.expectEpoch);
    const { eventId, epoch: fromEpoch, owner } = row;
    if (options.dryRun === true) {
      const value = { result: 'dry_run', event_id: id, owner, epoch: fromEpoch };
      context.print(`would fence ${id} against ${owner ?? 'nobody'}, epoch ${fromEpoch}`, value);
      return;
    }
    const incarnation = `fence-${systemRandom.token(8)}`;
    const taken = await journal.takeOver({ eventId, incarnation, fromEpoch });
    if (taken.kind !== 'taken') throw new CommandRefused(`${id} has another owner by now`);
    const terminate = owner !== null && options.keepConnection !== true;
    const ended = terminate ? await endWriters(pool, owner) : 0;
    await journal.release(eventId, taken.epoch, row.wakeAtMs);
    const value = { result: 'fenced', event_id: id, epoch: taken.epoch, against: owner };
    const connections = ended === 0 ? '' : ', its journal connection was ended';
    context.print(`${id} is at epoch ${taken.epoch}; ${owner ?? 'nobody'} had it${connections}`, {
      ...value,
      connections_ended: ended,
    });
  });
}

/** As the journal names its writers; Postgres cuts names at 63 bytes. */
async function endWriters(
  pool: { query: (text: string, values: unknown[]) => Promise<{ rowCount: number | null }> },
  owner: string,
): Promise<number> {
  const { rowCount } = await pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name = $1 AND datname = current_database()`,
    [`hf-writer ${owner}`.slice(0, 63)],
  );
  return rowCount ?? 0;
}
