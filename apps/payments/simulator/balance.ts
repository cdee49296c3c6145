import { invalidRequest, ok, resourceMissing } from './errors.js';
import { listOf, textOf } from './form.js';
import type {
  BalanceTransactionObject,
  BalanceType,
  ChargeObject,
  RefundObject,
} from './objects.js';
import { unchanged, type Operation } from './operation.js';
import type { Store } from './store.js';

/** What Stripe asks of a card of the European Economic Area: 1.5 % and 25 cents. */
const feeOf = (amount: number): number => Math.round((amount * 15) / 1_000) + 25;

/**
 * The account's movements, newest first. They follow from charges, refunds and disputes, so they
 * are not stored beside them; a charge is there as soon as it is captured.
 */
export const listBalanceTransactions: Operation = ({ store }, params) => {
  const limit = Number(textOf(params.limit) ?? '10');
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    return unchanged(invalidRequest('limit must be between 1 and 100.', 'limit'));
  }
  const created = typeof params.created === 'object' ? params.created : {};
  const from = Number(textOf(created.gte) ?? '0');
  const all = movementsOf(store).filter((one) => one.created >= from);
  const after = textOf(params.starting_after);
  const start = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
  if (after !== null && start === 0) {
    return unchanged(resourceMissing('balance_transaction', after, 'starting_after', false));
  }
  const page = all.slice(start, start + limit);
  const expand = listOf(params.expand).includes('data.source');
  return unchanged(
    ok({
      object: 'list',
      data: expand ? page.map((one) => ({ ...one, source: sourceOf(store, one) })) : page,
      has_more: start + limit < all.length,
      url: '/v1/balance_transactions',
    }),
  );
};

function movementsOf(store: Store): BalanceTransactionObject[] {
  const charges = [...store.charges.values()]
    .filter(({ captured }) => captured)
    .map((charge) => movement(charge, 'charge', charge.amount_captured));
  const refunds = [...store.refunds.values()];
  const left = refunds.map((one) => movement(one, 'refund', -one.amount));
  const back = refunds
    .filter(({ status }) => status === 'failed')
    .map((one) => movement(one, 'refund_failure', one.amount));
  const disputed = [...store.disputes.values()].flatMap((one) => one.balance_transactions);
  return [...charges, ...left, ...back, ...disputed].sort(
    (a, b) => b.created - a.created || (a.id < b.id ? -1 : 1),
  );
}

function movement(
  source: ChargeObject | RefundObject,
  type: BalanceType,
  amount: number,
): BalanceTransactionObject {
  const fee = type === 'charge' ? feeOf(amount) : 0;
  const { id, created, currency } = source;
  return {
    id: `txn_${id.replace('_', '')}${type === 'refund_failure' ? 'back' : ''}`,
    object: 'balance_transaction',
    amount,
    available_on: created + 7 * 24 * 3600,
    created,
    currency,
    description: null,
    exchange_rate: null,
    fee,
    fee_details:
      fee === 0
        ? []
        : [
            {
              amount: fee,
              application: null,
              currency,
              description: 'Stripe processing fees',
              type: 'stripe_fee',
            },
          ],
    net: amount - fee,
    reporting_category: type,
    source: id,
    status: 'pending',
    type,
  };
}

function sourceOf(store: Store, { type, source }: BalanceTransactionObject): object | undefined {
  if (type === 'adjustment') return store.disputes.get(source);
  return type === 'charge' ? store.charges.get(source) : store.refunds.get(source);
}
