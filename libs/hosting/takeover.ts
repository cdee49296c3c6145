import type { Bus } from '#libs/bus/bus.js';
import type { Journal, Ownership, StoredBatch } from '#libs/journal/journal.js';
import type { LeaseStore } from '#libs/journal/lease.js';
import type { EventId } from '#libs/inventory/ids.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { Membership } from '#libs/routing/membership.js';
import { chooseShard, type PlacementShard } from '#libs/routing/placement.js';
import type { ShardMetrics } from './shard-metrics.js';

/**
 * Decides whether this shard takes an event, and takes it. The order is what makes it safe
 * (docs/architecture.md#the-journal): ownership row by compare-and-set, announce batch, replay,
 * serve. Everything before the compare-and-set is advice: two shards that both believe they should
 * own an event are sorted out by the row, and a former owner that is not dead after all by the
 * announce.
 *
 * T1  An event with a live owner is not taken; the asker is sent there.
 * T2  An event without one is taken only by the shard that placement names, so that neighbours
 *     do not race for it.
 * T3  A shard whose row says that it owns an event takes it again, whatever placement says: it lost
 *     its actor, and everybody else would send the asker back here for as long as it lives.
 * T4  An event in quarantine is not taken by anybody (G2).
 * T5  An event that nobody owns is not taken for somebody who only looks at it. One whose owner is
 *     dead is: what waits to be done there is not known.
 */
export interface TakeoverPorts {
  readonly incarnation: string;
  readonly bus: Bus;
  readonly journal: Journal;
  readonly leases: LeaseStore;
  readonly membership: Membership;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: ShardMetrics;
}

export type Claim =
  | {
      readonly kind: 'taken';
      readonly epoch: number;
      readonly announce: StoredBatch;
      readonly wakeAtMs: number | null;
      /** How long it took to find out about the owner, and to become it. */
      readonly detectMs: number;
      readonly announceMs: number;
    }
  /** `owner` null: not decided yet, ask again. */
  | { readonly kind: 'elsewhere'; readonly owner: string | null; readonly epoch: number }
  /** Nobody owns it, nobody needs to, and if somebody did it would be this shard. */
  | { readonly kind: 'resting' }
  | { readonly kind: 'quarantined'; readonly reason: string }
  | { readonly kind: 'unknown_event' };

export interface ClaimRequest {
  readonly eventId: EventId;
  /** False: it is only looked at, and may stay at rest (T5). Asked when it is decided. */
  ownerWanted(): boolean;
  /** It will be taken unless somebody is faster; what is needed then can be read. */
  onDecided(): void;
}

export async function claimEvent(ports: TakeoverPorts, request: ClaimRequest): Promise<Claim> {
  const { eventId } = request;
  const { clock, metrics } = ports;
  const startedMs = clock.monotonicMs();
  const row = await ports.journal.ownership(eventId);
  if (row === null) return { kind: 'unknown_event' };
  if (row.quarantined !== null) return { kind: 'quarantined', reason: row.quarantined };
  if (row.owner !== null && row.owner !== ports.incarnation) {
    const owner = await ownerIfAlive(ports, row);
    if (owner !== 'dead') return { kind: 'elsewhere', owner, epoch: row.epoch };
  }
  const chosen = choiceFor(ports.membership, row);
  const own = row.owner === ports.incarnation;
  if (!own && chosen !== null && chosen !== ports.incarnation) {
    return { kind: 'elsewhere', owner: chosen, epoch: row.epoch };
  }
  if (row.owner === null && !request.ownerWanted()) return { kind: 'resting' };
  request.onDecided();
  const decidedMs = clock.monotonicMs();
  const detectMs = decidedMs - startedMs;
  const taken = await ports.journal.takeOver({
    eventId,
    incarnation: ports.incarnation,
    fromEpoch: row.epoch,
  });
  const announceMs = clock.monotonicMs() - decidedMs;
  switch (taken.kind) {
    case 'taken':
      ports.log.info({ event: eventId, epoch: taken.epoch, from: row.owner }, 'event taken over');
      metrics.detectSeconds.observe(detectMs / 1_000);
      metrics.announceSeconds.observe(announceMs / 1_000);
      metrics.takeovers[reasonOf(ports.incarnation, row)].value += 1;
      return { detectMs, announceMs, ...taken };
    case 'lost':
      return { kind: 'elsewhere', owner: taken.ownership.owner, epoch: taken.ownership.epoch };
    case 'unknown_event':
      return taken;
  }
}

/**
 * The live owner's incarnation, 'dead', or null while it cannot be told. It is asked even when its
 * heartbeat is fresh: who was sent here may have found the owner gone a moment ago, and waiting
 * for the silence to be noticed would cost a second. Whoever is silent on the bus and has let its
 * lease lapse runs no turns (K1): that it answers no ping either is not waited for.
 */
export async function ownerIfAlive(
  ports: Pick<TakeoverPorts, 'bus' | 'leases' | 'membership' | 'clock'>,
  row: Ownership,
): Promise<string | null> {
  const owner = row.owner;
  if (owner === null) return 'dead';
  const { bus, clock, membership } = ports;
  const ping = bus.request(subjects.ping(owner), new Uint8Array(0), limits.pingTimeoutMs);
  for (let i = 0; i < looksMax; i += 1) {
    const aMoment = new Promise<null>((resolve) => {
      clock.after(lookMs, () => resolve(null));
    });
    if ((await Promise.race([ping, aMoment])) !== null) break;
    if (!membership.isLive(owner) && (await hasLapsed(ports, owner))) return 'dead';
  }
  const answer = await ping;
  if (answer.kind === 'no_responders') {
    membership.reportDead(owner);
    return 'dead';
  }
  if (answer.kind === 'reply' || membership.isLive(owner)) return owner;
  return (await hasLapsed(ports, owner)) ? 'dead' : null;
}

/** The dead answer a ping within it (no responders), and so do the living. */
const lookMs = 25;
const looksMax = limits.pingTimeoutMs / lookMs;

async function hasLapsed({ leases }: Pick<TakeoverPorts, 'leases'>, owner: string) {
  const ageMs = await leases.ageMs(owner);
  return ageMs === null || ageMs > limits.suspectAfterMs;
}

/** Where an event without an owner belongs: its pin while that shard lives, else placement. */
export function choiceFor(membership: Membership, row: Placed): string | null {
  return choiceAmong(membership.placeable, row)?.incarnation ?? null;
}

export type Placed = Pick<Ownership, 'eventId' | 'pinnedTo'>;

export function choiceAmong<Shard extends PlacementShard>(
  shards: readonly Shard[],
  { eventId, pinnedTo }: Placed,
): Shard | null {
  return shards.find((shard) => shard.shardId === pinnedTo) ?? chooseShard(eventId, shards);
}

/** An incarnation is the shard id and a suffix: our former process had the same id. */
function reasonOf(incarnation: string, row: Ownership): 'unowned' | 'restarted' | 'failover' {
  if (row.owner === null) return 'unowned';
  const shardOf = (name: string): string => name.slice(0, name.lastIndexOf('-'));
  return shardOf(row.owner) === shardOf(incarnation) ? 'restarted' : 'failover';
}
