import { limits } from '#libs/contracts/limits.js';
import type { ErrorCode, ErrorExtras } from '#libs/contracts/errors.js';
import type { EventId, UserId } from '#libs/inventory/ids.js';
import type { Clock } from '#libs/platform/clock.js';

import type { AdmissionTokens } from './admission-tokens.js';
import type { RoomBook } from './room-book.js';

/**
 * Stands before every hold: where the event has a waiting room, only those whom it has admitted
 * pass, with no more places than they said. Without a room that is a look into a map.
 *
 * RGD1  What is not known is not let through (RBK1).
 * RGD2  Needs no store: the token says all, so a database that is away lets nobody in, and keeps
 *       nobody out.
 */
export interface RoomGuardParts {
  readonly rooms: Pick<RoomBook, 'known' | 'guarding'>;
  readonly admissionTokens: Pick<AdmissionTokens, 'check'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

export interface Barred {
  readonly code: ErrorCode;
  readonly extras: ErrorExtras;
}

/** null: he may. `admission`: as the client sent it; empty: nothing. */
export function barred(
  { rooms, admissionTokens, clock }: RoomGuardParts,
  eventId: EventId,
  userId: UserId,
  places: number,
  admission: string,
): Barred | null {
  if (!rooms.known) return bar('unavailable', { retry_after_ms: limits.roomStepMs });
  const known = rooms.guarding(eventId);
  if (known === null) return null;
  if (admission === '') return bar('admission_needed', {});
  const verdict = admissionTokens.check(admission, known.name, userId, clock.nowMs());
  if (verdict === 'expired') return bar('admission_expired', {});
  if (verdict === 'invalid') return bar('admission_invalid', {});
  return places > verdict.party ? bar('party_limit', { limit: verdict.party }) : null;
}

const bar = (code: ErrorCode, extras: ErrorExtras): Barred => ({ code, extras });
