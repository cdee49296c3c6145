import { createHash } from 'node:crypto';

import { decodeJwt, errors, jwtVerify } from 'jose';

import { limits } from '#libs/contracts/limits.js';
import type { UserId } from '#libs/inventory/ids.js';
import type { Clock } from '#libs/platform/clock.js';

import type { TokenVerdict } from './guest-tokens.js';
import { IssuerKeys, type IssuerKey } from './issuer-keys.js';
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
  readonly keys: IssuerKeys;
}

/**
 * IS1  Keys that were used once are fetched anew every issuerKeysFreshMs, whether anybody comes or
 *      not: one that was taken back is known to be, and nobody waits for it.
 * IS2  An issuer that cannot be reached takes nothing back: his last keys do for issuerKeysKeptMs.
 * IS3  What is valid says by which key; who listens is told when that one is withdrawn (IK1).
 */
export class ExternalIssuers {
  private readonly issuers = new Map<string, Issuer>();
  private readonly stopRefresh: () => void;
  private readonly listeners: ((key: IssuerKey) => void)[] = [];

  constructor(configs: readonly IssuerConfig[], clock: Pick<Clock, 'every'>) {
    const tell = (key: IssuerKey): void => {
      for (const listener of this.listeners) listener(key);
    };
    for (const config of configs) {
      const keys = new IssuerKeys(new URL(config.jwks_url), tell);
      this.issuers.set(config.issuer, { config, keys });
    }
    this.stopRefresh = clock.every(limits.issuerKeysFreshMs, () => this.refresh());
  }

  close(): void {
    this.stopRefresh();
  }

  /** Calls `listener` for each key that an issuer takes back, within issuerKeysFreshMs. */
  onWithdrawn(listener: (key: IssuerKey) => void): void {
    this.listeners.push(listener);
  }

  /** Whether the token at least claims to be of a configured issuer. */
  know(token: string): boolean {
    return this.issuerOf(token) !== undefined;
  }

  async verify(token: string, nowMs: number): Promise<ExternalVerdict> {
    const known = this.issuerOf(token);
    if (known === undefined) return { kind: 'invalid' };
    try {
      const { payload, protectedHeader, key } = await jwtVerify(token, known.keys.find, {
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
      const signedBy = await known.keys.use(protectedHeader, key);
      return { kind: 'valid', identity: { userId, expiresAtMs, powers, signedBy } };
    } catch (error) {
      if (error instanceof errors.JWTExpired) return { kind: 'expired' };
      return { kind: isAboutToken(error) ? 'invalid' : 'unreachable' };
    }
  }

  private refresh(): void {
    for (const { keys } of this.issuers.values()) {
      void keys.refresh();
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
