import { guestToken } from '../holds/guest-session.js';
import { randomKey } from '../kit/random-key.js';
import { api, type Booking } from '../shop.js';
import type { Card } from './cards.js';

/**
 * One try to pay, under a key of its own that outlives a reload: a click that is made twice, or
 * again after no answer, is the same try. A declined card ends it, and the next has another key.
 */
export type Paid =
  | { readonly kind: 'booked' | 'running'; readonly booking: Booking }
  | { readonly kind: 'booked_before'; readonly bookingId: string }
  | { readonly kind: 'declined' | 'too_many' | 'gone' | 'no_answer' }
  | { readonly kind: 'refused'; readonly code: string };

const keyName = (reservationId: string): string => `holdfast.try.${reservationId}`;

export async function pay(reservationId: string, card: Card): Promise<Paid> {
  const token = await guestToken();
  if (token === null) return { kind: 'no_answer' };
  const body = {
    reservation_id: reservationId,
    payment_token: card,
    idempotency_key: tryOf(reservationId, card),
  };
  const answer = await api.post('/v1/bookings', { token, body });
  if (answer === null) return { kind: 'no_answer' };
  if (answer.status === 201) return { kind: 'booked', booking: answer.body };
  if (answer.status === 202) return { kind: 'running', booking: answer.body };
  const { error } = answer.body;
  endTry(reservationId);
  const { code } = error;
  if (code === 'payment_declined') return { kind: 'declined' };
  if (code === 'too_many_declines') return { kind: 'too_many' };
  if (code === 'already_booked') {
    return { kind: 'booked_before', bookingId: error.booking_id ?? '' };
  }
  const isGone = code === 'reservation_expired' || code === 'reservation_not_found';
  return isGone ? { kind: 'gone' } : { kind: 'refused', code };
}

/** One card, one key: another card is another charge. */
function tryOf(reservationId: string, card: Card): string {
  const name = keyName(reservationId);
  const known = sessionStorage.getItem(name)?.split(' ');
  if (known?.[0] === card) return known[1];
  const key = randomKey();
  sessionStorage.setItem(name, `${card} ${key}`);
  return key;
}

export const endTry = (reservationId: string): void =>
  sessionStorage.removeItem(keyName(reservationId));

export async function fetchBooking(bookingId: string): Promise<Booking | null> {
  const token = await guestToken();
  if (token === null) return null;
  const path = { booking_id: bookingId };
  const answer = await api.get('/v1/bookings/{booking_id}', { path, token });
  return answer?.status === 200 ? answer.body : null;
}

/** The newest of this buyer; null: nobody answers. */
export async function fetchBookings(): Promise<readonly Booking[] | null> {
  const token = await guestToken();
  if (token === null) return null;
  const answer = await api.get('/v1/me/bookings', { token, query: { page_size: 50 } });
  return answer?.status === 200 ? answer.body.bookings : null;
}
