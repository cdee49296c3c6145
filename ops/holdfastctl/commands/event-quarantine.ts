import type { EventId } from '#libs/inventory/ids.js';
import type { CommandContext } from '../context.js';
import { CommandRefused } from '../failures.js';
import { rowOf } from '../shard-names.js';

export interface ReleaseOptions {
  readonly dryRun?: boolean;
}

/**
 * Lets an event be served again. The operator says with it that the journal is now what it should
 * be, or that what is missing is gone for good (G2): the next owner takes it as the whole truth.
 */
export async function releaseQuarantine(
  context: CommandContext,
  id: string,
  options: ReleaseOptions,
): Promise<void> {
  await context.withJournal(async (link) => {
    const { quarantined: reason } = await rowOf(link, id);
    if (reason === null) throw new CommandRefused(`${id} is not in quarantine`);
    const value = { event_id: id, reason };
    const meaning = 'its next owner goes on from the journal as it is';
    if (options.dryRun === true) {
      context.print(`would release ${id} (${reason}): ${meaning}`, { result: 'dry_run', ...value });
      return;
    }
    await link.journal.quarantine(id as EventId, null);
    context.print(`released ${id} (${reason}): within 5 s ${meaning}`, {
      result: 'released',
      ...value,
    });
  });
}
