import type { BookReply, BookingState, BookingView } from '#libs/contracts/payments.js';

import type { Attempt } from '../saga/attempt.js';

/** What the attempt is to its buyer. null: there never was a booking (REJECTED). */
export function bookingStateOf(attempt: Pick<Attempt, 'state'>): BookingState | null {
  switch (attempt.state) {
    case 'STARTED':
    case 'AUTHORISING':
    case 'AUTHORISED':
    case 'VOIDING':
    case 'RELEASING':
    case 'UNBOOKING':
      return 'PENDING';
    // The seats are the buyer's from here on; capturing is between us and the provider.
    case 'BOOKED':
    case 'CAPTURED':
      return 'CONFIRMED';
    case 'DECLINED':
      return 'DECLINED';
    case 'EXPIRED':
      return 'EXPIRED';
    case 'FAILED':
      return 'FAILED';
    case 'REJECTED':
      return null;
  }
}

/** The answer to a book call, from the attempt as it now is. */
export function outcomeOf(attempt: Attempt, booking: BookingView): BookReply {
  switch (bookingStateOf(attempt)) {
    case 'CONFIRMED':
    case 'CANCELLED':
      return { kind: 'confirmed', booking };
    case 'PENDING':
      return { kind: 'pending', booking };
    case 'DECLINED':
      return { kind: 'declined', booking, declineCode: attempt.declineCode ?? 'generic_decline' };
    case 'FAILED':
      // Nothing was charged and it was not the card's fault; another try may succeed.
      return {
        kind: 'declined',
        booking,
        declineCode: 'processing_error',
        ...(isAboutAmount(attempt.reason) ? { because: 'amount_not_chargeable' } : {}),
        ...(attempt.reason === missing ? { because: missing } : {}),
        ...(attempt.reason === cancelled ? { because: cancelled } : {}),
      };
    case 'EXPIRED':
      return { kind: 'hold_gone', reason: 'expired' };
    case null:
      return rejected(attempt);
  }
}

const missing = 'payment_token_missing';
const cancelled = 'event_cancelled';

/** The provider's own word, or ours from before it was asked. */
const isAboutAmount = (reason: string | null): boolean =>
  reason === 'currency_not_supported' || reason?.startsWith('amount_too_') === true;

function rejected(attempt: Attempt): BookReply {
  if (attempt.reason === 'payment_in_progress') return { kind: 'payment_in_progress' };
  const { reason } = attempt;
  // Nothing is sold of it any more, which every gateway has a word for.
  if (reason === 'sale_ended') return { kind: 'hold_gone', reason };
  if (reason === cancelled) return { kind: 'hold_gone', reason: 'sale_ended', because: cancelled };
  return { kind: 'hold_gone', reason: reason === 'hold_expired' ? 'expired' : 'not_found' };
}
