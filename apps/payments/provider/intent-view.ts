import type Stripe from 'stripe';

import type { IntentView } from './provider.js';

/** Stripe's word for where an intent stands, as the saga needs it. */
export function viewOf(intent: Stripe.PaymentIntent): IntentView {
  const failed = intent.last_payment_error;
  return {
    id: intent.id,
    status: statusOf(intent),
    declineCode: failed?.decline_code ?? failed?.code ?? null,
    card: fingerprintOf(failed?.payment_method),
  };
}

/** Of the card that was tried, as far as it is told. */
export const fingerprintOf = (method: Stripe.PaymentMethod | undefined): string | null =>
  method?.card?.fingerprint ?? null;

function statusOf(intent: Stripe.PaymentIntent): IntentView['status'] {
  switch (intent.status) {
    case 'requires_capture':
      return 'authorised';
    case 'succeeded':
      return 'captured';
    case 'canceled':
      return 'cancelled';
    case 'requires_action':
      return 'action_required';
    case 'requires_payment_method':
      return intent.last_payment_error === null ? 'unconfirmed' : 'declined';
    case 'requires_confirmation':
      return 'unconfirmed';
    case 'processing':
    default:
      return 'processing';
  }
}
