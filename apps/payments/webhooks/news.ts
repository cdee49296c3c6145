import type { AttemptId } from '#libs/inventory/ids.js';

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
  'charge.refunded',
  'charge.succeeded',
  'payment_intent.created',
  'refund.created',
]);

export const movesAttempts = ({ type }: ProviderNews): boolean => moving.has(type);
export const isKnownType = ({ type }: ProviderNews): boolean => moving.has(type) || quiet.has(type);

/** null: that is no event. */
export function newsOf(body: Uint8Array): ProviderNews | null {
  const event = jsonOf(body);
  if (!isRecord(event) || event.object !== 'event') return null;
  const { id, type, created, data } = event;
  if (typeof id !== 'string' || !/^evt_\w{1,200}$/.test(id)) return null;
  if (typeof type !== 'string' || !/^[a-z0-9_.]{1,100}$/.test(type)) return null;
  if (typeof created !== 'number' || !(created >= 0 && created < 1e11)) return null;
  const about = isRecord(data) && isRecord(data.object) ? data.object : {};
  const { attempt_id: attemptId } = isRecord(about.metadata) ? about.metadata : {};
  return {
    eventId: id,
    type,
    attemptId: isOurs(attemptId) ? attemptId : null,
    createdAtMs: Math.floor(created * 1_000),
  };
}

const isOurs = (id: unknown): id is AttemptId =>
  typeof id === 'string' && /^att_[\w-]{1,100}$/.test(id);

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return null;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
