import { limits } from '#libs/contracts/limits.js';
import type { UserId } from '#libs/inventory/ids.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Random } from '#libs/platform/random.js';

import type { GuestTokens } from '../../auth/guest-tokens.js';
import type { Exchange } from '../../http/exchange.js';
import type { Handlers } from '../area.js';
import { isoTime } from '../shared/iso-time.js';
import type { sessionRows } from './rows.js';

export interface SessionParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly guests: GuestTokens;
}

export const sessionHandlers = (parts: SessionParts): Handlers<typeof sessionRows> => ({
  openSession: (exchange) => openSession(parts, exchange),
});

const userIdLength = 20;

/** A guest: an identity nobody else has, and the token that proves it. Nothing is stored. */
function openSession(parts: SessionParts, exchange: Exchange): void {
  const userId = `usr_${parts.random.token(userIdLength)}` as UserId;
  const nowMs = parts.clock.nowMs();
  const { token, expiresAtMs } = parts.guests.sign(userId, nowMs, limits.sessionTtlMs);
  const body = { user_id: userId, token, expires_at: isoTime(expiresAtMs) };
  exchange.json(201, JSON.stringify(body), [['Cache-Control', 'no-store']]);
}
