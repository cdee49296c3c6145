import {
  chargeProblem,
  stripeDigits,
  stripeStep,
  type MinimumCharges,
} from '#libs/contracts/money/stripe-charging.js';

import { confirmIntent } from './charging.js';
import { disputeOf } from './disputes.js';
import { failure, invalidRequest, missingParameter, ok, resourceMissing } from './errors.js';
import { listOf, mapOf, textOf, type FormObject } from './form.js';
import type { ChargeObject, IntentObject, IntentStatus } from './objects.js';
import {
  unchanged,
  unexecuted,
  type Handled,
  type Operation,
  type OperationContext,
} from './operation.js';
import { cardBehaviourOf } from './test-cards.js';

/**
 * PaymentIntents as Stripe's lifecycle has them:
 * requires_payment_method -> requires_confirmation -> requires_action | requires_capture
 * -> succeeded | canceled. A bank that takes its time is `processing` before it is one of the
 * others, and cannot be hurried: neither captured nor cancelled. Wrong order is
 * `payment_intent_unexpected_state`.
 */

const cancellable: readonly IntentStatus[] = [
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
  'requires_capture',
];
const confirmable: readonly IntentStatus[] = [
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
];

export const createIntent: Operation = (context, params) => {
  const intent = newIntent(context, params);
  if ('answer' in intent) return intent;
  if (textOf(params.confirm) !== 'true') {
    return { answer: ok(intent), change: { intents: [intent] } };
  }
  if (intent.payment_method === null) {
    return unexecuted(missingParameter('payment_method'));
  }
  return confirmIntent(context, intent, textOf(params.return_url));
};

export const retrieveIntent: Operation = (context, params, id) => {
  const intent = context.store.intents.get(id);
  if (intent === undefined) return unknownIntent(id);
  return unchanged(ok(expanded(context, intent, params, 'latest_charge')));
};

export const confirm: Operation = (context, params, id) => {
  const intent = context.store.intents.get(id);
  if (intent === undefined) return unknownIntent(id);
  if (!confirmable.includes(intent.status)) return unexpectedState(intent, 'confirm');
  const method = methodOf(params) ?? intent.payment_method;
  if (method === null) return unchanged(missingParameter('payment_method'));
  const confirmed = { ...intent, payment_method: method };
  return confirmIntent(context, confirmed, textOf(params.return_url));
};

export const captureIntent: Operation = (context, params, id) => {
  const intent = context.store.intents.get(id);
  if (intent === undefined) return unknownIntent(id);
  if (intent.status !== 'requires_capture') return unexpectedState(intent, 'capture');
  const wanted = textOf(params.amount_to_capture);
  const amount = wanted === null ? intent.amount_capturable : wholeNumber(wanted);
  if (amount === null || amount < 1 || amount > intent.amount_capturable) {
    return unchanged(
      invalidRequest(
        'amount_to_capture is not within the amount that can be captured.',
        'amount_to_capture',
        'amount_too_large',
      ),
    );
  }
  if (amount % stripeStep(intent.currency.toUpperCase()) !== 0) {
    return unchanged(invalidRequest('Invalid amount for the currency.', 'amount_to_capture'));
  }
  const next: IntentObject = {
    ...intent,
    amount_capturable: 0,
    amount_received: amount,
    status: 'succeeded',
  };
  const charge = context.store.charges.get(intent.latest_charge ?? '') as ChargeObject;
  const captured: ChargeObject = { ...charge, amount_captured: amount, captured: true };
  return { answer: ok(next), change: { intents: [next], ...disputeOf(context, captured) } };
};

export const cancelIntent: Operation = (context, params, id) => {
  const intent = context.store.intents.get(id);
  if (intent === undefined) return unknownIntent(id);
  if (!cancellable.includes(intent.status)) return unexpectedState(intent, 'cancel');
  const next: IntentObject = {
    ...intent,
    amount_capturable: 0,
    canceled_at: context.nowSeconds,
    cancellation_reason: textOf(params.cancellation_reason),
    next_action: null,
    status: 'canceled',
  };
  return { answer: ok(next), change: { intents: [next] } };
};

/** Newest first, with Stripe's cursors and `created` bounds. */
export const listIntents: Operation = (context, params) => {
  const limit = wholeNumber(textOf(params.limit) ?? '10');
  if (limit === null || limit < 1 || limit > 100) {
    return unchanged(invalidRequest('limit must be between 1 and 100.', 'limit'));
  }
  const created = typeof params.created === 'object' ? params.created : {};
  const from = boundOf(created, 'gte', 0) ?? boundOf(created, 'gt', 1) ?? 0;
  const to = boundOf(created, 'lte', 0) ?? boundOf(created, 'lt', -1) ?? Number.MAX_SAFE_INTEGER;
  const after = textOf(params.starting_after);
  const { intentIds, intents } = context.store;
  const start = after === null ? intentIds.length : intentIds.lastIndexOf(after);
  if (start === -1) return unchanged(noSuchIntent(after ?? '', false));
  const found: IntentObject[] = [];
  for (let index = start - 1; index >= 0 && found.length <= limit; index -= 1) {
    const intent = intents.get(intentIds[index]) as IntentObject;
    if (intent.created < from) break;
    if (intent.created <= to) found.push(intent);
  }
  return unchanged(
    ok({
      object: 'list',
      data: found
        .slice(0, limit)
        .map((intent) => expanded(context, intent, params, 'data.latest_charge')),
      has_more: found.length > limit,
      url: '/v1/payment_intents',
    }),
  );
};

