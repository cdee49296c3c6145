import type { Clock } from '#libs/platform/clock.js';
import { placedAt, type Admission, type Place } from '#libs/room/room.js';
import type { RoomStore } from '#libs/room/room-store.js';

import type { KnownRoom, RoomBook } from './room-book.js';
import type { Turns } from './room-metrics.js';

/**
 * Where somebody stands, and what he can do about it.
 *
 * SQ1  Nobody is admitted before his position was called, and afterwards only while his claim
 *       lasts.
 * SQ2  Who missed his turn, or whose time is over, stands behind all others when he asks again: the
 *      rest did not wait for him.
 */
export type Standing = { readonly place: Place; readonly position: number | null } & (
  | { readonly state: 'waiting' | 'lapsed' | 'over' }
  | { readonly state: 'called'; readonly claimUntilMs: number }
  | { readonly state: 'admitted'; readonly admission: Admission }
);

export interface StandingPorts {
  readonly roomStore: RoomStore;
  readonly clock: Pick<Clock, 'nowMs'>;
}

export interface TurnPorts extends StandingPorts {
  readonly turns: Turns;
}

export async function standingOf(
  { roomStore, clock }: StandingPorts,
  { room }: KnownRoom,
  place: Place,
): Promise<Standing> {
  const position = placedAt(room, place);
  const where = { place, position };
  if (position === null || position >= room.serving) return { ...where, state: 'waiting' };
  const { roomNo, claimMs } = room;
  const [admission, calledAtMs] = await Promise.all([
    roomStore.admission(roomNo, position),
    roomStore.calledAt(roomNo, position),
  ]);
  const nowMs = clock.nowMs();
  if (admission !== null) {
    if (admission.untilMs <= nowMs) return { ...where, state: 'over' };
    return { ...where, state: 'admitted', admission };
  }
  const claimUntilMs = (calledAtMs ?? nowMs) + claimMs;
  if (claimUntilMs <= nowMs) return { ...where, state: 'lapsed' };
  return { ...where, state: 'called', claimUntilMs };
}

/** Who is admitted and needs no more: his admission is for the next one. */
export async function leaveTurn(
  ports: StandingPorts & { readonly rooms: Pick<RoomBook, 'ended'> },
  known: KnownRoom,
  place: Place,
): Promise<Standing> {
  const standing = await standingOf(ports, known, place);
  if (standing.state !== 'admitted') return standing;
  const { position, userId, untilMs } = standing.admission;
  const { roomNo } = known.room;
  await ports.roomStore.leave(roomNo, position, ports.clock.nowMs());
  ports.rooms.ended.note({ roomNo, userId, givenUntilMs: untilMs });
  return { place, position, state: 'over' };
}

/** For who asks for his place or his turn; null: the room was closed meanwhile. */
export async function takeTurn(
  ports: TurnPorts,
  known: KnownRoom,
  place: Place,
): Promise<Standing | null> {
  const { roomStore, clock } = ports;
  const { roomNo, admissionMs } = known.room;
  const standing = await standingOf(ports, known, place);
  const { state, position } = standing;
  if (position === null) return standing;
  if (state === 'called') {
    const { userId, party } = place;
    const untilMs = clock.nowMs() + admissionMs;
    const admission = await roomStore.admit(roomNo, { position, userId, party, untilMs });
    if (admission !== null) ports.turns.admitted.value += 1;
    return standingOf(ports, known, place);
  }
  if (state !== 'lapsed' && state !== 'over') return standing;
  const behind = await roomStore.requeue(roomNo, place.userId, position, clock.nowMs());
  ports.turns[state].value += 1;
  return behind === null ? null : standingOf(ports, known, behind);
}
