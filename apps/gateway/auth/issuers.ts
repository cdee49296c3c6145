import { createHash } from 'node:crypto';

import { createRemoteJWKSet, decodeJwt, errors, jwtVerify } from 'jose';

import { limits } from '#libs/contracts/limits.js';
import type { UserId } from '#libs/inventory/ids.js';
import type { Clock } from '#libs/platform/clock.js';

import type { TokenVerdict } from './guest-tokens.js';
import { powersOf, type RoleClaims } from './powers.js';

/** An organiser's own accounts: tokens of an OpenID Connect issuer, checked by its JWKS. */
export interface IssuerConfig {
  readonly issuer: string;
  readonly jwks_url: string;
  readonly audience: string;
  /** Absent: all of its accounts buy, and nothing else. */
  readonly roles?: RoleClaims;
}

/** `unreachable`: the issuer's keys could not be fetched; says nothing about the token. */
export type ExternalVerdict = TokenVerdict | { readonly kind: 'unreachable' };

/** Signatures only: a shared secret of an external issuer has no place here. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'EdDSA',
];

interface Issuer {
  readonly config: IssuerConfig;
  readonly keys: ReturnType<typeof createRemoteJWKSet>;
}

/**
 * IS1  Keys that were used once are fetched anew every issuerKeysFreshMs, whether anybody comes or
 *      not: one that was taken back is known to be, and nobody waits for it.
 * IS2  An issuer that cannot be reached takes nothing back: his last keys do for issuerKeysKeptMs.
 */
export class ExternalIssuers {
  private readonly issuers = new Map<string, Issuer>();
  private readonly stopRefresh: () => void;

  constructor(configs: readonly IssuerConfig[], clock: Pick<Clock, 'every'>) {
    for (const config of configs) {
      const keys = createRemoteJWKSet(new URL(config.jwks_url), {
        timeoutDuration: limits.tokenVerifyTimeoutMs,
        cooldownDuration: 30_000,
        cacheMaxAge: limits.issuerKeysKeptMs,
      });
      this.issuers.set(config.issuer, { config, keys });
    }
    this.stopRefresh = clock.every(limits.issuerKeysFreshMs, () => this.refresh());
  }

  close(): void {
    this.stopRefresh();
  }

  /** Whether the token at least claims to be of a configured issuer. */
  know(token: string): boolean {
    return this.issuerOf(token) !== undefined;
  }

  async verify(token: string, nowMs: number): Promise<ExternalVerdict> {
    const known = this.issuerOf(token);
    if (known === undefined) return { kind: 'invalid' };
    try {
      const { payload } = await jwtVerify(token, known.keys, {
        issuer: known.config.issuer,
        audience: known.config.audience,
        algorithms,
        currentDate: new Date(nowMs),
        requiredClaims: ['sub', 'exp'],
      });
      // Who has no name of his own shares it with everybody else who has none.
      if (payload.sub === undefined || payload.sub.trim() === '') return { kind: 'invalid' };
      const userId = externalUserId(known.config.issuer, payload.sub);
      const expiresAtMs = (payload.exp ?? 0) * 1000;
      const powers = powersOf(payload, known.config.roles, userId);
      return { kind: 'valid', identity: { userId, expiresAtMs, powers } };
    } catch (error) {
      if (error instanceof errors.JWTExpired) return { kind: 'expired' };
      return { kind: isAboutToken(error) ? 'invalid' : 'unreachable' };
    }
  }

  private refresh(): void {
    for (const { keys } of this.issuers.values()) {
      if (keys.jwks() !== undefined) keys.reload().catch(() => undefined);
    }
  }

  private issuerOf(token: string): Issuer | undefined {
    try {
      return this.issuers.get(decodeJwt(token).iss ?? '');
    } catch {
      return undefined;
    }
  }
}

function isAboutToken(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) return false;
  return error.code !== 'ERR_JOSE_GENERIC' && error.code !== 'ERR_JWKS_INVALID';
}

/** Subjects are free text of any length; ours are short and never collide between issuers. */
export function externalUserId(issuer: string, subject: string): UserId {
  const digest = createHash('sha256').update(`${issuer}\0${subject}`).digest('hex');
  return `ext_${digest.slice(0, 32)}` as UserId;
}
