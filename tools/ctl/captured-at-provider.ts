import Stripe from 'stripe';
import type { Ledger } from '#apps/payments/simulator/ledger.js';
import { limits } from '#libs/contracts/limits.js';
import { NotReachable } from './context.js';

/** By attempt, minor units, less what was refunded; and whose account it is. */
export interface ProviderAccount {
  readonly source: 'simulator' | 'stripe';
  readonly captured: ReadonlyMap<string, number>;
}

/** Null: it is not known which provider the system uses, so it cannot be asked. */
export async function capturedAtProvider(
  simulatorUrl: string | null,
  secretKey: string | undefined,
  sinceMs: number,
): Promise<ProviderAccount | null> {
  try {
    if (simulatorUrl !== null) return await fromSimulator(simulatorUrl);
    if (secretKey === undefined || secretKey === '') return null;
    return await fromStripe(secretKey, sinceMs);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new NotReachable(`the payment provider does not answer: ${reason}`);
  }
}

async function fromSimulator(url: string): Promise<ProviderAccount> {
  const answer = await fetch(new URL('/_simulator/ledger', url), {
    signal: AbortSignal.timeout(limits.providerTimeoutMs),
  });
  const { intents } = (await answer.json()) as Ledger;
  const captured = new Map<string, number>();
  for (const { metadata, captured: amount, refunded } of intents) {
    add(captured, metadata.attempt_id, amount - refunded);
  }
  return { source: 'simulator', captured };
}

async function fromStripe(secretKey: string, sinceMs: number): Promise<ProviderAccount> {
  const stripe = new Stripe(secretKey, {
    maxNetworkRetries: 2,
    telemetry: false,
    timeout: limits.providerTimeoutMs,
    appInfo: { name: 'holdfastctl' },
  });
  const captured = new Map<string, number>();
  const query = {
    created: { gte: Math.floor(sinceMs / 1_000) },
    expand: ['data.latest_charge'],
    limit: 100,
  };
  for await (const { metadata, latest_charge: charge } of stripe.paymentIntents.list(query)) {
    if (charge === null || typeof charge === 'string') continue;
    add(captured, metadata.attempt_id, charge.amount_captured - charge.amount_refunded);
  }
  return { source: 'stripe', captured };
}

/** Intents that are none of ours have no attempt. */
function add(to: Map<string, number>, attemptId: string | undefined, amount: number): void {
  if (attemptId === undefined || amount === 0) return;
  to.set(attemptId, (to.get(attemptId) ?? 0) + amount);
}
