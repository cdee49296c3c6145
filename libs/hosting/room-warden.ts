import { limits } from '#libs/contracts/limits.js';
import type { UserId } from '#libs/inventory/ids.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import { Brake } from '#libs/room/brake.js';
import { keepRoom, type Places } from '#libs/room/keeper.js';
import type { Room } from '#libs/room/room.js';
import type { RoomStore } from '#libs/room/room-store.js';
import type { Membership } from '#libs/routing/membership.js';
import { chooseShard } from '#libs/routing/placement.js';
import type { PaymentsPace } from './payments-pace.js';
import type { ShardHost } from './shard-host.js';

/**
 * Keeps the waiting rooms of the events that are at home here: a look now and then, and at each
 * room step after step until nothing is due.
 *
 * RWN1  An event's room is kept by its owner, who knows what is free; where nobody owns it, by the
 *      shard that placement names. Two may believe so for a while: each step names the revision it
 *      was made from (RS3). So a shard that is only quiet is passed over already, long before its
 *      events are taken from it: a line must not wait for that.
 * RWN2  A look takes so many steps in all (G8); what is left waits for the next.
 */
export class RoomWarden {
  private stopTimer: () => void = () => undefined;
  private looking = false;
  private readonly brake = new Brake();

  constructor(
    private readonly host: Pick<ShardHost, 'slots' | 'takeStrainMs'>,
    private readonly ports: WardenPorts,
  ) {}

  /** How much of their rates rooms that are kept here have now. */
  get pacePercent(): number {
    return this.brake.percent;
  }

  start(): void {
    const { rooms, clock } = this.ports;
    if (rooms === undefined) return;
    this.stopTimer = clock.every(limits.roomStepMs, () => void this.look(rooms));
  }

  stop(): void {
    this.stopTimer();
  }

  private async look(store: RoomStore): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    const { clock, payments } = this.ports;
    const times = { ownerMs: this.host.takeStrainMs(), paymentsMs: payments.ms };
    const pacePercent = this.brake.look(times, clock.monotonicMs());
    const ports = { rooms: store, clock, pacePercent };
    try {
      let steps: number = limits.roomStepsPerLookMax;
      while (steps > 0) {
        const mine = (await store.rooms(clock.nowMs())).filter((room) => this.isMine(room));
        if (mine.length > 0) void payments.ask();
        let busy = 0;
        for (const room of mine.slice(0, steps)) {
          busy += (await keepRoom(ports, room, this.placesOf(room))) ? 1 : 0;
        }
        steps = busy === 0 ? 0 : steps - mine.length;
      }
    } catch (error) {
      this.ports.log.warn({ err: error }, 'waiting rooms not kept');
    } finally {
      this.looking = false;
    }
  }

  private isMine({ eventId }: Room): boolean {
    if (this.host.slots.get(eventId)?.actor != null) return true;
    const { membership, incarnation } = this.ports;
    const quiet = new Set(membership.suspects);
    quiet.delete(incarnation);
    const heard = membership.placeable.filter((shard) => !quiet.has(shard.incarnation));
    return chooseShard(eventId, heard)?.incarnation === incarnation;
  }

  private placesOf({ eventId, partyMax, claimMs }: Room): Places | null {
    const actor = this.host.slots.get(eventId)?.actor ?? null;
    if (actor === null) return null;
    const reads = actor.roomReads();
    const places = reads.stillFree(partyMax, this.ports.clock.nowMs() + claimMs);
    const { free, held, paying, ending, together } = places;
    const buyers = (users: readonly UserId[]) => reads.buyers(users);
    return { free, held: held + paying, detail: { paying, ending, together, buyers } };
  }
}

export interface WardenPorts {
  /** Absent: this shard keeps no room. */
  readonly rooms?: RoomStore;
  readonly payments: Pick<PaymentsPace, 'ms' | 'ask'>;
  readonly incarnation: string;
  readonly membership: Pick<Membership, 'placeable' | 'suspects'>;
  readonly clock: Clock;
  readonly log: Log;
}
