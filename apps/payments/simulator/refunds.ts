import { stripeStep } from '#libs/contracts/money/stripe-charging.js';

import { invalidRequest, missingParameter, ok, resourceMissing } from './errors.js';
import { mapOf, textOf } from './form.js';
import { processingMs } from './charging.js';
import type { ChargeObject, RefundObject } from './objects.js';
import { unchanged, type Operation, type OperationContext } from './operation.js';
import type { Change, Store } from './store.js';
import { refundBehaviourOf } from './test-cards.js';

/**
 * Full or partial refunds of a captured charge, by charge or by intent. A card may make one wait,
 * or fail after it was done (test-cards.ts).
 */
export const createRefund: Operation = (context, params) => {
  const charge = chargeOf(context, textOf(params.charge), textOf(params.payment_intent));
  if ('status' in charge && 'body' in charge) return unchanged(charge);
  if (!charge.captured) {
    return unchanged(invalidRequest('This charge has not been captured.', 'charge'));
  }
  const disputed = [...context.store.disputes.values()].some(
    (one) => one.charge === charge.id && !one.is_charge_refundable && one.status !== 'won',
  );
  if (disputed) {
    const message = `Charge ${charge.id} has been charged back; cannot issue a refund.`;
    return unchanged(invalidRequest(message, 'charge', 'charge_disputed'));
  }
  const left = charge.amount_captured - charge.amount_refunded;
  if (left === 0) {
    return unchanged(
      invalidRequest(
        `Charge ${charge.id} has already been refunded.`,
        'charge',
        'charge_already_refunded',
      ),
    );
  }
  const text = textOf(params.amount);
  const amount = text === null ? left : Number(text);
  if (!Number.isSafeInteger(amount) || amount < 1 || amount > left) {
    return unchanged(
      invalidRequest('Refund amount is greater than unrefunded amount on charge', 'amount'),
    );
  }
  if (amount % stripeStep(charge.currency.toUpperCase()) !== 0) {
    return unchanged(invalidRequest('Invalid amount for the currency.', 'amount'));
  }
  const behaviour = refundBehaviourOf(charge.payment_method);
  const refund: RefundObject = {
    id: context.nextId('re'),
    object: 'refund',
    amount,
    charge: charge.id,
    created: context.nowSeconds,
    currency: charge.currency,
    metadata: mapOf(params.metadata) ?? {},
    payment_intent: charge.payment_intent,
    reason: textOf(params.reason),
    status: behaviour === 'pending' ? 'pending' : 'succeeded',
  };
  const refunded = charge.amount_refunded + amount;
  const next: ChargeObject = {
    ...charge,
    amount_refunded: refunded,
    refunded: refunded === charge.amount_captured,
  };
  const change = { refunds: [refund], charges: [next] };
  if (behaviour === 'succeeds') return { answer: ok(refund), change };
  const settlesAtMs = context.nowMs + processingMs;
  const to = behaviour === 'fails' ? 'failed' : 'succeeded';
  const pendingRefunds = [{ refund: refund.id, settlesAtMs, to } as const];
  return { answer: ok(refund), change: { ...change, pendingRefunds } };
};

/** What the bank has decided; what it does not take is the account's again. */
export function settledRefund(store: Store, id: string, to: 'succeeded' | 'failed'): Change {
  const refund = store.refunds.get(id);
  const charge = store.charges.get(refund?.charge ?? '');
  if (refund === undefined || charge === undefined) return {};
  if (to === 'succeeded') return { refunds: [{ ...refund, status: to }] };
  const amount_refunded = charge.amount_refunded - refund.amount;
  return {
    refunds: [{ ...refund, status: to, failure_reason: 'expired_or_canceled_card' }],
    charges: [{ ...charge, amount_refunded, refunded: false }],
  };
}

/** Newest first, of one intent. */
export const listRefunds: Operation = ({ store }, params) => {
  const limit = Number(textOf(params.limit) ?? '10');
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    return unchanged(invalidRequest('limit must be between 1 and 100.', 'limit'));
  }
  const intent = textOf(params.payment_intent);
  const all = [...store.refunds.values()]
    .filter((one) => intent === null || one.payment_intent === intent)
    .reverse();
  const after = textOf(params.starting_after);
  const start = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
  if (after !== null && start === 0) {
    return unchanged(resourceMissing('refund', after, 'starting_after', false));
  }
  const data = all.slice(start, start + limit);
  const more = start + limit < all.length;
  return unchanged(ok({ object: 'list', data, has_more: more, url: '/v1/refunds' }));
};

export const retrieveRefund: Operation = (context, _params, id) => {
  const refund = context.store.refunds.get(id);
  return unchanged(
    refund === undefined ? resourceMissing('refund', id, 'refund', true) : ok(refund),
  );
};

export const retrieveCharge: Operation = (context, _params, id) => {
  const charge = context.store.charges.get(id);
  return unchanged(charge === undefined ? resourceMissing('charge', id, 'id', true) : ok(charge));
};

function chargeOf(context: OperationContext, id: string | null, intentId: string | null) {
  if (id === null && intentId === null) return missingParameter('charge');
  const { charges, intents } = context.store;
  if (id !== null) return charges.get(id) ?? resourceMissing('charge', id, 'charge', false);
  const intent = intents.get(intentId ?? '');
  if (intent === undefined) {
    return resourceMissing('payment_intent', intentId ?? '', 'payment_intent', false);
  }
  return (
    charges.get(intent.latest_charge ?? '') ??
    invalidRequest('This PaymentIntent does not have a successful charge.', 'payment_intent')
  );
}
