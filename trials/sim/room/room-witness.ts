import type { UserId } from '#libs/inventory/ids.js';
import { sampleMin } from '#libs/room/pacing.js';
import {
  placedAt,
  type Admission,
  type Place,
  type Room,
  type RoomCounts,
  type Settled,
} from '#libs/room/room.js';
import type { Call, RoomStore } from '#libs/room/room-store.js';
import { wallErrorMsMax } from '../faults/swarm.js';
import { everyCall } from './faulty-rooms.js';
import type { RoomPlan } from './room-plan.js';

/** Two clocks are wrong by so much at most, one this way and one that. */
const skewMs = 2 * wallErrorMsMax + 200;
/** However few come when called, so many of them are expected (PCG1). */
const turnoutMin = 0.1;

interface Admitted extends Admission {
  readonly trueMs: number;
  /** Its owner has what he came for, or has left. */
  ended: boolean;
}

/**
 * Sits at the tables: sees each change in the order in which they were made, and says at once what
 * must not have been. Knows the promises and none of the code that keeps them.
 */
export class RoomWitness {
  readonly store: RoomStore;
  readonly places = new Map<UserId, Place>();
  readonly admitted = new Map<number, Admitted>();
  readonly looked = { joins: 0, calls: 0, requeued: 0, admitted: 0, activeMost: 0, passed: 0 };
  private readonly calls: { readonly upto: number; readonly trueMs: number }[] = [];
  private before: Room | null = null;
  private lowestTurnout = 1;

  constructor(
    private readonly tables: RoomStore,
    private readonly plan: RoomPlan,
    private readonly nowMs: () => number,
    private readonly violation: (what: string) => void,
  ) {
    this.store = everyCall(tables, async (name, work, given) => {
      const result = await work();
      if (name !== 'rooms') this.see(name, result, given, await this.room());
      return result;
    });
  }

  async room(): Promise<Room> {
    return (await this.tables.rooms(0))[0];
  }

  /** The guard of some gateway let him through. */
  passed(userId: UserId): void {
    if (this.nowMs() < this.plan.opensAtMs + wallErrorMsMax) return;
    this.looked.passed += 1;
    const his = [...this.admitted.values()].filter((one) => one.userId === userId);
    const isGood = ({ untilMs }: Admission): boolean => untilMs > this.nowMs() - skewMs;
    if (!his.some(isGood)) this.violation(`${userId} held without an admission`);
  }

  private see(name: string, result: unknown, given: readonly unknown[], room: Room): void {
    this.looksRight(room);
    if (name === 'join') for (const place of result as readonly Place[]) this.joined(place);
    if (name === 'requeue' && result !== null) this.requeued(result as Place);
    if (name === 'counts') this.counted(result as RoomCounts);
    if (name === 'admit' && result !== null) this.admits(result as Admission, room);
    if (name === 'leave') this.ends(given[1] as number);
    if (name === 'settle') for (const { position } of given[1] as Settled[]) this.ends(position);
    if (name === 'call' && result === true) {
      this.looked.calls += 1;
      this.calls.push({ upto: (given[1] as Call).serving, trueMs: this.nowMs() });
    }
  }

  /** What of a room never goes back, and what it never is. */
  private looksRight(room: Room): void {
    const { before } = this;
    this.before = room;
    const { serving, nextIndex, head, entrants } = room;
    if (serving > nextIndex) this.violation(`${serving} are called and ${nextIndex} are there`);
    if (serving > 0 && head?.final !== true) this.violation('somebody was called before the draw');
    if (head?.final === true && head.size !== entrants) {
      this.violation(`${head.size} of ${entrants} entrants are in the final head`);
    }
    if (before === null) return;
    if (serving < before.serving)
      this.violation(`serving went from ${before.serving} to ${serving}`);
    if (nextIndex < before.nextIndex) this.violation('the room lost an index');
    if (before.entrants !== null && entrants !== before.entrants) {
      this.violation(`entrants went from ${before.entrants} to ${entrants}`);
    }
    if ((head?.size ?? 0) < (before.head?.size ?? 0)) this.violation('the tree lost leaves');
  }

  private joined(place: Place): void {
    const known = this.places.get(place.userId);
    if (known === undefined) this.looked.joins += 1;
    else if (known.index !== place.index || known.nonce !== place.nonce) {
      this.violation(`${place.userId} had ${known.index} and has ${place.index}`);
    } else if (known.position !== place.position) {
      this.violation(`${place.userId} moved to ${place.position} by joining`);
    }
    this.places.set(place.userId, place);
  }

  private requeued(place: Place): void {
    if (this.places.get(place.userId)?.position !== place.position) this.looked.requeued += 1;
    this.places.set(place.userId, place);
  }

  private ends(position: number): void {
    const admitted = this.admitted.get(position);
    if (admitted !== undefined) admitted.ended = true;
  }

  private counted({ lapsedSample, claimedSample }: RoomCounts): void {
    if (lapsedSample < sampleMin) return;
    const turnout = Math.max(turnoutMin, claimedSample / lapsedSample);
    this.lowestTurnout = Math.min(this.lowestTurnout, turnout);
  }

  private admits(admission: Admission, room: Room): void {
    const { position, userId } = admission;
    const known = this.admitted.get(position);
    if (known !== undefined && known.userId !== userId) {
      this.violation(`${position} was given to ${known.userId} and to ${userId}`);
    }
    if (known !== undefined) return;
    const trueMs = this.nowMs();
    this.admitted.set(position, { ...admission, trueMs, ended: false });
    this.looked.admitted += 1;
    const place = this.places.get(userId);
    if (place === undefined || placedAt(room, place) !== position) {
      this.violation(`${userId} was admitted at ${position}, where he is not`);
    }
    if (position >= room.serving) this.violation(`${userId} was admitted before he was called`);
    const call = this.calls.find(({ upto }) => upto > position);
    const lastMs = (call?.trueMs ?? 0) + this.plan.claimMs + skewMs;
    // A statement that was on its way for long is late, and not wrong by itself.
    if (trueMs > lastMs + lateMs) this.violation(`${userId} was admitted long after his claim`);
    this.bound(trueMs);
  }

  /** Not more at once than may be, but for calls that were expected not to be answered. */
  private bound(trueMs: number): void {
    const active = [...this.admitted.values()].filter(
      ({ untilMs, trueMs: sinceMs, ended }) =>
        !ended &&
        Math.min(untilMs, sinceMs + this.plan.admissionMs) - wallErrorMsMax - 200 > trueMs,
    ).length;
    this.looked.activeMost = Math.max(this.looked.activeMost, active / this.plan.activeMax);
    const most = Math.floor(this.plan.activeMax / this.lowestTurnout);
    if (active > most) this.violation(`${active} are admitted at once, at most ${most} may be`);
  }
}

/** Of a statement that was sent and not answered, until it is carried out. */
const lateMs = 10_000;
