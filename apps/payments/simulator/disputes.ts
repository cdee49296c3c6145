import { invalidRequest, ok, resourceMissing } from './errors.js';
import { listOf, textOf } from './form.js';
import type { BalanceTransactionObject, ChargeObject, DisputeObject } from './objects.js';
import { unchanged, type Handled, type Operation, type OperationContext } from './operation.js';
import type { Change } from './store.js';
import { disputeBehaviourOf } from './test-cards.js';

/**
 * Disputes as Stripe's test mode has them: cards that make one as soon as they are charged, and
 * evidence by whose text it is won, lost, or an inquiry becomes a chargeback
 * (docs.stripe.com/testing#disputes, docs.stripe.com/disputes/responding).
 */

/** What Stripe keeps of each chargeback, whatever becomes of it. */
const disputeFee = 1_500;
const evidenceSeconds = 9 * 24 * 3600;

/** Of a charge that was captured just now; nothing of most cards. */
export function disputeOf(context: OperationContext, charge: ChargeObject): Change {
  const reason = disputeBehaviourOf(charge.payment_method);
  if (reason === null) return { charges: [charge] };
  const asked: DisputeObject = {
    id: context.nextId('du'),
    object: 'dispute',
    amount: charge.amount_captured,
    balance_transactions: [],
    charge: charge.id,
    created: context.nowSeconds,
    currency: charge.currency,
    evidence_details: { due_by: context.nowSeconds + evidenceSeconds },
    is_charge_refundable: true,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: reason === 'inquiry' ? 'fraudulent' : reason,
    status: 'warning_needs_response',
  };
  const dispute = reason === 'inquiry' ? asked : withdrawn(context, asked);
  return { charges: [{ ...charge, disputed: true }], disputes: [dispute] };
}

export const retrieveDispute: Operation = (context, params, id) => {
  const dispute = context.store.disputes.get(id);
  if (dispute === undefined) return unchanged(unknownDispute(id));
  const intent = context.store.intents.get(dispute.payment_intent);
  const expand = listOf(params.expand).includes('payment_intent') && intent !== undefined;
  return unchanged(ok(expand ? { ...dispute, payment_intent: intent } : dispute));
};

/** Newest first. */
export const listDisputes: Operation = ({ store }, params) => {
  const limit = Number(textOf(params.limit) ?? '10');
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    return unchanged(invalidRequest('limit must be between 1 and 100.', 'limit'));
  }
  const created = typeof params.created === 'object' ? params.created : {};
  const from = Number(textOf(created.gte) ?? '0');
  const all = [...store.disputes.values()].filter((one) => one.created >= from).reverse();
  const after = textOf(params.starting_after);
  const start = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
  if (after !== null && start === 0) {
    return unchanged(resourceMissing('dispute', after, 'starting_after', false));
  }
  const data = all.slice(start, start + limit);
  const more = start + limit < all.length;
  return unchanged(ok({ object: 'list', data, has_more: more, url: '/v1/disputes' }));
};

/** Evidence; any other text waits for the bank, which never comes to an end here. */
export const updateDispute: Operation = (context, params, id) => {
  const dispute = context.store.disputes.get(id);
  if (dispute === undefined) return unchanged(unknownDispute(id));
  const evidence = typeof params.evidence === 'object' ? params.evidence : {};
  const asks = dispute.status.startsWith('warning_');
  switch (textOf(evidence.uncategorized_text) ?? '') {
    case 'winning_evidence':
      return changed(asks ? { ...dispute, status: 'warning_closed' } : won(context, dispute));
    case 'losing_evidence':
      return changed(asks ? { ...dispute, status: 'warning_closed' } : lost(dispute));
    case 'escalate_inquiry_evidence':
      return changed(asks ? withdrawn(context, dispute) : dispute);
    default:
      return changed({ ...dispute, status: asks ? 'warning_under_review' : 'under_review' });
  }
};

/** Whoever closes one gives it up. */
export const closeDispute: Operation = (context, _params, id) => {
  const dispute = context.store.disputes.get(id);
  if (dispute === undefined) return unchanged(unknownDispute(id));
  return changed(lost(dispute));
};

const withdrawn = (context: OperationContext, dispute: DisputeObject): DisputeObject => ({
  ...dispute,
  is_charge_refundable: false,
  status: 'needs_response',
  balance_transactions: [...dispute.balance_transactions, moved(context, dispute, -1)],
});

/** Also of one that was lost: banks decide anew. */
const won = (context: OperationContext, dispute: DisputeObject): DisputeObject =>
  dispute.status === 'won'
    ? dispute
    : {
        ...dispute,
        status: 'won',
        balance_transactions: [...dispute.balance_transactions, moved(context, dispute, 1)],
      };

const lost = (dispute: DisputeObject): DisputeObject => ({ ...dispute, status: 'lost' });

const changed = (dispute: DisputeObject): Handled => ({
  answer: ok(dispute),
  change: { disputes: [dispute] },
});

function moved(
  context: OperationContext,
  { id, amount, currency }: DisputeObject,
  way: -1 | 1,
): BalanceTransactionObject {
  const fee = way === -1 ? disputeFee : 0;
  const about = { amount: fee, application: null, currency } as const;
  return {
    id: context.nextId('txn'),
    object: 'balance_transaction',
    amount: way * amount,
    available_on: context.nowSeconds,
    created: context.nowSeconds,
    currency,
    description: null,
    exchange_rate: null,
    fee,
    fee_details: fee === 0 ? [] : [{ ...about, description: 'Dispute fee', type: 'stripe_fee' }],
    net: way * amount - fee,
    reporting_category: way === -1 ? 'dispute' : 'dispute_reversal',
    source: id,
    status: 'available',
    type: 'adjustment',
  };
}

const unknownDispute = (id: string) => resourceMissing('dispute', id, 'dispute', true);
