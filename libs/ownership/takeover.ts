import type { Bus } from '#libs/bus/bus.js';
import type { Journal, Ownership, StoredBatch } from '#libs/journal/journal.js';
import type { LeaseStore } from '#libs/journal/lease.js';
import type { EventId } from '#libs/inventory/ids.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { Log } from '#libs/platform/log.js';
import type { Membership } from './membership.js';
import { chooseShard } from './placement.js';

/**
 * Decides whether this shard takes an event, and takes it. The order is what makes it safe
 * (DESIGN: take over): ownership row by compare-and-set, announce batch, replay, serve. Everything
 * before the compare-and-set is advice: two shards that both believe they should own an event are
 * sorted out by the row, and a former owner that is not dead after all by the announce.
 *
 * T1  An event with a live owner is not taken; the asker is sent there.
 * T2  An event without one is taken only by the shard that placement names, so that neighbours
 *     do not race for it.
 */
export interface TakeoverPorts {
  readonly incarnation: string;
  readonly bus: Bus;
  readonly journal: Journal;
  readonly leases: LeaseStore;
  readonly membership: Membership;
  readonly log: Log;
}

export type Claim =
  | {
      readonly kind: 'taken';
      readonly epoch: number;
      readonly announce: StoredBatch;
      readonly wakeAtMs: number | null;
    }
  /** `owner` null: not decided yet, ask again. */
  | { readonly kind: 'elsewhere'; readonly owner: string | null; readonly epoch: number }
  | { readonly kind: 'unknown_event' };

export async function claimEvent(ports: TakeoverPorts, eventId: EventId): Promise<Claim> {
  const row = await ports.journal.ownership(eventId);
  if (row === null) return { kind: 'unknown_event' };
  if (row.owner !== null && row.owner !== ports.incarnation) {
    const owner = await ownerIfAlive(ports, row);
    if (owner !== 'dead') return { kind: 'elsewhere', owner, epoch: row.epoch };
  }
  const chosen = choiceFor(ports.membership, row);
  if (chosen !== null && chosen !== ports.incarnation) {
    return { kind: 'elsewhere', owner: chosen, epoch: row.epoch };
  }
  const startedFrom = row.epoch;
  const taken = await ports.journal.takeOver({
    eventId,
    incarnation: ports.incarnation,
    fromEpoch: startedFrom,
  });
  switch (taken.kind) {
    case 'taken':
      ports.log.info({ event: eventId, epoch: taken.epoch, from: row.owner }, 'event taken over');
      return { ...taken, wakeAtMs: row.wakeAtMs };
    case 'lost':
      return { kind: 'elsewhere', owner: taken.ownership.owner, epoch: taken.ownership.epoch };
    case 'unknown_event':
      return taken;
  }
}

/**
 * The live owner's incarnation, 'dead', or null while it cannot be told. It is asked even when its
 * heartbeat is fresh: who was sent here may have found the owner gone a moment ago, and waiting
 * for the silence to be noticed would cost a second.
 */
export async function ownerIfAlive(
  ports: Omit<TakeoverPorts, 'journal'>,
  row: Ownership,
): Promise<string | null> {
  const owner = row.owner;
  if (owner === null) return 'dead';
  const answer = await ports.bus.request(
    subjects.ping(owner),
    new Uint8Array(0),
    limits.pingTimeoutMs,
  );
  if (answer.kind === 'no_responders') {
    ports.membership.reportDead(owner);
    return 'dead';
  }
  if (answer.kind === 'reply' || ports.membership.isLive(owner)) return owner;
  const leaseAgeMs = await ports.leases.ageMs(owner);
  return leaseAgeMs === null || leaseAgeMs > limits.suspectAfterMs ? 'dead' : null;
}

/** Where an event without an owner belongs: its pin while that shard lives, else placement. */
export function choiceFor(membership: Membership, row: Ownership): string | null {
  const shards = membership.placeable;
  const pinned = shards.find((shard) => shard.shardId === row.pinnedTo);
  return (pinned ?? chooseShard(row.eventId, shards))?.incarnation ?? null;
}
