import type { UserId } from '#libs/inventory/ids.js';
import type { EndedAdmission } from '#libs/room/room.js';

/**
 * Admissions that ended before the time which their tokens say. As many as end so within the time
 * of an admission: of those who were let in, never of those who wait.
 *
 * EA1  A token is refused as soon as this gateway has heard that its admission ended; until then
 *      the admission counts as one that goes on (endedHeardMs). A later one of the same person is
 *      given for longer and stays good.
 */
export class EndedAdmissions {
  private readonly untilMs = new Map<string, number>();

  get size(): number {
    return this.untilMs.size;
  }

  note({ roomNo, userId, givenUntilMs }: EndedAdmission): void {
    const key = keyOf(roomNo, userId);
    this.untilMs.set(key, Math.max(givenUntilMs, this.untilMs.get(key) ?? 0));
  }

  has(roomNo: number, userId: UserId, givenUntilMs: number): boolean {
    if (this.untilMs.size === 0) return false;
    return givenUntilMs <= (this.untilMs.get(keyOf(roomNo, userId)) ?? 0);
  }

  /** Tokens that are out of date anyway. */
  forget(nowMs: number): void {
    for (const [key, untilMs] of this.untilMs) if (untilMs <= nowMs) this.untilMs.delete(key);
  }
}

const keyOf = (roomNo: number, userId: UserId): string => `${roomNo}/${userId}`;
