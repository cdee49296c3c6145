import { limits } from '#libs/contracts/limits.js';
import type { ShardBeat } from '#libs/contracts/wire.js';
import type { Office, OwnedEvent } from '#libs/office/office.js';
import type { Clock } from '#libs/platform/clock.js';

import type { EdgeKind } from '../../edge/open-edge.js';
import type { Exchange } from '../../http/exchange.js';
import type { LameDuck } from '../../lame-duck/lame-duck.js';
import type { Audiences } from '../../live/audiences.js';
import type { Handlers } from '../area.js';
import { missingOf, type ProbeParts } from '../probes/handlers.js';
import { isoTime } from '../shared/iso-time.js';
import type { statusRows } from './rows.js';

/**
 * The state of the system as a gateway may know it: by the heartbeats that it hears and the table
 * of owners. It has no say over shards (BR2) and asks none of them.
 */
export interface StatusParts extends ProbeParts {
  readonly office: Office;
  readonly clock: Clock;
  readonly edge: EdgeKind;
  readonly audiences: Audiences;
  readonly lameDuck: LameDuck;
  /** Those that are alive, as this process hears them. */
  readonly shards: () => readonly ShardBeat[];
}

export const statusHandlers = (parts: StatusParts): Handlers<typeof statusRows> => ({
  showStatus: (exchange) => showStatus(parts, exchange),
});

async function showStatus(parts: StatusParts, exchange: Exchange): Promise<void> {
  const { after = '' } = exchange.query as { after?: string };
  const [owned, quarantined] = await Promise.all([
    parts.office.owners(after, limits.ownersPageMax + 1),
    parts.office.quarantined(limits.quarantinedShownMax),
  ]);
  const page = owned.slice(0, limits.ownersPageMax);
  const beats = [...parts.shards()].sort((a, b) => (a.incarnation < b.incarnation ? -1 : 1));
  const alive = new Set(beats.map(({ incarnation }) => incarnation));
  const ownerJson = (event: OwnedEvent): object => ({
    event_id: event.eventId,
    name: event.name,
    owner: event.owner,
    owner_alive: event.owner !== null && alive.has(event.owner),
    epoch: event.epoch,
    pinned_to: event.pinnedTo,
    quarantined: event.quarantined,
  });
  const body = {
    at: isoTime(parts.clock.nowMs()),
    gateway: gatewayJson(parts),
    shards: beats.map(shardJson),
    quarantined: quarantined.map(ownerJson),
    owners: page.map(ownerJson),
    next: owned.length > page.length ? page[page.length - 1].eventId : null,
  };
  exchange.json(200, JSON.stringify(body));
}

const gatewayJson = (parts: StatusParts): object => ({
  edge: parts.edge,
  state: parts.lameDuck.state,
  sockets: parts.audiences.sockets,
  streams: parts.audiences.streams,
  missing: missingOf(parts),
});

const shardJson = (beat: ShardBeat): object => ({
  shard: beat.shardId,
  incarnation: beat.incarnation,
  host: beat.host,
  state: beat.state,
  weight: beat.weight,
  events: beat.events,
  commands_per_second: beat.commandsPerSecond,
});
