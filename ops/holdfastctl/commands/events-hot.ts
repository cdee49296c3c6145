import type { DescribedEvent } from '#libs/contracts/control.js';
import { describeShard } from '#libs/hosting/cluster-view.js';
import type { CommandContext } from '../context.js';
import { shardsById } from './shards.js';

/** `events --hot`: what sells now, over all shards, busiest first. */
export async function listHotEvents(context: CommandContext, limit: number): Promise<void> {
  await context.withCluster(async (link) => {
    const pages = await Promise.all(
      shardsById(link).map(async ({ incarnation }) => {
        const call = { order: 'busy', after: null, limit } as const;
        const shard = await describeShard(link.cluster.bus, incarnation, call);
        return (shard?.events ?? []).map((event) => ({ ...event, owner: incarnation }));
      }),
    );
    const events = pages
      .flat()
      .sort((a, b) => b.commandsPerSecond - a.commandsPerSecond)
      .slice(0, limit);
    context.print(hotTable(context, events), events.map(shown));
  });
}

type Owned = DescribedEvent & { readonly owner: string };

function hotTable(context: CommandContext, events: readonly Owned[]): string {
  const header = ['event', 'owner', 'cmd/s', 'mailbox', 'holds', 'booked', 'free', 'sale'];
  const rows = events.map((event) => [
    event.eventId,
    event.owner,
    event.commandsPerSecond,
    event.mailbox,
    event.holds,
    event.booked,
    event.free,
    event.moving ? 'moving' : event.onSale ? 'open' : 'closed',
  ]);
  return events.length === 0 ? 'no shard serves an event' : context.table(header, rows);
}

const shown = (event: Owned): Record<string, unknown> => ({
  event_id: event.eventId,
  owner: event.owner,
  epoch: event.epoch,
  batch_no: event.batchNo,
  seq: event.version,
  commands_per_second: event.commandsPerSecond,
  mailbox: event.mailbox,
  oldest_mail_ms: Math.round(event.oldestMailMs),
  holds: event.holds,
  booked: event.booked,
  free: event.free,
  on_sale: event.onSale,
  moving: event.moving,
});
