import type Stripe from 'stripe';

import { limits } from '#libs/contracts/limits.js';

import { feeEntries, payoutEntries } from '../ledger/accounts.js';
import type { Movement } from '../ledger/enter.js';
import type { AtProvider } from './differences.js';

/** What the provider says of our money: by attempt, and what it keeps or pays out. */
export interface ProviderBooks {
  readonly attempts: ReadonlyMap<string, AtProvider>;
  /** Fees and payouts, in the currency of the account. */
  readonly movements: readonly Movement[];
}

type Transaction = Stripe.BalanceTransaction;
type Entry = { -readonly [key in keyof AtProvider]: AtProvider[key] };

/**
 * Reads intents (what was reserved and captured) and balance transactions (what came into the
 * account and left it): two lists that the provider makes apart, page by page until their end.
 * Intents that are none of ours have no attempt. They are asked for from a little earlier on: a
 * payment that is young for us is not old for the provider's clock.
 *
 * An authorisation that is given back, and what a capture leaves of one, is no refund to Stripe
 * (since its API of 2025-03-31): `amount_refunded` stays, and nothing of it was `amount_captured`.
 */
export async function readBooks(stripe: Stripe, sinceMs: number): Promise<ProviderBooks> {
  const created = { gte: Math.floor((sinceMs - limits.findSlackMs) / 1_000) };
  const attempts = new Map<string, Entry>();
  const byIntent = new Map<string, Entry>();
  const intents = { created, expand: ['data.latest_charge'], limit: pageMax };
  for await (const intent of stripe.paymentIntents.list(intents)) {
    const { latest_charge: charge, currency } = intent;
    const attemptId = intent.metadata.attempt_id as string | undefined;
    if (attemptId === undefined || charge === null || typeof charge === 'string') continue;
    const entry = entryOf(attempts, attemptId, currency);
    byIntent.set(intent.id, entry);
    entry.captured += charge.amount_captured - charge.amount_refunded;
    entry.authorised += intent.amount_capturable;
  }
  const movements: Movement[] = [];
  const query = { created, expand: ['data.source'], limit: pageMax };
  for await (const transaction of stripe.balanceTransactions.list(query)) {
    movements.push(...movementsOf(transaction));
    addDisputed(byIntent, transaction);
    const intentId = intentOf(transaction);
    const entry = intentId === null ? undefined : byIntent.get(intentId);
    if (entry !== undefined) addSettled(entry, transaction);
  }
  return { attempts, movements };
}

const pageMax = 100;

function entryOf(attempts: Map<string, Entry>, attemptId: string, currency: string): Entry {
  const known = attempts.get(attemptId);
  if (known !== undefined) return known;
  const entry = {
    currency: currency.toUpperCase(),
    captured: 0,
    authorised: 0,
    settled: 0,
    disputed: 0,
  };
  attempts.set(attemptId, entry);
  return entry;
}

/** Converted amounts are in another currency than the attempt, and say nothing about it. */
function addSettled(entry: Entry, transaction: Transaction): void {
  if (entry.settled === null) return;
  const same = transaction.exchange_rate === null;
  entry.settled = same ? entry.settled + transaction.amount : null;
}

/** What banks took back, less what they returned: apart from what was captured and refunded. */
function addDisputed(
  byIntent: ReadonlyMap<string, Entry>,
  { source, amount, exchange_rate: rate }: Transaction,
): void {
  if (source === null || typeof source === 'string' || source.object !== 'dispute') return;
  const intent = source.payment_intent;
  const entry = byIntent.get(typeof intent === 'string' ? intent : (intent?.id ?? ''));
  if (entry === undefined || entry.disputed === null) return;
  entry.disputed = rate === null ? entry.disputed - amount : null;
}

const buyersMoney: readonly string[] = [
  'charge',
  'payment',
  'refund',
  'payment_refund',
  'refund_failure',
  'payment_failure_refund',
];

function intentOf({ type, source }: Transaction): string | null {
  if (!buyersMoney.includes(type) || source === null || typeof source === 'string') return null;
  if (source.object !== 'charge' && source.object !== 'refund') return null;
  const intent = source.payment_intent;
  return typeof intent === 'string' ? intent : (intent?.id ?? null);
}

/** What a balance transaction says beside the buyer's money: the provider's fee, or a payout. */
export function movementsOf(transaction: Transaction): Movement[] {
  const { id, type, amount, fee } = transaction;
  const about = {
    causeId: id,
    attemptId: attemptOf(transaction),
    eventId: null,
    currency: transaction.currency.toUpperCase(),
    currencyDigits: null,
    atMs: transaction.created * 1_000,
  };
  const kept = type === 'stripe_fee' || type === 'network_cost' ? fee - amount : fee;
  const fees = { ...about, cause: 'fee', kind: 'fee', entries: feeEntries(kept) } as const;
  const payouts = type === 'payout' || type === 'payout_cancel' || type === 'payout_failure';
  if (!payouts) return kept === 0 ? [] : [fees];
  const entries = payoutEntries(-amount);
  return [...(fee === 0 ? [] : [fees]), { ...about, cause: 'payout', kind: type, entries }];
}

function attemptOf({ source }: Transaction): string | null {
  if (source === null || typeof source === 'string' || !('metadata' in source)) return null;
  return source.metadata?.attempt_id ?? null;
}
