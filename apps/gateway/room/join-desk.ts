import { limits } from '#libs/contracts/limits.js';
import type { UserId } from '#libs/inventory/ids.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Place } from '#libs/room/room.js';
import type { Joining, RoomStore } from '#libs/room/room-store.js';

/**
 * Where those who come to a waiting room are gathered: a statement carries all that came while the
 * one before it was on its way, so a flood makes statements larger and not more (G8).
 *
 * JD1  Of one room one statement is on its way at a time, with roomJoinsAtOnceMax people at most;
 *      roomJoinsWaitingMax wait in all, and who comes then is told so.
 * JD2  Two taps are one person: both get the place of the first.
 */
export type JoinAnswer = Place | 'closed' | 'overloaded';

export class JoinDesk {
  private readonly lines = new Map<number, Waiting[]>();
  private waiting = 0;

  constructor(
    private readonly store: Pick<RoomStore, 'join'>,
    private readonly clock: Pick<Clock, 'soon'>,
  ) {}

  /** Rejects when the store does not answer: whether he has a place is not known then. */
  join(roomNo: number, person: Joining): Promise<JoinAnswer> {
    if (this.waiting >= limits.roomJoinsWaitingMax) return Promise.resolve('overloaded');
    this.waiting += 1;
    return new Promise((resolve, reject) => {
      const waiting = { person, resolve, reject };
      const line = this.lines.get(roomNo);
      if (line !== undefined) {
        line.push(waiting);
        return;
      }
      this.lines.set(roomNo, [waiting]);
      this.clock.soon(() => void this.serve(roomNo));
    });
  }

  private async serve(roomNo: number): Promise<void> {
    for (;;) {
      const group = this.lines.get(roomNo)?.splice(0, limits.roomJoinsAtOnceMax) ?? [];
      if (group.length === 0) break;
      await this.send(roomNo, group);
      this.waiting -= group.length;
    }
    this.lines.delete(roomNo);
  }

  private async send(roomNo: number, group: readonly Waiting[]): Promise<void> {
    try {
      const people = group.map(({ person }) => person);
      const places = await this.store.join(roomNo, people);
      const byUser = new Map<UserId, Place>(places.map((place) => [place.userId, place]));
      for (const { person, resolve } of group) resolve(byUser.get(person.userId) ?? 'closed');
    } catch (error) {
      for (const { reject } of group) reject(error as Error);
    }
  }
}

interface Waiting {
  readonly person: Joining;
  readonly resolve: (answer: JoinAnswer) => void;
  readonly reject: (error: Error) => void;
}
