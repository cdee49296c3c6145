import { useEffect, useState } from 'preact/hooks';
import type { CallOf } from '#libs/client/typed-client.js';
import { randomKey } from '../kit/random-key.js';
import { admissionOf } from '../room/kept-places.js';
import { api, clock, type Reservation } from '../shop.js';
import { forgetSession, guestToken, knownToken } from './guest-session.js';

/**
 * What this browser holds, one reservation an event: found again after a reload, in another tab and
 * after the back button, since only the id is kept here and the rest is asked for.
 *
 * HB1  A hold is forgotten when the shop says that it is over, never because time seems to be up
 *      here; at zero it is asked.
 */
const key = 'holdfast.holds';
/** By event, the hold that was given more time: it is offered once, not once a reload. */
const extendedKey = 'holdfast.extended';
type Kept = Readonly<Record<string, string>>;
export type Order = CallOf<'post', '/v1/reservations'>['body'];

const changed = new EventTarget();
const held = new Map<string, Reservation>();

export const holdOf = (eventId: string): Reservation | null => held.get(eventId) ?? null;

/** Renders again when any hold changes. */
export function useHolds(): ReadonlyMap<string, Reservation> {
  const [, setTurn] = useState(0);
  useEffect(() => {
    const look = () => setTurn((turn) => turn + 1);
    changed.addEventListener('holds', look);
    return () => changed.removeEventListener('holds', look);
  }, []);
  return held;
}

export const remainingMs = ({ expires_at: at }: Reservation): number =>
  clock.remainingMs(Date.parse(at));

/** Once at the start, and when another tab took or let go of something. */
export async function findHolds(): Promise<void> {
  const kept = readKept();
  for (const eventId of [...held.keys()]) if (!(eventId in kept)) drop(eventId);
  await Promise.all(Object.values(kept).map(askAgain));
}

export function watchOtherTabs(): void {
  addEventListener('storage', (event) => {
    if (event.key === key) void findHolds();
  });
}

/** null: nobody answers, or nobody is known here. Released, expired or booked: forgotten. */
export async function askAgain(reservationId: string): Promise<Reservation | null> {
  const token = knownToken();
  if (token === null) return null;
  const path = { reservation_id: reservationId };
  const answer = await api.get('/v1/reservations/{reservation_id}', { path, token });
  if (answer === null) return null;
  if (answer.status === 200 && answer.body.status !== 'released') return keep(answer.body);
  if (answer.status === 200 || answer.status === 404 || answer.status === 400) {
    forget(reservationId);
  }
  return null;
}

/** Takes places, by the turn that a waiting room gave; what comes back is what the shop said. */
export async function hold(order: Order) {
  const idempotencyKey = randomKey();
  const admission = admissionOf(order.event_id, clock.nowMs())?.token;
  const body = admission === undefined ? order : { ...order, admission };
  const ask = async () => {
    const token = await guestToken();
    if (token === null) return null;
    return api.post('/v1/reservations', { token, body, key: idempotencyKey });
  };
  let answer = await ask();
  // A guest of a shop that was set up anew: this one does not know it.
  if (answer?.status === 401) {
    forgetSession();
    answer = await ask();
  }
  if (answer?.status === 201) keep({ ...answer.body, status: 'held' });
  return answer;
}

export async function extend(reservation: Reservation): Promise<'extended' | 'limit' | 'failed'> {
  const token = knownToken();
  if (token === null) return 'failed';
  const path = { reservation_id: reservation.reservation_id };
  const where = '/v1/reservations/{reservation_id}/extend';
  const answer = await api.post(where, { path, token, body: {}, key: randomKey() });
  if (answer?.status === 200) {
    const more = Date.parse(answer.body.expires_at) > Date.parse(reservation.expires_at);
    noMoreTime(reservation);
    keep(answer.body);
    return more ? 'extended' : 'limit';
  }
  if (answer?.status === 409) {
    noMoreTime(reservation);
    return 'limit';
  }
  await askAgain(reservation.reservation_id);
  return 'failed';
}

export const mayExtend = ({ event_id: eventId, reservation_id: id }: Reservation): boolean =>
  readKept(extendedKey)[eventId] !== id;

function noMoreTime({ event_id: eventId, reservation_id: id }: Reservation): void {
  const kept = { ...readKept(extendedKey), [eventId]: id };
  localStorage.setItem(extendedKey, JSON.stringify(kept));
}

/** True: it is nobody's any more. */
export async function release({ reservation_id: id }: Reservation): Promise<boolean> {
  const token = knownToken();
  if (token === null) return false;
  const path = { reservation_id: id };
  const answer = await api.delete('/v1/reservations/{reservation_id}', {
    ...{ path, token },
    key: randomKey(),
  });
  if (answer?.status === 409 || answer === null) return false;
  forget(id);
  return true;
}

/** It was booked, or is over. */
export function forget(reservationId: string): void {
  const kept = readKept();
  const eventId = Object.keys(kept).find((id) => kept[id] === reservationId);
  if (eventId === undefined) return;
  const others = Object.entries(kept).filter(([id]) => id !== eventId);
  localStorage.setItem(key, JSON.stringify(Object.fromEntries(others)));
  drop(eventId);
}

function drop(eventId: string): void {
  held.delete(eventId);
  changed.dispatchEvent(new Event('holds'));
}

function keep(reservation: Reservation): Reservation {
  const { event_id: eventId, reservation_id: id } = reservation;
  localStorage.setItem(key, JSON.stringify({ ...readKept(), [eventId]: id }));
  held.set(eventId, reservation);
  changed.dispatchEvent(new Event('holds'));
  return reservation;
}

function readKept(name = key): Kept {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(name) ?? '{}');
    return typeof found === 'object' && found !== null ? (found as Kept) : {};
  } catch {
    return {};
  }
}

export const placesOf = ({ seat_ids: seats, areas }: Pick<Reservation, 'seat_ids' | 'areas'>) =>
  areas.reduce((sum, { quantity }) => sum + quantity, seats.length);
