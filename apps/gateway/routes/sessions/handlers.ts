import { limits } from '#libs/contracts/limits.js';
import type { UserId } from '#libs/inventory/ids.js';

import type { Exchange } from '../../http/exchange.js';
import type { GatewayParts } from '../../parts.js';
import { isoTime } from '../shared/iso-time.js';

const userIdLength = 20;

/** A guest: an identity nobody else has, and the token that proves it. Nothing is stored. */
export function openSession(parts: GatewayParts, exchange: Exchange): void {
  const userId = `usr_${parts.random.token(userIdLength)}` as UserId;
  const nowMs = parts.clock.nowMs();
  const { token, expiresAtMs } = parts.guests.sign(userId, nowMs, limits.sessionTtlMs);
  const body = { user_id: userId, token, expires_at: isoTime(expiresAtMs) };
  exchange.json(201, JSON.stringify(body), [['Cache-Control', 'no-store']]);
}
