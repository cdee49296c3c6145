import type { AttemptId } from '#libs/inventory/ids.js';

import type { RefundId } from '../refunds/refund.js';

/**
 * What an event of Stripe's is to us: that there is news of an attempt, and no more. What the news
 * is, the intent itself is asked: events come late, twice and in any order. So no amount is read
 * here, which events have as text and answers as objects.
 */
export interface ProviderNews {
  /** `evt_…`, the same however often it is sent. */
  readonly eventId: string;
  readonly type: string;
  /** null: of nothing of ours, such as a payment that was made by hand. */
  readonly attemptId: AttemptId | null;
  /** Of ours; null: of none, such as one that was made in the provider's dashboard. */
  readonly refundId: RefundId | null;
  /** The provider's; null: of none. */
  readonly disputeId: string | null;
  /** By Stripe's clock. */
  readonly createdAtMs: number;
}

/** After these an intent may stand otherwise than before. */
const moving: ReadonlySet<string> = new Set([
  'payment_intent.amount_capturable_updated',
  'payment_intent.canceled',
  'payment_intent.payment_failed',
  'payment_intent.processing',
  'payment_intent.requires_action',
  'payment_intent.succeeded',
]);

/** They tell nothing that those above do not. */
const quiet: ReadonlySet<string> = new Set([
  'charge.captured',
  'charge.failed',
  'charge.refund.updated',
  'charge.refunded',
  'charge.succeeded',
  'payment_intent.created',
  'refund.created',
]);

/** After these a refund may stand otherwise than before. */
const movingRefunds: ReadonlySet<string> = new Set(['refund.failed', 'refund.updated']);

/** After these a dispute may stand otherwise than before. */
const movingDisputes: ReadonlySet<string> = new Set([
  'charge.dispute.closed',
  'charge.dispute.created',
  'charge.dispute.funds_reinstated',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.updated',
]);

/** What an endpoint at Stripe is to be subscribed to: the others cost work and change nothing. */
export const wantedTypes: readonly string[] = [
  ...moving,
  ...movingRefunds,
  ...movingDisputes,
].toSorted();

export const movesAttempts = ({ type }: ProviderNews): boolean => moving.has(type);
export const movesRefunds = ({ type }: ProviderNews): boolean => movingRefunds.has(type);
export const movesDisputes = ({ type, disputeId }: ProviderNews): boolean =>
  movingDisputes.has(type) && disputeId !== null;
export const isKnownType = ({ type }: ProviderNews): boolean =>
  [moving, movingRefunds, movingDisputes, quiet].some((types) => types.has(type));

/** null: that is no event. */
export function newsOf(body: Uint8Array): ProviderNews | null {
  const event = jsonOf(body);
  if (!isRecord(event) || event.object !== 'event') return null;
  const { id, type, created, data } = event;
  if (typeof id !== 'string' || !/^evt_\w{1,200}$/.test(id)) return null;
  if (typeof type !== 'string' || !/^[a-z0-9_.]{1,100}$/.test(type)) return null;
  if (typeof created !== 'number' || !(created >= 0 && created < 1e11)) return null;
  const about = isRecord(data) && isRecord(data.object) ? data.object : {};
  const { attempt_id: attemptId, refund_id: refundId } = isRecord(about.metadata)
    ? about.metadata
    : {};
  return {
    eventId: id,
    type,
    attemptId: isOurs(attemptId) ? attemptId : null,
    refundId: isOurRefund(refundId) ? refundId : null,
    disputeId: isDispute(about.id) ? about.id : null,
    createdAtMs: Math.floor(created * 1_000),
  };
}

const isOurs = (id: unknown): id is AttemptId =>
  typeof id === 'string' && /^att_[\w-]{1,100}$/.test(id);

const isOurRefund = (id: unknown): id is RefundId =>
  typeof id === 'string' && /^rfd_[\w-]{1,100}$/.test(id);

const isDispute = (id: unknown): id is string =>
  typeof id === 'string' && /^d[pu]_\w{1,200}$/.test(id);

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return null;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
