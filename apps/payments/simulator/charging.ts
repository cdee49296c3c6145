import { failure, ok, resourceMissing } from './errors.js';
import type { ChargeObject, IntentObject, StripeErrorBody } from './objects.js';
import { unchanged, type Handled, type OperationContext } from './operation.js';
import { cardBehaviourOf, cardFingerprintOf, type CardBehaviour } from './test-cards.js';
import { challengePath } from './three-d-secure-page.js';

/** How long a bank that takes its time is `processing`. */
export const processingMs = 3_000;

const authorisationSeconds = 7 * 24 * 3600;

/**
 * Tries the payment method of an intent: the middle part of Stripe's intent lifecycle. With a
 * `return_url` a buyer who must be asked is sent to a page, and from there back.
 */
export function confirmIntent(
  context: OperationContext,
  intent: IntentObject,
  returnUrl: string | null,
): Handled {
  const method = intent.payment_method ?? '';
  const behaviour = cardBehaviourOf(method);
  if (behaviour === null) {
    return unchanged(resourceMissing('PaymentMethod', method, 'payment_method', false));
  }
  const { bankTakesMs } = context;
  if (behaviour.kind === 'authenticate') return challenged(context, intent, returnUrl);
  if (bankTakesMs !== null) return processed(context, intent, behaviour, bankTakesMs);
  return chargeIntent(context, intent, behaviour);
}

/** What comes of a charge: at once, or after the bank took its time. */
export function chargeIntent(
  context: OperationContext,
  intent: IntentObject,
  behaviour: CardBehaviour,
): Handled {
  switch (behaviour.kind) {
    case 'approve':
      return approved(context, intent, behaviour);
    case 'authenticate':
      return challenged(context, intent, null);
    case 'decline':
      return refused(context, intent, behaviour);
    case 'process':
      return processed(context, intent, behaviour.then, processingMs);
  }
}

function processed(
  context: OperationContext,
  intent: IntentObject,
  then: CardBehaviour,
  takesMs: number,
): Handled {
  const next: IntentObject = {
    ...intent,
    last_payment_error: null,
    next_action: null,
    status: 'processing',
  };
  const pending = { intent: intent.id, settlesAtMs: context.nowMs + takesMs, then };
  return { answer: ok(next), change: { intents: [next], pending: [pending] } };
}

function approved(
  context: OperationContext,
  intent: IntentObject,
  card: { readonly brand: string; readonly last4: string },
): Handled {
  const manual = intent.capture_method === 'manual';
  const charge: ChargeObject = {
    ...chargeOf(context, intent, card.brand, card.last4),
    amount_captured: manual ? 0 : intent.amount,
    captured: !manual,
    paid: true,
    status: 'succeeded',
  };
  const next: IntentObject = {
    ...intent,
    amount_capturable: manual ? intent.amount : 0,
    amount_received: manual ? 0 : intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    status: manual ? 'requires_capture' : 'succeeded',
  };
  return { answer: ok(next), change: { intents: [next], charges: [charge] } };
}

function challenged(
  context: OperationContext,
  intent: IntentObject,
  returnUrl: string | null,
): Handled {
  const url = challengePath(intent);
  const next: IntentObject = {
    ...intent,
    next_action:
      returnUrl === null
        ? {
            type: 'use_stripe_sdk',
            use_stripe_sdk: {
              type: 'three_d_secure_redirect',
              source: context.nextId('src'),
              stripe_js: url,
            },
          }
        : { type: 'redirect_to_url', redirect_to_url: { return_url: returnUrl, url } },
    status: 'requires_action',
  };
  return { answer: ok(next), change: { intents: [next] } };
}

function refused(
  context: OperationContext,
  intent: IntentObject,
  card: Extract<CardBehaviour, { kind: 'decline' }>,
): Handled {
  const charge: ChargeObject = {
    ...chargeOf(context, intent, 'visa', '0002'),
    failure_code: card.code,
    failure_message: card.message,
    status: 'failed',
  };
  const error: StripeErrorBody = {
    type: 'card_error',
    code: card.code,
    decline_code: card.declineCode,
    message: card.message,
    charge: charge.id,
    payment_method: {
      id: charge.payment_method,
      object: 'payment_method',
      card: { fingerprint: cardFingerprintOf(charge.payment_method) },
    },
  };
  const next: IntentObject = {
    ...intent,
    last_payment_error: error,
    latest_charge: charge.id,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  };
  return {
    answer: failure(402, { ...error, payment_intent: next }),
    change: { intents: [next], charges: [charge] },
  };
}

function chargeOf(
  context: OperationContext,
  intent: IntentObject,
  brand: string,
  last4: string,
): ChargeObject {
  const manual = intent.capture_method === 'manual';
  return {
    id: context.nextId('ch'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    captured: false,
    created: context.nowSeconds,
    currency: intent.currency,
    disputed: false,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: intent.metadata,
    paid: false,
    payment_intent: intent.id,
    payment_method: intent.payment_method ?? '',
    payment_method_details: {
      type: 'card',
      card: {
        brand,
        last4,
        fingerprint: cardFingerprintOf(intent.payment_method ?? ''),
        ...(manual ? { capture_before: context.nowSeconds + authorisationSeconds } : {}),
      },
    },
    refunded: false,
    status: 'pending',
  };
}
