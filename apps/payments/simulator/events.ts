import type { ChargeObject, DisputeObject, IntentObject, RefundObject } from './objects.js';

/** What Stripe's SDK pins; the shape of every object here is this version's. */
export const apiVersion = '2026-10-28.endive';

/** An event as it is told by webhook. */
export interface EventObject {
  readonly id: string;
  readonly object: 'event';
  readonly api_version: string;
  readonly created: number;
  /** The object as it was when the event was made. */
  readonly data: { readonly object: IntentObject | ChargeObject | RefundObject | DisputeObject };
  readonly livemode: false;
  readonly pending_webhooks: number;
  readonly request: EventCause;
  readonly type: string;
}

/** The request that caused it; nulls: nobody's, such as a bank that took its time. */
export interface EventCause {
  readonly id: string | null;
  readonly idempotency_key: string | null;
}

export const noRequest: EventCause = { id: null, idempotency_key: null };

export interface EventMaker {
  readonly nowSeconds: number;
  nextId(prefix: string): string;
}

/** What was, and what is new. */
export interface KnownObjects {
  readonly intents: ReadonlyMap<string, IntentObject>;
  readonly charges: ReadonlyMap<string, ChargeObject>;
  readonly refunds: ReadonlyMap<string, RefundObject>;
  readonly disputes: ReadonlyMap<string, DisputeObject>;
}

export interface ChangedObjects {
  readonly intents?: readonly IntentObject[];
  readonly charges?: readonly ChargeObject[];
  readonly refunds?: readonly RefundObject[];
  readonly disputes?: readonly DisputeObject[];
}

/** What a change is to those who listen; to be asked before the store has it. */
export function eventsOf(
  change: ChangedObjects,
  known: KnownObjects,
  cause: EventCause,
  maker: EventMaker,
): readonly EventObject[] {
  const told: (readonly [type: string, object: EventObject['data']['object']])[] = [];
  for (const intent of change.intents ?? []) {
    const before = known.intents.get(intent.id);
    if (before === undefined) told.push(['payment_intent.created', intent]);
    const type = intentEvent(before, intent);
    if (type !== null) told.push([type, intent]);
  }
  for (const charge of change.charges ?? []) {
    const type = chargeEvent(known.charges.get(charge.id), charge);
    if (type !== null) told.push([type, charge]);
  }
  for (const refund of change.refunds ?? []) {
    if (known.refunds.has(refund.id)) told.push(['refund.updated', refund]);
    else told.push(['refund.created', refund]);
    if (refund.status === 'failed') told.push(['refund.failed', refund]);
  }
  for (const dispute of change.disputes ?? []) {
    for (const type of disputeEvents(known.disputes.get(dispute.id), dispute)) {
      told.push([`charge.dispute.${type}`, dispute]);
    }
  }
  return told.map(([type, object]) => ({
    id: maker.nextId('evt'),
    object: 'event',
    api_version: apiVersion,
    created: maker.nowSeconds,
    data: { object },
    livemode: false,
    pending_webhooks: 1,
    request: cause,
    type,
  }));
}

function intentEvent(before: IntentObject | undefined, now: IntentObject): string | null {
  const failed = now.last_payment_error !== null && !sameError(before, now);
  if (failed) return 'payment_intent.payment_failed';
  if (before?.status === now.status) return null;
  switch (now.status) {
    case 'requires_action':
      return 'payment_intent.requires_action';
    case 'processing':
      return 'payment_intent.processing';
    case 'requires_capture':
      return 'payment_intent.amount_capturable_updated';
    case 'succeeded':
      return 'payment_intent.succeeded';
    case 'canceled':
      return 'payment_intent.canceled';
    case 'requires_payment_method':
    case 'requires_confirmation':
      return null;
  }
}

function disputeEvents(before: DisputeObject | undefined, now: DisputeObject): readonly string[] {
  const isOver = ['warning_closed', 'won', 'lost'].includes(now.status);
  const moved = now.balance_transactions.slice(before?.balance_transactions.length ?? 0);
  const first = before === undefined ? 'created' : isOver ? 'closed' : 'updated';
  return [
    first,
    ...moved.map(({ amount }) => (amount < 0 ? 'funds_withdrawn' : 'funds_reinstated')),
  ];
}

const sameError = (before: IntentObject | undefined, now: IntentObject): boolean =>
  JSON.stringify(before?.last_payment_error ?? null) === JSON.stringify(now.last_payment_error);

function chargeEvent(before: ChargeObject | undefined, now: ChargeObject): string | null {
  if (before === undefined) return now.status === 'failed' ? 'charge.failed' : 'charge.succeeded';
  if (now.captured && !before.captured) return 'charge.captured';
  return now.amount_refunded > before.amount_refunded ? 'charge.refunded' : null;
}
