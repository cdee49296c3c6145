import { recover } from '#libs/actor/recovery.js';
import { decide, type By, type Command, type EventId } from '#libs/inventory/inventory.js';
import type { CommandId, TimeMs, UserId } from '#libs/inventory/ids.js';
import type { Refusal } from '#libs/inventory/refusal-codes.js';
import { silentLog } from '#libs/platform/log.js';
import { systemRandom } from '#libs/platform/random.js';
import type { JournalLink } from './link.js';

export interface Rehearsed {
  /** What the owner would refuse it with; null: it would be done. */
  readonly refusal: Refusal | null;
  readonly saleStatus: string;
}

/**
 * What would become of an operator's command: the core decides it on the state that the journal
 * has now, and nobody hears of it. Wakes no event. Null: the event has no seating plan.
 */
export async function rehearse(
  { journal, catalogue }: JournalLink,
  eventId: EventId,
  { userId, by }: { readonly userId: UserId; readonly by: By },
  command: Command,
): Promise<Rehearsed | null> {
  const inventory = await catalogue.inventoryOf(eventId);
  if (inventory === null) return null;
  const { state } = await recover(journal, { ...inventory, eventId }, silentLog());
  const decision = decide(state, {
    commandId: `dry-${systemRandom.token(8)}` as CommandId,
    keyed: false,
    userId,
    by,
    nowMs: Date.now() as TimeMs,
    command,
  });
  const refusal = decision.kind === 'refused' ? decision.refusal : null;
  return { refusal, saleStatus: state.saleStatus };
}
