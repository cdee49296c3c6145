import { RoomWarden } from '#libs/hosting/room-warden.js';
import type { ShardHost } from '#libs/hosting/shard-host.js';
import type { RoomStore } from '#libs/room/room-store.js';
import type { Membership } from '#libs/routing/membership.js';
import type { Ground } from '../ground/ground.js';
import { SimProcess } from '../ground/sim-process.js';
import { WayToRooms } from './faulty-rooms.js';
import type { RoomHall } from './room-hall.js';

/**
 * A shard as far as it keeps rooms: its warden is production code. What it believes of the others
 * and of its events is the world's doing, and may be wrong.
 */
export class RoomKeeper {
  readonly process: SimProcess;
  readonly way: WayToRooms;
  /** Others whom it does not see. */
  readonly unseen = new Set<string>();
  /** What it would say of the event; null: somebody else owns it. */
  private sees: RoomHall | null = null;

  constructor(
    readonly shardId: string,
    generation: number,
    ground: Ground,
    tables: RoomStore,
    others: () => readonly RoomKeeper[],
  ) {
    this.process = new SimProcess(`${shardId}.${generation}`, ground.clock);
    this.way = new WayToRooms(tables, ground, this.process);
    const slots = {
      get: () => (this.sees === null ? undefined : { actor: { roomReads: () => this.sees } }),
    };
    const host = { slots, takeStrainMs: () => 0 } as unknown as ShardHost;
    const seen = () =>
      others()
        .filter((one) => one === this || !(one.process.dead || this.unseen.has(one.shardId)))
        .map((one) => ({ shardId: one.shardId, incarnation: one.process.name, weight: 1 }));
    const membership = {
      suspects: [],
      get placeable() {
        return seen();
      },
    };
    const warden = new RoomWarden(host, {
      payments: { ms: null, ask: () => Promise.resolve() },
      ...{ rooms: this.way.store, incarnation: this.process.name, clock: this.process.clock },
      membership: membership as unknown as Membership,
      log: ground.logOf(this.process.name),
    });
    warden.start();
  }

  own(hall: RoomHall): void {
    this.sees = hall;
  }

  /** It does not know yet: what it says of the event is what it knew. */
  lose(): void {
    this.sees = this.sees?.copy() ?? null;
  }

  know(): void {
    this.sees = null;
  }
}
