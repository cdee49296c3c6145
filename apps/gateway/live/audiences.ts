import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { Clock } from '#libs/platform/clock.js';

import type { EdgeApp } from '../edge/edge.js';
import type { EventReplica } from '../replica/event-replica.js';
import { Audience } from './audience.js';

/** What all audiences were sent, and how often somebody fell behind. */
export interface LiveCounts {
  diffs: number;
  snapshots: number;
  resumes: number;
  stale: number;
}

/** The audience of each event on this gateway, and the count of who is in them. */
export class Audiences {
  readonly counts: LiveCounts = { diffs: 0, snapshots: 0, resumes: 0, stale: 0 };
  sockets = 0;
  streams = 0;
  private readonly byEvent = new Map<EventId, Audience>();
  private readonly perAddress = new Map<string, number>();

  constructor(
    private readonly app: EdgeApp,
    private readonly clock: Clock,
  ) {}

  get size(): number {
    return this.byEvent.size;
  }

  watchersOf(eventId: EventId): number {
    return this.byEvent.get(eventId)?.viewers.size ?? 0;
  }

  /** False: this gateway, or this address, has all the connections it may have (G8). */
  enter(addressKey: string, unlimited: boolean): boolean {
    if (this.sockets + this.streams >= limits.socketsMax) return false;
    const open = this.perAddress.get(addressKey) ?? 0;
    if (!unlimited && open >= limits.socketsPerAddressMax) return false;
    this.perAddress.set(addressKey, open + 1);
    return true;
  }

  exit(addressKey: string): void {
    const open = (this.perAddress.get(addressKey) ?? 1) - 1;
    if (open === 0) this.perAddress.delete(addressKey);
    else this.perAddress.set(addressKey, open);
  }

  of(replica: EventReplica): Audience {
    const { eventId } = replica.entry.detail;
    const known = this.byEvent.get(eventId);
    if (known !== undefined && known.replica === replica) return known;
    const audience = new Audience(replica, {
      clock: this.clock,
      publish: (topic, payload, format) => {
        this.app.publish(topic, payload, format === 'msgpack');
      },
      count: (what) => {
        this.counts[what] += 1;
      },
    });
    this.byEvent.set(eventId, audience);
    return audience;
  }

  /** An empty audience ends: nothing is encoded for nobody. */
  left(audience: Audience): void {
    if (audience.viewers.size > 0) return;
    audience.close();
    const { eventId } = audience.replica.entry.detail;
    if (this.byEvent.get(eventId) === audience) this.byEvent.delete(eventId);
  }
}
