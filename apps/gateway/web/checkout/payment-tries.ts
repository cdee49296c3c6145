import { randomKey } from '../kit/random-key.js';

/**
 * One try to pay, under a key of its own that outlives a reload: a click that is made twice, or
 * again after no answer, is the same try. A declined card ends it, and the next has another key.
 *
 * Kept for each reservation: `<means> <key>`, and ` <booking_id>` when the shop has told it.
 */
const nameOf = (reservationId: string): string => `holdfast.try.${reservationId}`;

const partsOf = (reservationId: string): readonly string[] =>
  sessionStorage.getItem(nameOf(reservationId))?.split(' ') ?? [];

/** One card, one key: another card is another charge. */
export function keyOfTry(reservationId: string, means: string): string {
  const [known, kept] = partsOf(reservationId);
  if (known === means) return kept;
  const key = randomKey();
  sessionStorage.setItem(nameOf(reservationId), `${means} ${key}`);
  return key;
}

/** The booking that has come of the try with this key. */
export function tryIsBooking(reservationId: string, key: string, bookingId: string): void {
  const [means, kept] = partsOf(reservationId);
  if (kept !== key) return;
  sessionStorage.setItem(nameOf(reservationId), `${means} ${key} ${bookingId}`);
}

/** `of`: the try's key, or its booking. A newer try of the same reservation goes on. */
export function endTry(reservationId: string, of: string): void {
  const [, ...names] = partsOf(reservationId);
  if (names.includes(of)) sessionStorage.removeItem(nameOf(reservationId));
}