function expanded(
  { store }: OperationContext,
  intent: IntentObject,
  params: FormObject,
  name: string,
): object {
  const charge = store.charges.get(intent.latest_charge ?? '');
  const wanted = listOf(params.expand).includes(name) && charge !== undefined;
  return wanted ? { ...intent, latest_charge: charge } : intent;
}

function newIntent(context: OperationContext, params: FormObject): IntentObject | Handled {
  const checked = checkedAmount(params, context.minimums);
  if ('answer' in checked) return checked;
  const metadata = mapOf(params.metadata);
  if (metadata === null) return unexecuted(invalidRequest('Invalid object', 'metadata'));
  const captureMethod = textOf(params.capture_method) ?? 'automatic_async';
  if (!isCaptureMethod(captureMethod)) {
    return unexecuted(invalidRequest('Invalid capture_method.', 'capture_method'));
  }
  const method = methodOf(params);
  if (method !== null && cardBehaviourOf(method) === null) {
    return unchanged(resourceMissing('PaymentMethod', method, 'payment_method', false));
  }
  const id = context.nextId('pi');
  const types = [
    ...listOf(params.allowed_payment_method_types),
    ...listOf(params.payment_method_types),
  ];
  return {
    id,
    object: 'payment_intent',
    amount: checked.amount,
    amount_capturable: 0,
    amount_received: 0,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: captureMethod,
    client_secret: `${id}_secret_${context.nextId('s').slice(2)}`,
    confirmation_method: 'automatic',
    created: context.nowSeconds,
    currency: checked.currency,
    customer: null,
    description: textOf(params.description),
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata,
    next_action: null,
    payment_method: method,
    payment_method_types: types.length === 0 ? ['card'] : types,
    receipt_email: textOf(params.receipt_email),
    statement_descriptor: textOf(params.statement_descriptor),
    status: method === null ? 'requires_payment_method' : 'requires_confirmation',
  };
}

function checkedAmount(
  params: FormObject,
  minimums: MinimumCharges,
): { amount: number; currency: string } | Handled {
  const text = textOf(params.amount);
  if (text === null) return unexecuted(missingParameter('amount'));
  const amount = wholeNumber(text);
  if (amount === null) return unexecuted(invalidRequest(`Invalid integer: ${text}`, 'amount'));
  const currency = textOf(params.currency);
  if (currency === null) return unexecuted(missingParameter('currency'));
  if (amount === 0) return tooSmall('Amount must be at least 1.');
  const code = currency.toUpperCase();
  const money = { minor: amount, digits: stripeDigits(code), currency: code };
  const problem = chargeProblem(money, minimums);
  switch (problem?.code) {
    case undefined:
      return { amount, currency: currency.toLowerCase() };
    case 'currency_not_supported':
      return unexecuted(invalidRequest(`Invalid currency: ${currency}`, 'currency'));
    case 'amount_too_fine':
      return unexecuted(invalidRequest(`Amount ${problem?.message}`, 'amount'));
    case 'amount_too_small':
      return tooSmall(`Amount ${problem?.message}`);
    case 'amount_too_large':
      return unexecuted(invalidRequest(`Amount ${problem?.message}`, 'amount', 'amount_too_large'));
  }
}

const tooSmall = (message: string): Handled =>
  unexecuted(invalidRequest(message, 'amount', 'amount_too_small'));

/** `payment_method`, or the token inside `payment_method_data`. */
function methodOf(params: FormObject): string | null {
  const direct = textOf(params.payment_method);
  if (direct !== null) return direct;
  const data = params.payment_method_data;
  if (typeof data !== 'object' || typeof data.card !== 'object') return null;
  return textOf(data.card.token);
}

function unexpectedState(intent: IntentObject, what: string): Handled {
  return unchanged(
    failure(400, {
      type: 'invalid_request_error',
      code: 'payment_intent_unexpected_state',
      message:
        `This PaymentIntent could not be ${what === 'cancel' ? 'canceled' : `${what}d`} because ` +
        `it has a status of ${intent.status}.`,
      payment_intent: intent,
    }),
  );
}

const noSuchIntent = (id: string, inPath: boolean) =>
  resourceMissing('payment_intent', id, inPath ? 'intent' : 'starting_after', inPath);

const unknownIntent = (id: string): Handled => unchanged(noSuchIntent(id, true));

function wholeNumber(text: string): number | null {
  return /^\d{1,12}$/.test(text) ? Number(text) : null;
}

function boundOf(created: FormObject, name: string, shift: number): number | null {
  const text = textOf(created[name]);
  const value = text === null ? null : wholeNumber(text);
  return value === null ? null : value + shift;
}

const isCaptureMethod = (text: string): text is IntentObject['capture_method'] =>
  text === 'manual' || text === 'automatic' || text === 'automatic_async';
