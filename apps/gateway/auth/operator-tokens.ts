import { createHmac } from 'node:crypto';

import { isOrganiserId, roles, type Role } from '#libs/contracts/roles.js';
import { limits } from '#libs/contracts/limits.js';
import { isOperatorName } from '#libs/inventory/inventory.js';

import { encoded, isSigned, macOf, type TokenVerdict } from './guest-tokens.js';
import { externalUserId } from './issuers.js';

/** Whom an operator's token makes somebody. */
export interface Operator {
  /** As history shows him: see isTokenName(). */
  readonly name: string;
  readonly role: Role;
  /** For `organiser` alone. */
  readonly organiser: string | null;
}

const header = encoded({ alg: 'HS256', typ: 'holdfast-operator+jwt' });
const issuer = 'holdfast-operator';
/** The secret of the gateways signs guests; what it signs of one kind never passes for another. */
const purpose = 'holdfast operator tokens 1';

/**
 * Tokens for those who run a system, made where its secret is (`npm start`, `holdfastctl token`):
 * nobody else has to issue any before a new system can be operated.
 *
 * OT1  Signed by a key of their own, derived from the secret of the gateways.
 * OT2  None lives longer than operatorTokenTtlMsMax, whatever it says: nothing can take one back.
 */
export class OperatorTokens {
  private readonly key: Buffer;
  private readonly second: Buffer | undefined;

  /** `second` is believed as well, and signs nothing: see GuestTokens. */
  constructor(secret: string, second?: string) {
    this.key = keyOf(secret);
    this.second = second === undefined ? undefined : keyOf(second);
  }

  /** `ttlMs` at most operatorTokenTtlMsMax. */
  sign(operator: Operator, nowMs: number, ttlMs: number): { token: string; expiresAtMs: number } {
    const iat = Math.floor(nowMs / 1000);
    const exp = iat + Math.floor(Math.min(ttlMs, limits.operatorTokenTtlMsMax) / 1000);
    const { name: sub, role, organiser } = operator;
    const claims = encoded({ iss: issuer, sub, role, organiser, iat, exp });
    const signed = `${header}.${claims}`;
    return { token: `${signed}.${macOf(signed, this.key)}`, expiresAtMs: exp * 1000 };
  }

  /** True when the token claims to be of this kind. */
  isOperator(token: string): boolean {
    return token.startsWith(`${header}.`);
  }

  verify(token: string, nowMs: number): TokenVerdict {
    const end = token.lastIndexOf('.');
    const signed = token.slice(0, end);
    if (!this.isOperator(token) || !isSigned(token, end, this.key, this.second)) {
      return { kind: 'invalid' };
    }
    const claims = claimsOf(signed.slice(header.length + 1));
    if (claims === null) return { kind: 'invalid' };
    const expiresAtMs = claims.exp * 1000;
    if (expiresAtMs <= nowMs) return { kind: 'expired' };
    const { sub: name, role, organiser } = claims;
    const organisers = organiser === null ? [] : [organiser];
    const userId = externalUserId(issuer, name);
    const powers = { roles: [role], organisers, name };
    return { kind: 'valid', identity: { userId, expiresAtMs, powers } };
  }
}

const keyOf = (secret: string): Buffer => createHmac('sha256', secret).update(purpose).digest();

/** Printable, and short enough to stand behind a role in a fact. */
export const isTokenName = (name: unknown): name is string =>
  typeof name === 'string' &&
  name.trim() !== '' &&
  isOperatorName(name) &&
  Buffer.byteLength(name) <= limits.operatorTokenNameBytesMax;

interface Claims {
  readonly sub: string;
  readonly role: Role;
  readonly organiser: string | null;
  readonly exp: number;
}

function claimsOf(part: string): Claims | null {
  try {
    const claims = JSON.parse(Buffer.from(part, 'base64url').toString()) as Claims & {
      readonly iss: unknown;
      readonly iat: unknown;
    };
    const { iss, sub, role, organiser, iat, exp } = claims;
    if (iss !== issuer || !isTokenName(sub) || !roles.includes(role)) return null;
    if (organiser !== null && !isOrganiserId(organiser)) return null;
    if (!Number.isSafeInteger(iat) || !Number.isSafeInteger(exp)) return null;
    const lifeMs = (exp - (iat as number)) * 1000;
    return lifeMs <= limits.operatorTokenTtlMsMax ? { sub, role, organiser, exp } : null;
  } catch {
    return null;
  }
}
