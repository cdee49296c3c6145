import { createHash } from 'node:crypto';

import { limits } from '#libs/contracts/limits.js';
import { declineBounds } from '#libs/contracts/limits/payments.js';
import type { BookCall } from '#libs/contracts/payments.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { Counter } from '#libs/platform/metrics.js';

import {
  declineScopes,
  type Declines,
  type DeclineScope,
  type DeclinesOf,
  type Tried,
} from '../store/attempt-store.js';

/**
 * Against those who try cards: who has had too many declined waits before the next is tried, longer
 * after each. The provider hears nothing meanwhile.
 *
 * CT1  Counted are declined attempts alone, in the table that all payments processes share: of a
 *      reservation, of a buyer, of a card and of an address. Who pays pays nothing for it.
 * CT2  An attempt that was made is answered for ever, by its key: only new ones wait.
 * CT3  What is under way counts for its buyer, so that many at once are no way around.
 *
 * Not seen before it is asked: another token of a card. Its fingerprint comes with the answer, and
 * the token is known by it from then on.
 */
export class DeclineWatch {
  /** The payments that were not tried, by what they share with those declined. */
  refused: Readonly<Record<DeclineScope, Counter>> = {
    reservation: { value: 0 },
    buyer: { value: 0 },
    card: { value: 0 },
    address: { value: 0 },
  };
  private saidAtMs = -Infinity;
  private unsaid = 0;

  constructor(private readonly ports: { readonly clock: Clock; readonly log: Log }) {}

  /** Milliseconds until another card may be tried; 0: now. */
  waitMs(declines: Declines, call: BookCall): number {
    let longestMs = 0;
    let by: DeclineScope = 'buyer';
    for (const scope of declineScopes) {
      const waitMs = waitAfter(declines[scope], scope);
      if (waitMs <= longestMs) continue;
      longestMs = waitMs;
      by = scope;
    }
    if (declines.live >= limits.buyerPaymentsMax) longestMs = Math.max(longestMs, 1_000);
    if (longestMs === 0) return 0;
    this.refused[by].value += 1;
    this.alarm(by, call);
    return longestMs;
  }

  /** One line a minute: who tries cards must not fill the disk too. */
  private alarm(shared: DeclineScope, { userId, holdId, trace }: BookCall): void {
    this.unsaid += 1;
    const nowMs = this.ports.clock.monotonicMs();
    if (nowMs - this.saidAtMs < limits.declinesAlarmMs) return;
    this.ports.log.warn(
      { shared, refused: this.unsaid, user: userId, reservation: holdId, trace },
      'too many payments were declined: somebody may be trying cards',
    );
    this.saidAtMs = nowMs;
    this.unsaid = 0;
  }
}

function waitAfter({ count, agoMs }: DeclinesOf, scope: DeclineScope): number {
  const { free, waitMs, waitMsMax } = declineBounds[scope];
  if (count <= free) return 0;
  const wholeMs = Math.min(waitMsMax, waitMs * 2 ** (count - free - 1));
  return Math.max(0, Math.ceil(wholeMs - agoMs));
}

/** What an attempt shares with others. */
export const triedBy = (call: BookCall): Tried => ({
  holdId: call.holdId,
  userId: call.userId,
  tokenKey: tokenKeyOf(call.paymentToken),
  addressKey: call.addressKey ?? null,
});

/** The provider's test cards have words for names and are everybody's; live accounts have none. */
const everybodys = /^(pm_card_|tok_[a-z]+(_[a-z]+)*$)/i;

function tokenKeyOf(token: string): string | null {
  if (token === '' || everybodys.test(token)) return null;
  return createHash('sha256').update(token).digest('base64url').slice(0, 22);
}
