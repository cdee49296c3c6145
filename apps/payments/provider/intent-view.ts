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
    ...(intent.status === 'requires_action' ? { challenge: challengeOf(intent) } : {}),
  };
}

/** null: nothing that a browser could do, such as an intent whose secret is not shown to us. */
function challengeOf({ client_secret: clientSecret, next_action: next }: Stripe.PaymentIntent) {
  if (clientSecret === null || next === null) return null;
  const url = next.redirect_to_url?.url ?? pageOf(next.use_stripe_sdk);
  return { clientSecret, type: next.type, url };
}

/** Stripe's own script needs the secret alone; who has no script may show this page. */
function pageOf(details: unknown): string | null {
  const page = (details as { readonly stripe_js?: unknown } | null | undefined)?.stripe_js;
  return typeof page === 'string' ? page : null;
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
