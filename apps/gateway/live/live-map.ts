import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { Clock } from '#libs/platform/clock.js';

import type { EdgeApp } from '../edge/edge.js';
import type { EventReplica } from '../replica/event-replica.js';
import { Room } from './room.js';

/** The rooms of this gateway and the count of who is in them. */
export interface LiveCounts {
  diffs: number;
  snapshots: number;
  resumes: number;
  stale: number;
}

export class LiveMap {
  readonly counts: LiveCounts = { diffs: 0, snapshots: 0, resumes: 0, stale: 0 };
  sockets = 0;
  streams = 0;
  private readonly rooms = new Map<EventId, Room>();
  private readonly perAddress = new Map<string, number>();

  constructor(
    private readonly app: EdgeApp,
    private readonly clock: Clock,
  ) {}

  get roomCount(): number {
    return this.rooms.size;
  }

  watchersOf(eventId: EventId): number {
    return this.rooms.get(eventId)?.viewers.size ?? 0;
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

  roomOf(replica: EventReplica): Room {
    const { eventId } = replica.entry.detail;
    const known = this.rooms.get(eventId);
    if (known !== undefined && known.replica === replica) return known;
    const room = new Room(replica, {
      clock: this.clock,
      publish: (topic, payload, format) => {
        this.app.publish(topic, payload, format === 'msgpack');
      },
      count: (what) => {
        this.counts[what] += 1;
      },
    });
    this.rooms.set(eventId, room);
    return room;
  }

  /** An empty room ends: nothing is encoded for nobody. */
  left(room: Room): void {
    if (room.viewers.size > 0) return;
    room.close();
    const { eventId } = room.replica.entry.detail;
    if (this.rooms.get(eventId) === room) this.rooms.delete(eventId);
  }
}
