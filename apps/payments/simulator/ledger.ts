import type { Store } from './store.js';

/** What the simulator knows of the money of one intent, in minor units. */
export interface LedgerLine {
  readonly id: string;
  readonly status: string;
  readonly currency: string;
  readonly amount: number;
  /** Ever authorised, captured or not. */
  readonly authorised: number;
  readonly captured: number;
  /** Authorised and given back without a capture. */
  readonly voided: number;
  readonly refunded: number;
  /** Taken back by the buyer's bank, and not returned. */
  readonly disputed: number;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Ledger {
  readonly intents: readonly LedgerLine[];
  readonly authorised: number;
  readonly captured: number;
  readonly voided: number;
  readonly refunded: number;
  /** Taken back by banks, and not returned. */
  readonly disputed: number;
}

export function ledgerOf(store: Store): Ledger {
  const refunds = new Map<string, number>();
  for (const refund of store.refunds.values()) {
    if (refund.status === 'failed') continue;
    refunds.set(refund.payment_intent, (refunds.get(refund.payment_intent) ?? 0) + refund.amount);
  }
  const disputes = new Map<string, number>();
  for (const dispute of store.disputes.values()) {
    const away = dispute.balance_transactions.reduce((sum, { amount }) => sum - amount, 0);
    disputes.set(dispute.payment_intent, (disputes.get(dispute.payment_intent) ?? 0) + away);
  }
  const intents = store.intentIds.map((id): LedgerLine => {
    const intent = store.intents.get(id);
    if (intent === undefined) throw new Error(`intent ${id} is listed but not stored`);
    const charge = store.charges.get(intent.latest_charge ?? '');
    const authorised = charge?.status === 'succeeded' ? charge.amount : 0;
    return {
      id,
      status: intent.status,
      currency: intent.currency,
      amount: intent.amount,
      authorised,
      captured: charge?.amount_captured ?? 0,
      voided: intent.status === 'canceled' ? authorised : 0,
      refunded: refunds.get(id) ?? 0,
      disputed: disputes.get(id) ?? 0,
      metadata: intent.metadata,
    };
  });
  const sum = (pick: (line: LedgerLine) => number): number =>
    intents.reduce((total, line) => total + pick(line), 0);
  return {
    intents,
    authorised: sum((line) => line.authorised),
    captured: sum((line) => line.captured),
    voided: sum((line) => line.voided),
    refunded: sum((line) => line.refunded),
    disputed: sum((line) => line.disputed),
  };
}
