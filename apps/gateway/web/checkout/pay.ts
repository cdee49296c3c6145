import { guestToken } from '../holds/guest-session.js';
import { randomKey } from '../kit/random-key.js';
import { api, type Booking } from '../shop.js';
import { wayBack } from './at-the-bank.js';

/**
 * One try to pay, under a key of its own that outlives a reload: a click that is made twice, or
 * again after no answer, is the same try. A declined card ends it, and the next has another key.
 */
export type Paid =
  | { readonly kind: 'booked' | 'running'; readonly booking: Booking }
  | { readonly kind: 'booked_before'; readonly bookingId: string }
  | { readonly kind: 'declined' | 'too_many' | 'moved_on' | 'no_answer' }
  | { readonly kind: 'refused'; readonly code: string };

const keyName = (reservationId: string): string => `holdfast.try.${reservationId}`;

/** `means`: Stripe's payment method, or the simulator's card; null: it costs nothing. */
export async function pay(reservationId: string, means: string | null): Promise<Paid> {
  const token = await guestToken();
  if (token === null) return { kind: 'no_answer' };
  const body = {
    reservation_id: reservationId,
    ...(means === null ? {} : { payment_token: means }),
    return_url: wayBack(reservationId),
    idempotency_key: tryOf(reservationId, means ?? 'free'),
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
  return movedOn.has(code) ? { kind: 'moved_on' } : { kind: 'refused', code };
}

/** The reservation is over; this page does not know yet. */
const movedOn: ReadonlySet<string> = new Set(['reservation_expired', 'reservation_not_found']);

/** One card, one key: another card is another charge. */
function tryOf(reservationId: string, card: string): string {
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
