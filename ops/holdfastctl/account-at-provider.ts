import Stripe from 'stripe';
import type { Ledger } from '#apps/payments/simulator/ledger.js';
import { limits } from '#libs/contracts/limits.js';
import { NotReachable } from './failures.js';
import type { AtProvider } from './reconcile.js';

/** By attempt; and whose account it is. */
export interface ProviderAccount {
  readonly source: 'simulator' | 'stripe';
  readonly attempts: ReadonlyMap<string, AtProvider>;
}

/** Null: it is not known which provider the system uses, so it cannot be asked. */
export async function accountAtProvider(
  simulatorUrl: string | null,
  secretKey: string | undefined,
  sinceMs: number,
): Promise<ProviderAccount | null> {
  try {
    if (simulatorUrl !== null) return await fromSimulator(simulatorUrl, secretKey);
    if (secretKey === undefined || secretKey === '') return null;
    return await fromStripe(secretKey, sinceMs);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new NotReachable(`the payment provider does not answer: ${reason}`);
  }
}

async function fromSimulator(url: string, key = ''): Promise<ProviderAccount> {
  const answer = await fetch(new URL('/_simulator/ledger', url), {
    // A live key is for Stripe alone.
    headers: /_live_/.test(key) ? {} : { authorization: `Bearer ${key}` },
    signal: AbortSignal.timeout(limits.providerTimeoutMs),
  });
  if (!answer.ok) throw new Error(`it answers with ${answer.status}`);
  const { intents } = (await answer.json()) as Ledger;
  const attempts = new Map<string, AtProvider>();
  for (const { metadata, status, currency, captured, refunded, authorised } of intents) {
    const open = status === 'requires_capture' ? authorised - captured : 0;
    add(attempts, metadata.attempt_id, {
      currency: currency.toUpperCase(),
      captured: captured - refunded,
      authorised: open,
    });
  }
  return { source: 'simulator', attempts };
}

async function fromStripe(secretKey: string, sinceMs: number): Promise<ProviderAccount> {
  const stripe = new Stripe(secretKey, {
    maxNetworkRetries: 2,
    telemetry: false,
    timeout: limits.providerTimeoutMs,
    appInfo: { name: 'holdfastctl' },
  });
  const attempts = new Map<string, AtProvider>();
  const query = {
    created: { gte: Math.floor(sinceMs / 1_000) },
    expand: ['data.latest_charge'],
    limit: 100,
  };
  for await (const intent of stripe.paymentIntents.list(query)) {
    const { metadata, latest_charge: charge, currency, amount_capturable: authorised } = intent;
    if (charge === null || typeof charge === 'string') continue;
    add(attempts, metadata.attempt_id, {
      currency: currency.toUpperCase(),
      captured: charge.amount_captured - charge.amount_refunded,
      authorised,
    });
  }
  return { source: 'stripe', attempts };
}

/** Intents that are none of ours have no attempt. */
function add(
  to: Map<string, AtProvider>,
  attemptId: string | undefined,
  { currency, captured, authorised }: AtProvider,
): void {
  if (attemptId === undefined) return;
  const before = to.get(attemptId) ?? { captured: 0, authorised: 0 };
  to.set(attemptId, {
    currency,
    captured: before.captured + captured,
    authorised: before.authorised + authorised,
  });
}
