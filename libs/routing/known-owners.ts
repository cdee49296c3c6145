import { LRUCache } from 'lru-cache';
import type { EventId } from '#libs/inventory/ids.js';
import type { Membership } from './membership.js';
import { chooseShard } from './placement.js';
import type { ShardVersions } from './shard-versions.js';

/** Whom a client asks about an event: who answered for it last, else whom placement names. */
export class KnownOwners {
  private readonly incarnations: LRUCache<EventId, string>;

  /** `eventsMax`: how many are remembered; the room is taken at once. */
  constructor(
    private readonly membership: Membership,
    private readonly versions: ShardVersions,
    eventsMax: number,
  ) {
    this.incarnations = new LRUCache({ max: eventsMax });
  }

  /** Null: nobody can be asked now. */
  of(eventId: EventId): string | null {
    const known = this.incarnations.get(eventId);
    if (known !== undefined) return known;
    const { versions, membership } = this;
    const { placeable } = membership;
    const able = versions.shunsAny
      ? placeable.filter((shard) => !versions.shuns(shard.incarnation))
      : placeable;
    return chooseShard(eventId, able)?.incarnation ?? null;
  }

  /** Said by somebody who does not have it. Null: nobody who is alive was named. */
  moved(eventId: EventId, owner: string | null): void {
    if (owner === null) this.incarnations.delete(eventId);
    else this.incarnations.set(eventId, owner);
  }

  /** So it owns the event: placement is asked again only when that shard is gone, or says so. */
  answered(eventId: EventId, incarnation: string): void {
    if (!this.incarnations.has(eventId)) this.incarnations.set(eventId, incarnation);
  }

  forgetShard(incarnation: string): void {
    for (const [eventId, owner] of this.incarnations.entries()) {
      if (owner === incarnation) this.incarnations.delete(eventId);
    }
  }
}
