import { limits } from '#libs/contracts/limits.js';

import type { EdgeResponse } from '../edge/edge.js';
import { addressKeyOf, isLoopback } from './address.js';
import { TokenBuckets, type Bucket } from './token-buckets.js';

/**
 * Who may ask how often (G8). Every request pays from the bucket of its address; a request with an
 * identity pays from the user's bucket too. Refusals cost nothing, so a patient caller recovers.
 */
export interface AdmissionOptions {
  /** Loopback clients have no address limit: one machine can load-test itself. */
  readonly loopbackUnlimited: boolean;
}

export class Admission {
  private readonly addresses = new TokenBuckets(
    { perSecond: limits.addressRequestsPerSecond, burst: limits.addressRequestsBurst },
    limits.bucketsMax,
  );
  private readonly users = new TokenBuckets(
    { perSecond: limits.userRequestsPerSecond, burst: limits.userRequestsBurst },
    limits.bucketsMax,
  );

  constructor(private readonly options: AdmissionOptions) {}

  /** 0 = come in; otherwise milliseconds to wait. */
  ofAddress(res: EdgeResponse, cost: number, nowMs: number): number {
    const address = res.getRemoteAddress();
    if (this.isUnlimited(address)) return 0;
    return this.addresses.take(this.addresses.bucketOf(addressKeyOf(address), nowMs), cost, nowMs);
  }

  /** What shares one limit with the sender; null: it has none. */
  keyOf(res: EdgeResponse): string | null {
    const address = res.getRemoteAddress();
    return this.isUnlimited(address) ? null : addressKeyOf(address);
  }

  userBucket(userId: string, nowMs: number): Bucket {
    return this.users.bucketOf(userId, nowMs);
  }

  ofUser(bucket: Bucket, cost: number, nowMs: number): number {
    return this.users.take(bucket, cost, nowMs);
  }

  get bucketCounts(): { readonly addresses: number; readonly users: number } {
    return { addresses: this.addresses.size, users: this.users.size };
  }

  private isUnlimited(address: ArrayBuffer): boolean {
    return this.options.loopbackUnlimited && isLoopback(address);
  }
}
