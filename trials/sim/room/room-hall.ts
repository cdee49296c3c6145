import type { StillFree } from '#libs/inventory/inventory.js';
import type { UserId } from '#libs/inventory/ids.js';

/** What is to be had behind the room, and who has it: places, counted, as an owner would say. */
export class RoomHall {
  constructor(
    readonly places: number,
    private readonly held = new Map<UserId, number>(),
    private readonly booked = new Map<UserId, number>(),
  ) {}

  get free(): number {
    return this.places - sum(this.held) - sum(this.booked);
  }

  hold(userId: UserId, places: number): boolean {
    if (places > this.free) return false;
    this.held.set(userId, (this.held.get(userId) ?? 0) + places);
    return true;
  }

  end(userId: UserId, places: number, bought: boolean): void {
    this.held.set(userId, (this.held.get(userId) ?? 0) - places);
    if (bought) this.booked.set(userId, (this.booked.get(userId) ?? 0) + places);
  }

  /** As it is now, for whoever believes to own it still. */
  copy(): RoomHall {
    return new RoomHall(this.places, new Map(this.held), new Map(this.booked));
  }

  stillFree(partyMax: number): StillFree {
    const { free } = this;
    const together = Array.from({ length: partyMax }, (_, i) => Math.floor(free / (i + 1)));
    return { free, held: sum(this.held), paying: 0, ending: 0, together };
  }

  buyers(users: readonly UserId[]) {
    return users.map((userId) => ({
      held: this.held.get(userId) ?? 0,
      booked: this.booked.get(userId) ?? 0,
    }));
  }
}

const sum = (counts: ReadonlyMap<UserId, number>): number =>
  [...counts.values()].reduce((all, one) => all + one, 0);
