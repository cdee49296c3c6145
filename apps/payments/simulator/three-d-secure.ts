import { sameText } from '#libs/platform/same-text.js';

import { chargeIntent } from './charging.js';
import { decodeForm, textOf } from './form.js';
import type { IntentObject, StripeErrorBody } from './objects.js';
import type { OperationContext } from './operation.js';
import type { Change } from './store.js';
import { cardBehaviourOf } from './test-cards.js';
import { answeredPage, challengePage, challengePrefix } from './three-d-secure-page.js';

/** What a browser gets: a page, or the way back to where the buyer came from. */
export interface Shown {
  readonly status: 200 | 303 | 404;
  readonly html: string;
  readonly location: string | null;
  readonly change: Change;
}

/**
 * 3-D Secure: the buyer's answer to the bank. Who shows the intent's client secret is the buyer;
 * no key is asked for. An answer counts once: what has been answered is only shown.
 */
export function showChallenge(
  context: OperationContext,
  method: string,
  path: string,
  form: string,
): Shown {
  const fields = decodeForm(form) ?? {};
  const intent = context.store.intents.get(path.slice(challengePrefix.length));
  const secret = textOf(fields.client_secret) ?? '';
  if (intent === undefined || !sameText(secret, intent.client_secret)) return nothing;
  const outcome = method === 'POST' ? textOf(fields.outcome) : null;
  const asked = intent.status === 'requires_action';
  if (!asked || (outcome !== 'complete' && outcome !== 'fail')) {
    return { status: 200, html: challengePage(intent), location: null, change: {} };
  }
  const change = outcome === 'complete' ? authenticated(context, intent) : failed(intent);
  const location = wayBack(intent, outcome === 'complete' ? 'succeeded' : 'failed');
  return { status: location === null ? 200 : 303, html: answeredPage(), location, change };
}

const nothing: Shown = { status: 404, html: '', location: null, change: {} };

function authenticated(context: OperationContext, intent: IntentObject): Change {
  const behaviour = cardBehaviourOf(intent.payment_method ?? '');
  if (behaviour?.kind !== 'authenticate') return failed(intent);
  return chargeIntent(context, intent, behaviour.then).change;
}

function failed(intent: IntentObject): Change {
  const error: StripeErrorBody = {
    type: 'invalid_request_error',
    code: 'payment_intent_authentication_failure',
    message:
      'The provided PaymentMethod has failed authentication. You can provide payment_method_data ' +
      'or a new PaymentMethod to attempt to fulfill this PaymentIntent again.',
  };
  const next: IntentObject = {
    ...intent,
    last_payment_error: error,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  };
  return { intents: [next] };
}

/** As Stripe sends buyers back; null: nobody said where to. */
function wayBack(intent: IntentObject, status: 'succeeded' | 'failed'): string | null {
  const redirect = intent.next_action?.redirect_to_url as { return_url?: string } | undefined;
  if (redirect?.return_url === undefined || !URL.canParse(redirect.return_url)) return null;
  const back = new URL(redirect.return_url);
  back.searchParams.set('payment_intent', intent.id);
  back.searchParams.set('payment_intent_client_secret', intent.client_secret);
  back.searchParams.set('redirect_status', status);
  return back.href;
}

export const isChallengePath = (path: string): boolean => path.startsWith(challengePrefix);
