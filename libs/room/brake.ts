import { limits } from '#libs/contracts/limits.js';

/**
 * How much of its rate a room may have, by how long the owner of events and the payment provider
 * take to answer: all, half, nothing. Pure; a keeper has one, and a new keeper begins with all.
 *
 * BRK1  What is slow once is no reason: so many looks in a row are (roomSlowLooks).
 * BRK2  It gets better by one step at a time, each after a calm of roomCalmMs in which everything
 *       answered within half of what is slow. So it does not swing.
 * BRK3  What is not known counts as well: nobody is stopped by an answer that is missing.
 */
export interface AnswerTimes {
  readonly ownerMs: number;
  /** null: nothing was asked of late, or nobody says. */
  readonly paymentsMs: number | null;
}

const paces = [100, 50, 0] as const;
export type PacePercent = (typeof paces)[number];

export class Brake {
  private step = 0;
  private slowLooks = 0;
  private stopLooks = 0;
  private calmSinceMs: number | null = null;

  get percent(): PacePercent {
    return paces[this.step];
  }

  look({ ownerMs, paymentsMs }: AnswerTimes, nowMs: number): PacePercent {
    const strain = Math.max(
      ownerMs / limits.roomOwnerSlowMs,
      (paymentsMs ?? 0) / limits.roomPaymentsSlowMs,
    );
    this.slowLooks = strain >= 1 ? this.slowLooks + 1 : 0;
    this.stopLooks = strain >= limits.roomStopFactor ? this.stopLooks + 1 : 0;
    if (this.slowLooks >= limits.roomSlowLooks) this.step = Math.max(this.step, 1);
    if (this.stopLooks >= limits.roomSlowLooks) this.step = 2;
    this.calmSinceMs = strain < 0.5 ? (this.calmSinceMs ?? nowMs) : null;
    if (this.calmSinceMs !== null && nowMs - this.calmSinceMs >= limits.roomCalmMs) {
      this.step = Math.max(0, this.step - 1);
      this.calmSinceMs = nowMs;
    }
    return this.percent;
  }
}
