import { recover } from '#libs/actor/recovery.js';
import type { EventView } from '#libs/contracts/wire.js';
import { counts } from '#libs/inventory/inventory.js';
import type { Ownership } from '#libs/journal/journal.js';
import { silentLog } from '#libs/platform/log.js';
import type { CommandContext } from '../context.js';
import type { JournalLink } from '../link.js';
import { askOwner, countWatchers, loadOf } from '../live-view.js';
import { isoOf } from '../numbers.js';
import { rowOf } from '../shard-names.js';

/**
 * One event: from its owner while it has one that lives and serves, else from its journal. Looking
 * never wakes an event that sleeps.
 */
export async function showEvent(context: CommandContext, id: string): Promise<void> {
  await context.withJournal(async (link) => {
    const row = await rowOf(link, id);
    // Its owner serves nobody.
    const asked = row.quarantined === null ? await fromOwner(link, row) : null;
    const shown = asked ?? (await fromJournal(link, row));
    const value = {
      event_id: row.eventId,
      owner: row.owner,
      pinned_to: row.pinnedTo,
      quarantined: row.quarantined,
      wake_at: row.wakeAtMs === null ? null : isoOf(row.wakeAtMs),
      ...shown,
    };
    const lines = Object.entries(value).map(([key, cell]) => `${key.padEnd(20)} ${cell ?? '-'}`);
    context.print(lines.join('\n'), value);
  });
}

async function fromOwner(link: JournalLink, row: Ownership): Promise<object | null> {
  const { cluster } = link;
  const { owner, eventId } = row;
  if (cluster === null || owner === null) return null;
  if (!cluster.inventory.membership.isLive(owner)) return null;
  const [view, load, watchers] = await Promise.all([
    askOwner(cluster, eventId, { type: 'DescribeEvent' }) as Promise<EventView>,
    loadOf(cluster, owner, eventId),
    countWatchers(cluster, eventId),
  ]);
  // It was given up since the row was read, and nobody woke it.
  if (view.incarnation === '') return null;
  return {
    // It may have moved since the row was read.
    owner: view.incarnation,
    source: 'owner',
    epoch: view.epoch,
    batch_no: view.batchNo,
    seq: view.version,
    sale_status: view.saleStatus,
    mailbox: view.mailbox,
    oldest_mail_ms: load === null ? null : Math.round(load.oldestMailMs),
    holds: view.holds,
    held: view.held,
    booked: view.booked,
    blocked: view.blocked,
    free: view.free,
    commands_per_second: load === null ? null : Math.round(load.commandsPerSecond * 10) / 10,
    moving: load?.moving ?? null,
    watchers,
  };
}

async function fromJournal(link: JournalLink, row: Ownership): Promise<object> {
  const { journal, catalogue, cluster } = link;
  const { eventId } = row;
  const inventory = await catalogue.inventoryOf(eventId);
  if (inventory === null) throw new Error(`${eventId} has no seating plan`);
  const { layout, rules } = inventory;
  const { state, batchNo } = await recover(journal, { eventId, layout, rules }, silentLog());
  const { holds, held, booked, blocked, free } = counts(state);
  return {
    source: 'journal',
    epoch: row.epoch,
    batch_no: batchNo,
    seq: state.version,
    sale_status: state.saleStatus,
    mailbox: null,
    oldest_mail_ms: null,
    holds,
    held,
    booked,
    blocked,
    free,
    commands_per_second: null,
    moving: null,
    watchers: cluster === null ? null : await countWatchers(cluster, eventId),
  };
}
