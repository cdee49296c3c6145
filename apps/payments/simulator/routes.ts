import { listBalanceTransactions } from './balance.js';
import { closeDispute, listDisputes, retrieveDispute, updateDispute } from './disputes.js';
import type { Operation } from './operation.js';
import {
  cancelIntent,
  captureIntent,
  confirm,
  createIntent,
  listIntents,
  retrieveIntent,
} from './payment-intents.js';
import { createRefund, listRefunds, retrieveCharge, retrieveRefund } from './refunds.js';

/** The one table of operations; `:id` stands for one path segment. */
const routes: readonly (readonly [method: string, path: string, name: string, Operation])[] = [
  ['POST', '/v1/payment_intents', 'payment_intents.create', createIntent],
  ['GET', '/v1/payment_intents', 'payment_intents.list', listIntents],
  ['GET', '/v1/payment_intents/:id', 'payment_intents.retrieve', retrieveIntent],
  ['POST', '/v1/payment_intents/:id/confirm', 'payment_intents.confirm', confirm],
  ['POST', '/v1/payment_intents/:id/capture', 'payment_intents.capture', captureIntent],
  ['POST', '/v1/payment_intents/:id/cancel', 'payment_intents.cancel', cancelIntent],
  ['POST', '/v1/refunds', 'refunds.create', createRefund],
  ['GET', '/v1/refunds', 'refunds.list', listRefunds],
  ['GET', '/v1/refunds/:id', 'refunds.retrieve', retrieveRefund],
  ['GET', '/v1/balance_transactions', 'balance_transactions.list', listBalanceTransactions],
  ['GET', '/v1/charges/:id', 'charges.retrieve', retrieveCharge],
  ['GET', '/v1/disputes', 'disputes.list', listDisputes],
  ['GET', '/v1/disputes/:id', 'disputes.retrieve', retrieveDispute],
  ['POST', '/v1/disputes/:id', 'disputes.update', updateDispute],
  ['POST', '/v1/disputes/:id/close', 'disputes.close', closeDispute],
];

export interface Routed {
  readonly name: string;
  readonly operation: Operation;
  readonly id: string;
}

export function routeOf(method: string, path: string): Routed | null {
  const parts = path.split('/');
  for (const [wanted, pattern, name, operation] of routes) {
    if (wanted !== method) continue;
    const expected = pattern.split('/');
    if (expected.length !== parts.length) continue;
    const matches = expected.every((part, index) => part === ':id' || part === parts[index]);
    if (matches) return { name, operation, id: parts[expected.indexOf(':id')] ?? '' };
  }
  return null;
}
