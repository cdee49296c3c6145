import { paths } from '../kit/router.js';
import type { Booking } from '../shop.js';

/**
 * 3-D Secure: the buyer leaves for his bank's page and comes back to the checkout. What the address
 * says of the outcome then is not believed: reservation and booking are asked.
 */

/** Where the bank asks; null: it asks nothing, or not on a page. */
export function bankPageOf({ status, next_action: next }: Booking): string | null {
  if (status !== 'PENDING' || next?.url === undefined) return null;
  const page = URL.canParse(next.url, location.origin) ? new URL(next.url, location.origin) : null;
  return page !== null && /^https?:$/.test(page.protocol) ? page.href : null;
}

export const wayBack = (reservationId: string): string =>
  location.origin + paths.checkout(reservationId);

/** True once: a bank led here. The secret of the payment stands in the address no more. */
export function cameFromBank(): boolean {
  const came = new URLSearchParams(location.search).has('payment_intent_client_secret');
  if (came) history.replaceState(null, '', location.pathname);
  return came;
}

/** The checkout again, after a payment that came to nothing while its booking was looked at. */
export const anotherTry = (reservationId: string): string =>
  `${paths.checkout(reservationId)}?declined`;

export const wasDeclined = (): boolean => new URLSearchParams(location.search).has('declined');

/** Where a payment is waited for: from there a declined one leads back to the checkout. */
export const waitingFor = (bookingId: string): string => `${paths.booking(bookingId)}?paying`;

export const waitsHere = (): boolean => new URLSearchParams(location.search).has('paying');
