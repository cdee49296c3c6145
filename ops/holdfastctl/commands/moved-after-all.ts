import type { Ownership } from '#libs/journal/journal.js';
import { NotReachable } from '../failures.js';
import type { ClusterLink } from '../link.js';
import { askOwner } from '../live-view.js';

/**
 * A move of which its source could not say how it ended: the target may have taken the event and
 * answered too late. The row names who took it; whoever serves it answers for itself, which a row
 * alone does not prove. Null: nobody answers.
 */
export async function ownerAfterDoubt(
  link: ClusterLink,
  { eventId, epoch }: Pick<Ownership, 'eventId' | 'epoch'>,
): Promise<{ readonly owner: string; readonly epoch: number } | null> {
  const row = await link.journal.ownership(eventId);
  if (row === null || row.owner === null || row.epoch <= epoch) return null;
  try {
    const view = await askOwner(link.cluster, eventId, { type: 'DescribeEvent' });
    if (view.type !== 'event_view' || view.incarnation === '') return null;
    return { owner: view.incarnation, epoch: view.epoch };
  } catch (error) {
    if (error instanceof NotReachable) return null;
    throw error;
  }
}
