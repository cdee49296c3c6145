import { createHmac } from 'node:crypto';

import type { UserId } from '#libs/inventory/ids.js';
import { sameMark } from '#libs/platform/same-text.js';

import type { IssuerKey } from './issuer-keys.js';
import type { Powers } from './powers.js';

/**
 * Guest sessions: JSON Web Tokens (RFC 7519) signed with HS256 by the gateway itself. All gateways
 * share the secret, so any of them accepts the tokens of the others and none keeps a session.
 *
 * While a secret is replaced a second one is believed, and signs nothing.
 *
 * Only the exact header that sign() writes is accepted: no algorithm is ever taken from a token.
 */
export interface Identity {
  readonly userId: UserId;
  readonly expiresAtMs: number;
  /** Absent: he buys, and nothing else. */
  readonly powers?: Powers;
  /** Absent: by a secret of ours. */
  readonly signedBy?: IssuerKey;
}

export type TokenVerdict =
  | { readonly kind: 'valid'; readonly identity: Identity }
  | { readonly kind: 'expired' }
  | { readonly kind: 'invalid' };

const header = encoded({ alg: 'HS256', typ: 'JWT' });
const issuer = 'holdfast';
const userIdPattern = /^usr_[a-z0-9]{8,32}$/;

export class GuestTokens {
  constructor(
    private readonly secret: string,
    private readonly second?: string,
  ) {}

  sign(userId: UserId, nowMs: number, ttlMs: number): { token: string; expiresAtMs: number } {
    const issuedAt = Math.floor(nowMs / 1000);
    const expiresAt = issuedAt + Math.floor(ttlMs / 1000);
    const claims = encoded({ iss: issuer, sub: userId, iat: issuedAt, exp: expiresAt });
    const signed = `${header}.${claims}`;
    return { token: `${signed}.${macOf(signed, this.secret)}`, expiresAtMs: expiresAt * 1000 };
  }

  /** True when the token claims to be ours; external tokens have another header. */
  isGuest(token: string): boolean {
    return token.startsWith(`${header}.`);
  }

  verify(token: string, nowMs: number): TokenVerdict {
    const end = token.lastIndexOf('.');
    const signed = token.slice(0, end);
    if (!this.isGuest(token) || !isSigned(token, end, this.secret, this.second)) {
      return { kind: 'invalid' };
    }
    const claims = decodeClaims(signed.slice(header.length + 1));
    if (claims === null) return { kind: 'invalid' };
    const expiresAtMs = claims.exp * 1000;
    if (expiresAtMs <= nowMs) return { kind: 'expired' };
    return { kind: 'valid', identity: { userId: claims.sub as UserId, expiresAtMs } };
  }
}

type Key = string | Buffer;

export const macOf = (signed: string, key: Key): string =>
  createHmac('sha256', key).update(signed).digest('base64url');

/** Whether what follows the dot at `end` is the signature, by either key, of what is before it. */
export function isSigned(token: string, end: number, ...keys: readonly (Key | undefined)[]) {
  const [signed, mac] = [token.slice(0, end), token.slice(end + 1)];
  return keys.some((key) => key !== undefined && sameMark(mac, macOf(signed, key)));
}

/** One part of a JSON Web Token. */
export function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decodeClaims(part: string): { sub: string; exp: number } | null {
  try {
    const claims = JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
    const { iss, sub, exp } = claims;
    if (iss !== issuer || typeof sub !== 'string' || !userIdPattern.test(sub)) return null;
    return typeof exp === 'number' && Number.isFinite(exp) ? { sub, exp } : null;
  } catch {
    return null;
  }
}
