import { isCheckoutOf, loadedPath, paths } from '../kit/router.js';
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

const hasWord = (word: string): boolean => new URLSearchParams(location.search).has(word);

/** Out of the address: what a page has taken from it is nobody else's to find there. */
const emptyAddress = (): void => history.replaceState(history.state, '', location.pathname);

/**
 * A bank led to this document. The secret of the payment, which its address came with, is taken out
 * of it as soon as this script runs, whatever becomes of the page.
 */
const isFromBank = typeof location !== 'undefined' && hasWord('payment_intent_client_secret');
if (isFromBank) emptyAddress();

export const cameFromBank = (reservationId: string): boolean =>
  isFromBank && isCheckoutOf(reservationId, loadedPath);

/** The checkout again, after a payment that came to nothing while its booking was looked at. */
export const anotherTry = (reservationId: string): string =>
  `${paths.checkout(reservationId)}?declined`;

/** True once: a reload, or the next who comes here, is told nothing of it. */
export function wasDeclined(): boolean {
  const was = hasWord('declined');
  if (was) emptyAddress();
  return was;
}

/** Where a payment is waited for: from there a declined one leads back to the checkout. */
export const waitingFor = (bookingId: string): string => `${paths.booking(bookingId)}?paying`;

export const waitsHere = (): boolean => hasWord('paying');
