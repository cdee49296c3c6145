import { limits } from '#libs/contracts/limits.js';
import type { ErrorCode, ErrorExtras } from '#libs/contracts/errors.js';
import type { EventId, UserId } from '#libs/inventory/ids.js';
import type { Clock } from '#libs/platform/clock.js';

import type { AdmissionTokens, Admitted } from './admission-tokens.js';
import type { KnownRoom, RoomBook } from './room-book.js';

/**
 * Stands before every hold: where the event has a waiting room, only those whom it has admitted
 * pass, with no more places than they said. Without a room that is a look into a map.
 *
 * Here each hold is compared with the party. That all of them together, and what was booked, are
 * not more either says the owner of the event, who is told the party (HoldSeats.partyMax).
 *
 * RGD1  What is not known is not let through (RBK1).
 * RGD2  Needs no store: the token says all, and the book which of them ended early. So a database
 *       that is away lets nobody in, and keeps nobody out.
 */
export interface RoomGuardParts {
  readonly rooms: Pick<RoomBook, 'known' | 'guarding' | 'ended'>;
  readonly admissionTokens: Pick<AdmissionTokens, 'check'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

export interface Barred {
  readonly code: ErrorCode;
  readonly extras: ErrorExtras;
}

/** What he may have of the event in all. `admission`: as the client sent it; empty: nothing. */
export function partyOf(
  parts: RoomGuardParts,
  eventId: EventId,
  userId: UserId,
  places: number,
  admission: string,
): number | Barred {
  const { rooms } = parts;
  if (!rooms.known) return bar('unavailable', { retry_after_ms: limits.roomStepMs });
  const known = rooms.guarding(eventId);
  if (known === null) return noRoom;
  if (admission === '') return bar('admission_needed', {});
  const verdict = verdictOf(parts, known, userId, admission);
  if ('code' in verdict) return verdict;
  const { party } = verdict;
  return places > party ? bar('party_limit', { limit: party }) : party;
}

/** Until when the map may be seen; Infinity: by everybody. `userId` null: nobody has said. */
export function mapUntil(
  parts: RoomGuardParts,
  eventId: EventId,
  userId: UserId | null,
  admission: string,
): number | Barred {
  const { rooms } = parts;
  if (!rooms.known) return bar('unavailable', { retry_after_ms: limits.roomStepMs });
  const known = rooms.guarding(eventId);
  if (known === null || known.room.scope !== 'map') return Infinity;
  if (admission === '' || userId === null) return bar('map_needs_admission', {});
  const verdict = verdictOf(parts, known, userId, admission);
  return 'code' in verdict ? verdict : verdict.untilMs;
}

function verdictOf(
  { rooms, admissionTokens, clock }: RoomGuardParts,
  known: KnownRoom,
  userId: UserId,
  admission: string,
): Admitted | Barred {
  const verdict = admissionTokens.check(admission, known.name, userId, clock.nowMs());
  if (verdict === 'invalid') return bar('admission_invalid', {});
  if (verdict === 'expired') return bar('admission_expired', {});
  const hasEnded = rooms.ended.has(known.room.roomNo, userId, verdict.untilMs);
  return hasEnded ? bar('admission_expired', {}) : verdict;
}

/** The event's own limit stands alone. */
export const noRoom = Infinity;

const bar = (code: ErrorCode, extras: ErrorExtras): Barred => ({ code, extras });
