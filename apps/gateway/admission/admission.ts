import { limits } from '#libs/contracts/limits.js';

import type { EdgeRequest, EdgeResponse } from '../edge/edge.js';
import { addressKeyOf, isLoopback } from './address.js';
import { TokenBuckets, type Bucket } from './token-buckets.js';
import type { TrustedProxies } from './trusted-proxies.js';

/**
 * Who may ask how often (G8). Every request pays from the bucket of its address; a request with an
 * identity pays from the user's bucket too. Refusals cost nothing, so a patient caller recovers.
 */
export interface AdmissionOptions {
  /** Loopback clients have no address limit: one machine can load-test itself. */
  readonly loopbackUnlimited: boolean;
  /** null: nobody stands between; the address of a connection is its client's. */
  readonly proxies: TrustedProxies | null;
}

/** A request, as far as it tells whom it comes from. */
export interface Asker {
  readonly res: Pick<EdgeResponse, 'getRemoteAddress'>;
  /** See Admission.forwardedIn(). */
  readonly forwarded: string;
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

  /** What a proxy says of whom it asks for. To be read while the request is alive. */
  forwardedIn(req: EdgeRequest): string {
    const { proxies } = this.options;
    return proxies === null ? '' : req.getHeader(proxies.header);
  }

  /** 0 = come in; otherwise milliseconds to wait. */
  ofAddress(asker: Asker, cost: number, nowMs: number): number {
    const address = this.clientOf(asker);
    if (this.isUnlimited(address)) return 0;
    return this.addresses.take(this.addresses.bucketOf(addressKeyOf(address), nowMs), cost, nowMs);
  }

  /** The same for what comes on a connection that was let in, by its key (see keyOf). */
  ofKey(addressKey: string | null, cost: number, nowMs: number): number {
    if (addressKey === null) return 0;
    return this.addresses.take(this.addresses.bucketOf(addressKey, nowMs), cost, nowMs);
  }

  /** What shares one limit with the sender; null: it has none. */
  keyOf(asker: Asker): string | null {
    const address = this.clientOf(asker);
    return this.isUnlimited(address) ? null : addressKeyOf(address);
  }

  /** The same for whoever counts those without a limit too. */
  placeOf(asker: Asker): { readonly addressKey: string; readonly unlimited: boolean } {
    const address = this.clientOf(asker);
    return { addressKey: addressKeyOf(address), unlimited: this.isUnlimited(address) };
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

  /** Requests whose proxy did not say whom it asks for. */
  get unreadable(): number {
    return this.options.proxies?.unreadable ?? 0;
  }

  /** Every limit of an address goes by this one. */
  private clientOf({ res, forwarded }: Asker): ArrayBuffer {
    const peer = res.getRemoteAddress();
    const { proxies } = this.options;
    return proxies === null ? peer : proxies.clientOf(peer, forwarded);
  }

  private isUnlimited(address: ArrayBuffer): boolean {
    return this.options.loopbackUnlimited && isLoopback(address);
  }
}
