import { createHash } from 'node:crypto';

import { limits } from '#libs/contracts/limits.js';
import { makeHoldId } from '#libs/contracts/ids.js';
import type { CommandId, EventId, HoldId, UserId } from '#libs/inventory/ids.js';
import type { InventoryClient } from '#libs/routing/inventory-call.js';
import type { Random } from '#libs/platform/random.js';

import type { Exchange } from '../../http/exchange.js';

/** Under which identity a command is sent, so that a repetition has one effect (G4). */
export interface CommandIdentity {
  readonly commandId: CommandId;
  readonly keyed: boolean;
}

const keyPattern = /^[\x20-\x7e]+$/;

/** null: the Idempotency-Key header is unusable, which has been answered. */
export function commandIdentity(
  exchange: Exchange,
  userId: UserId,
  inventory: InventoryClient,
): CommandIdentity | null {
  const key = exchange.headers.idempotencyKey;
  if (key === '') return { commandId: inventory.nextCommandId(), keyed: false };
  if (key.length > limits.idempotencyKeyLengthMax || !keyPattern.test(key)) {
    exchange.error('invalid_request', {
      field: 'header.idempotency-key',
      detail: `must be 1 to ${limits.idempotencyKeyLengthMax} printable ASCII characters`,
    });
    return null;
  }
  return { commandId: `${userId}/${key}` as CommandId, keyed: true };
}

const holdSuffixLength = 20;
const derivedSuffixLength = 32;

/**
 * A keyed command gets the same hold id again on any gateway: it is derived from the command id. So
 * a repetition that has lost its first answer names the hold that it may have made. Telling a
 * repetition from another request does not rest on it: the fingerprint leaves the hold id out.
 */
export function holdIdFor(eventId: EventId, identity: CommandIdentity, random: Random): HoldId {
  if (!identity.keyed) return makeHoldId(eventId, random.token(holdSuffixLength));
  const digest = createHash('sha256').update(`${eventId}\0${identity.commandId}`).digest('hex');
  return makeHoldId(eventId, digest.slice(0, derivedSuffixLength));
}
