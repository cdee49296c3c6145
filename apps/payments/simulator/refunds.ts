import { stripeStep } from '#libs/contracts/money/stripe-charging.js';

import { invalidRequest, missingParameter, ok, resourceMissing } from './errors.js';
import { mapOf, textOf } from './form.js';
import type { ChargeObject, RefundObject } from './objects.js';
import { unchanged, type Operation, type OperationContext } from './operation.js';

/** Full or partial refunds of a captured charge, by charge or by intent. */
export const createRefund: Operation = (context, params) => {
  const charge = chargeOf(context, textOf(params.charge), textOf(params.payment_intent));
  if ('status' in charge && 'body' in charge) return unchanged(charge);
  if (!charge.captured) {
    return unchanged(invalidRequest('This charge has not been captured.', 'charge'));
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
    status: 'succeeded',
  };
  const refunded = charge.amount_refunded + amount;
  const next: ChargeObject = {
    ...charge,
    amount_refunded: refunded,
    refunded: refunded === charge.amount_captured,
  };
  return { answer: ok(refund), change: { refunds: [refund], charges: [next] } };
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
