import { LRUCache } from 'lru-cache';

import type { ErrorCode } from '#libs/contracts/errors.js';
import { limits } from '#libs/contracts/limits.js';
import type { UserId } from '#libs/inventory/ids.js';
import type { Clock } from '#libs/platform/clock.js';

import type { Admission } from '../admission/admission.js';
import type { Bucket } from '../admission/token-buckets.js';
import type { GuestTokens } from './guest-tokens.js';
import type { IssuerKey } from './issuer-keys.js';
import type { ExternalIssuers, ExternalVerdict } from './issuers.js';
import type { OperatorTokens } from './operator-tokens.js';
import { noPowers, type Powers } from './powers.js';

const scheme = 'Bearer ';

/** All kinds of tokens there are. */
export interface TokenKinds {
  readonly guests: GuestTokens;
  readonly operators: OperatorTokens;
  readonly issuers: ExternalIssuers;
}

/** Whoever a token speaks for, with the bucket it pays from, so that a request looks up once. */
export interface Caller {
  readonly userId: UserId;
  /** By an issuer: he is somebody, and not a guest who can be another one in a second. */
  readonly verified: boolean;
  readonly powers: Powers;
  /** null: by a secret of ours. */
  readonly signedBy: IssuerKey | null;
  readonly expiresAtMs: number;
  /** Wall clock. Within these it is not looked at again. */
  readonly verifiedAtMs: number;
  trustedUntilMs: number;
  readonly bucket: Bucket;
  /** Requests that its address has paid for already, see Admission. */
  prepaid: number;
  /** What it is counted by (Admission.keyOf) since it last paid; undefined: not looked at yet. */
  addressKey: string | null | undefined;
  /** Wall clock, when it was last noted that he is among those who ask. */
  usedAtMs: number;
}

/**
 * Bearer tokens to callers. A token is remembered by the text of the Authorization header as nearly
 * everybody writes it: the next request costs one look-up.
 *
 * AU1  What was verified is believed for tokenTrustMs, and never beyond its `exp`; then it is
 *      verified again. So a role that was taken from somebody is used for that long at most, and a
 *      key that an issuer takes back speaks for nobody two minutes later, however long its tokens
 *      would last: the fetch that misses it forgets them all. Nor is a token believed from before
 *      its verification: a clock that was set back prolongs nothing.
 * AU2  Remembered tokens are bounded by number and by bytes (G8); who asked last, to the second, is
 *      forgotten last. A token that failed is forgotten.
 */
export class Authenticator {
  private readonly callers = new LRUCache<string, Caller>({
    max: limits.tokensCachedMax,
    maxSize: limits.tokensCachedBytesMax,
    sizeCalculation: (_caller, bearer) => bearer.length + callerBytes,
    dispose: (caller) => {
      if (caller.signedBy !== null) this.bySigner.get(caller.signedBy)?.delete(caller);
    },
  });

  /** Those of them whom an issuer vouches for. */
  private readonly bySigner = new Map<IssuerKey, Set<Caller>>();

  constructor(
    private readonly kinds: TokenKinds,
    private readonly admission: Admission,
    private readonly clock: Clock,
  ) {
    kinds.issuers.onWithdrawn((key) => this.forget(key));
  }

  /** Whom the token was found to speak for before; undefined = not known, or not lately. */
  known(authorization: string): Caller | undefined {
    const caller = this.callers.peek(authorization);
    if (caller === undefined) return undefined;
    const nowMs = this.clock.nowMs();
    if (!isTrusted(caller, nowMs)) return undefined;
    if (nowMs - caller.usedAtMs > usedNoteMs) {
      caller.usedAtMs = nowMs;
      this.callers.get(authorization);
    }
    return caller;
  }

  /** A promise only for an external token that was not seen lately. */
  authenticate(authorization: string): Caller | ErrorCode | Promise<Caller | ErrorCode> {
    const token = bearerOf(authorization);
    return token === null ? 'unauthorized' : this.callerOf(token);
  }

