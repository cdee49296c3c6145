import { LRUCache } from 'lru-cache';

import type { ErrorCode } from '#libs/contracts/errors.js';
import { limits } from '#libs/contracts/limits.js';
import type { UserId } from '#libs/inventory/ids.js';
import type { Clock } from '#libs/platform/clock.js';

import type { Admission } from '../admission/admission.js';
import type { Bucket } from '../admission/token-buckets.js';
import type { GuestTokens } from './guest-tokens.js';
import type { ExternalIssuers, ExternalVerdict } from './issuers.js';

const scheme = 'Bearer ';

/** Whoever a token speaks for, with the bucket it pays from, so that a request looks up once. */
export interface Caller {
  readonly userId: UserId;
  readonly expiresAtMs: number;
  readonly bucket: Bucket;
  /** Requests that its address has paid for already, see Admission. */
  prepaid: number;
}

/**
 * Bearer tokens to callers. Verified once, then remembered until it expires by the text of the
 * Authorization header as nearly everybody writes it: the next request costs one look-up. A token
 * that failed is never remembered.
 */
export class Authenticator {
  private readonly callers = new LRUCache<string, Caller>({ max: limits.tokensCachedMax });

  constructor(
    private readonly guests: GuestTokens,
    private readonly issuers: ExternalIssuers,
    private readonly admission: Admission,
    private readonly clock: Clock,
  ) {}

  /** Whom the token was found to speak for before; undefined = not known, or expired since. */
  known(authorization: string): Caller | undefined {
    const caller = this.callers.get(authorization);
    return caller !== undefined && caller.expiresAtMs > this.clock.nowMs() ? caller : undefined;
  }

  /** A promise only for an external token that was not seen before. */
  authenticate(authorization: string): Caller | ErrorCode | Promise<Caller | ErrorCode> {
    const token = bearerOf(authorization);
    return token === null ? 'unauthorized' : this.callerOf(token);
  }

  callerOf(token: string): Caller | ErrorCode | Promise<Caller | ErrorCode> {
    const nowMs = this.clock.nowMs();
    const known = this.callers.get(scheme + token);
    if (known !== undefined) {
      if (known.expiresAtMs > nowMs) return known;
      this.callers.delete(scheme + token);
      return 'token_expired';
    }
    if (token.length > limits.tokenBytesMax) return 'unauthorized';
    if (this.guests.isGuest(token)) return this.admit(token, this.guests.verify(token, nowMs));
    if (!this.issuers.know(token)) return 'unauthorized';
    return this.inTime(this.issuers.verify(token, nowMs)).then((verdict) =>
      this.admit(token, verdict),
    );
  }

  get cached(): number {
    return this.callers.size;
  }

  /** Keys that come later are there for the next try. */
  private inTime(verifying: Promise<ExternalVerdict>): Promise<ExternalVerdict> {
    return new Promise((resolve, reject) => {
      const cancel = this.clock.after(limits.tokenWaitMs, () => resolve({ kind: 'unreachable' }));
      verifying.finally(cancel).then(resolve, reject);
    });
  }

  private admit(token: string, verdict: ExternalVerdict): Caller | ErrorCode {
    switch (verdict.kind) {
      case 'valid': {
        const { userId, expiresAtMs } = verdict.identity;
        const bucket = this.admission.userBucket(userId, this.clock.monotonicMs());
        const caller: Caller = { userId, expiresAtMs, bucket, prepaid: 0 };
        this.callers.set(scheme + token, caller);
        return caller;
      }
      case 'expired':
        return 'token_expired';
      case 'unreachable':
        return 'unavailable';
      case 'invalid':
        return 'unauthorized';
    }
  }
}

function bearerOf(authorization: string): string | null {
  if (authorization.startsWith(scheme)) return authorization.slice(scheme.length);
  if (authorization.slice(0, scheme.length).toLowerCase() !== 'bearer ') return null;
  return authorization.slice(scheme.length);
}
