import { guestToken } from '../holds/guest-session.js';
import { bodyOf, type Places } from '../bookings/places-left.js';
import { api, type Booking } from '../shop.js';
import { wayBack } from './at-the-bank.js';
import { endTry, keyOfTry, tryIsBooking } from './payment-tries.js';

/** What became of a try. */
export type Paid =
  | { readonly kind: 'booked' | 'running'; readonly booking: Booking }
  | { readonly kind: 'booked_before'; readonly bookingId: string }
  | { readonly kind: 'declined' | 'too_many' | 'moved_on' | 'no_answer' }
  | { readonly kind: 'refused'; readonly code: string };

/** `means`: Stripe's payment method, or the simulator's card; null: it costs nothing. */
export async function pay(reservationId: string, means: string | null): Promise<Paid> {
  const token = await guestToken();
  if (token === null) return { kind: 'no_answer' };
  const key = keyOfTry(reservationId, means ?? 'free');
  const body = {
    reservation_id: reservationId,
    ...(means === null ? {} : { payment_token: means }),
    return_url: wayBack(reservationId),
    idempotency_key: key,
  };
  const answer = await api.post('/v1/bookings', { token, body });
  if (answer === null) return { kind: 'no_answer' };
  if (answer.status === 201 || answer.status === 202) {
    const booking = answer.body;
    tryIsBooking(reservationId, key, booking.booking_id);
    return { kind: answer.status === 201 ? 'booked' : 'running', booking };
  }
  const { error } = answer.body;
  endTry(reservationId, key);
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

export async function fetchBooking(bookingId: string): Promise<Booking | null> {
  const token = await guestToken();
  if (token === null) return null;
  const path = { booking_id: bookingId };
  const answer = await api.get('/v1/bookings/{booking_id}', { path, token });
  return answer?.status === 200 ? answer.body : null;
}

export type Cancellation = NonNullable<Booking['cancellation']>;

/** What giving these places back would bring; a text: why it cannot be done, or be said. */
export async function quoteCancellation(
  { booking_id }: Booking,
  places: Places,
): Promise<Cancellation | string> {
  const token = await guestToken();
  if (token === null) return 'unavailable';
  const call = { path: { booking_id }, token, body: bodyOf(places) };
  const answer = await api.post('/v1/bookings/{booking_id}/cancel/quote', call);
  if (answer === null) return 'unavailable';
  return answer.status === 200 ? answer.body : answer.body.error.code;
}

/**
 * These places, or all that is left (null), at these sums or not at all; null: it is under way.
 * Else why it is not.
 */
export async function cancelBooking(
  { booking_id, refunds = [] }: Booking,
  { amount }: Cancellation,
  places: Places | null,
): Promise<string | null> {
  const token = await guestToken();
  if (token === null) return 'unavailable';
  // The same wish has the same key, however often it is sent and from whichever page; other places
  // at the same sum, before anybody knows what became of it, are refused for it.
  const part = places === null ? '' : `.part${refunds.length}`;
  const body = {
    ...{ idempotency_key: `${booking_id}.${amount}${part}`, amount },
    ...(places === null ? {} : bodyOf(places)),
  };
  const call = { path: { booking_id }, token, body };
  const answer = await api.post('/v1/bookings/{booking_id}/cancel', call);
  if (answer === null) return 'outcome_unknown';
  return answer.status === 202 ? null : answer.body.error.code;
}

/** The newest of this buyer; null: nobody answers. */
export async function fetchBookings(): Promise<readonly Booking[] | null> {
  const token = await guestToken();
  if (token === null) return null;
  const answer = await api.get('/v1/me/bookings', { token, query: { page_size: 50 } });
  return answer?.status === 200 ? answer.body.bookings : null;
}