  callerOf(token: string): Caller | ErrorCode | Promise<Caller | ErrorCode> {
    const nowMs = this.clock.nowMs();
    const known = this.callers.get(scheme + token);
    if (known !== undefined) {
      if (isTrusted(known, nowMs)) return known;
      if (known.expiresAtMs > nowMs) return this.verified(token, nowMs, known);
      this.callers.delete(scheme + token);
      return 'token_expired';
    }
    return this.verified(token, nowMs, null);
  }

  get cached(): number {
    return this.callers.size;
  }

  /** They are verified again when they come, and removed then, or when there is no room. */
  private forget(key: IssuerKey): void {
    for (const caller of this.bySigner.get(key) ?? []) caller.trustedUntilMs = 0;
    this.bySigner.delete(key);
  }

  /** `before`: as whom it was remembered, with what he has paid for. */
  private verified(
    token: string,
    nowMs: number,
    before: Caller | null,
  ): Caller | ErrorCode | Promise<Caller | ErrorCode> {
    if (token.length > limits.tokenBytesMax) return 'unauthorized';
    const { guests, operators, issuers } = this.kinds;
    if (guests.isGuest(token)) return this.admit(token, guests.verify(token, nowMs), before);
    if (operators.isOperator(token)) {
      return this.admit(token, operators.verify(token, nowMs), before);
    }
    if (!issuers.know(token)) return 'unauthorized';
    const verifying = this.inTime(issuers.verify(token, nowMs));
    return verifying.then((verdict) => this.admit(token, verdict, before));
  }

  /** Keys that come later are there for the next try. */
  private inTime(verifying: Promise<ExternalVerdict>): Promise<ExternalVerdict> {
    return new Promise((resolve, reject) => {
      const cancel = this.clock.after(limits.tokenWaitMs, () => resolve({ kind: 'unreachable' }));
      verifying.finally(cancel).then(resolve, reject);
    });
  }

  private admit(token: string, found: ExternalVerdict, before: Caller | null): Caller | ErrorCode {
    const verdict = stillBelieved(found);
    if (verdict.kind !== 'valid') this.callers.delete(scheme + token);
    switch (verdict.kind) {
      case 'valid': {
        const { userId, expiresAtMs, powers = noPowers, signedBy = null } = verdict.identity;
        const bucket = this.admission.userBucket(userId, this.clock.monotonicMs());
        const verifiedAtMs = this.clock.nowMs();
        const trustedUntilMs = Math.min(expiresAtMs, verifiedAtMs + limits.tokenTrustMs);
        const prepaid = before?.prepaid ?? 0;
        const verified = !this.kinds.guests.isGuest(token);
        const times = { expiresAtMs, verifiedAtMs, trustedUntilMs, usedAtMs: verifiedAtMs };
        const caller = {
          userId,
          verified,
          powers,
          signedBy,
          ...times,
          bucket,
          prepaid,
          addressKey: undefined,
        };
        this.callers.set(scheme + token, caller);
        if (signedBy !== null) {
          this.bySigner.set(signedBy, (this.bySigner.get(signedBy) ?? new Set()).add(caller));
        }
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

/** What an entry takes beside its text, roughly. */
const callerBytes = 256;

/** Who asked lately is forgotten last; to say so at each request would be 2 % of a gateway. */
const usedNoteMs = 1_000;

const isTrusted = ({ verifiedAtMs, trustedUntilMs }: Caller, nowMs: number): boolean =>
  verifiedAtMs <= nowMs && nowMs < trustedUntilMs;

/** A key may be taken back while its token is verified. */
const stillBelieved = (verdict: ExternalVerdict): ExternalVerdict =>
  verdict.kind === 'valid' && verdict.identity.signedBy?.withdrawn === true
    ? { kind: 'invalid' }
    : verdict;

function bearerOf(authorization: string): string | null {
  if (authorization.startsWith(scheme)) return authorization.slice(scheme.length);
  if (authorization.slice(0, scheme.length).toLowerCase() !== 'bearer ') return null;
  return authorization.slice(scheme.length);
}
