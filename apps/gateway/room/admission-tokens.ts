import { createHmac } from 'node:crypto';

import type { UserId } from '#libs/inventory/ids.js';
import { sameMark } from '#libs/platform/same-text.js';

/**
 * What an admitted buyer shows with his hold: short, and keyed with the secret that gateways share,
 * so that any of them can check it without asking anybody.
 *
 * AT1  It is good for one room, one person, one size of party and until one moment: with any of
 *      these changed its mark is another.
 */
export interface Admitted {
  readonly party: number;
  readonly untilMs: number;
}

export type AdmissionVerdict = Admitted | 'expired' | 'invalid';

const pattern = /^([0-9a-z]{1,3})\.([0-9a-z]{1,11})\.([\w-]{43})$/;
const base = 36;

export class AdmissionTokens {
  private readonly keys: readonly Buffer[];

  /** Signs with the first, believes all. */
  constructor(secrets: readonly (string | undefined)[]) {
    const known = secrets.filter((secret) => secret !== undefined);
    this.keys = known.map((secret) => macOf(secret, 'holdfast admission key'));
  }

  sign(room: string, userId: UserId, { party, untilMs }: Admitted): string {
    const claims = `${party.toString(base)}.${untilMs.toString(base)}`;
    return `${claims}.${markOf(this.keys[0], room, userId, claims)}`;
  }

  check(token: string, room: string, userId: UserId, nowMs: number): AdmissionVerdict {
    const [, party, until, mark] = pattern.exec(token) ?? [];
    if (mark === undefined) return 'invalid';
    const claims = `${party}.${until}`;
    const isOurs = (key: Buffer): boolean => sameMark(mark, markOf(key, room, userId, claims));
    if (!this.keys.some(isOurs)) return 'invalid';
    const untilMs = parseInt(until, base);
    return untilMs > nowMs ? { party: parseInt(party, base), untilMs } : 'expired';
  }
}

const macOf = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();

const markOf = (key: Buffer, room: string, userId: UserId, claims: string): string =>
  macOf(key, `${room}\n${userId}\n${claims}`).toString('base64url');
