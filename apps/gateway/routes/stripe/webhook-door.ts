import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';

import type { Admission, Asker } from '../../admission/admission.js';
import { TokenBuckets, type Bucket } from '../../admission/token-buckets.js';

/**
 * Who may say that he is Stripe. Events come by the hundred from few addresses, so the limit of an
 * address is not asked; but an address that signs wrong has few tries, and what is handed on to
 * payments at once is bounded (G8). Whom this shuts out loses time, never money: payments polls.
 */
export class WebhookDoor {
  private inFlight = 0;
  private readonly wrong = new TokenBuckets(
    { perSecond: 1, burst: limits.badSignaturesBurst },
    limits.bucketsMax,
  );

  constructor(
    private readonly admission: Pick<Admission, 'keyOf'>,
    private readonly clock: Clock,
  ) {}

  /** Milliseconds to wait; 0: come in, and say when it is over. */
  enter(asker: Asker): number {
    const bucket = this.bucketOf(asker);
    if (bucket !== null && this.isEmpty(bucket)) return 1_000;
    if (this.inFlight >= limits.webhooksInFlightMax) return 1_000;
    this.inFlight += 1;
    return 0;
  }

  leave(asker: Asker, isStripe: boolean): void {
    this.inFlight -= 1;
    const bucket = isStripe ? null : this.bucketOf(asker);
    if (bucket !== null) this.wrong.take(bucket, 1, this.clock.monotonicMs());
  }

  private isEmpty(bucket: Bucket): boolean {
    this.wrong.take(bucket, 0, this.clock.monotonicMs());
    return bucket.tokens < 1;
  }

  /** null: of this machine, without limits. */
  private bucketOf(asker: Asker): Bucket | null {
    const key = this.admission.keyOf(asker);
    return key === null ? null : this.wrong.bucketOf(key, this.clock.monotonicMs());
  }
}
