import Stripe from 'stripe';

import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';

/**
 * How long the provider is left alone by what nobody waits for, after it said that it is asked too
 * often. One account has one limit, and a cancelled event has thousands of refunds.
 *
 * RQ1  Buyers go first: payments are tried on meanwhile, as they always are; refunds wait.
 * RQ2  Never shorter than the provider asks for, within `providerRestMsMax`; each time that it says
 *      so again soon after a rest, the next one is twice as long. A quiet time begins anew.
 */
export class RequestLimit {
  private untilMs = -Infinity;
  private stepMs = 0;

  constructor(
    private readonly clock: Pick<Clock, 'monotonicMs'>,
    private readonly log: Log,
  ) {}

  /** 0: it may be asked. */
  waitMs(): number {
    return Math.max(0, this.untilMs - this.clock.monotonicMs());
  }

  /** A request ended so. */
  note(error: unknown): void {
    const askedMs = restAskedBy(error);
    if (askedMs === null) return;
    const { providerRestMsMin: first, providerRestMsMax: most, providerQuietMs: quiet } = limits;
    const nowMs = this.clock.monotonicMs();
    if (nowMs >= this.untilMs) {
      const isAgain = nowMs - this.untilMs < quiet;
      this.stepMs = isAgain ? Math.min(this.stepMs * 2, most) : first;
      this.log.warn({ waitMs: this.stepMs, askedMs }, 'the provider is asked too often');
    }
    const restMs = Math.min(most, Math.max(this.stepMs, askedMs));
    this.untilMs = Math.max(this.untilMs, nowMs + restMs);
  }
}

/**
 * Milliseconds, 0 where it names none; null: it said something else. That an object is in use is a
 * 429 too, and no limit of the account.
 */
function restAskedBy(error: unknown): number | null {
  if (!(error instanceof Stripe.errors.StripeError)) return null;
  if (error.statusCode !== 429 || error.code === 'lock_timeout') return null;
  const seconds = Number(error.headers?.['retry-after'] ?? 0);
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1_000) : 0;
}
