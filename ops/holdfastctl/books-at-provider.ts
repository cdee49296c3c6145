import { openStripe } from '#apps/payments/provider/open-stripe.js';
import { readBooks, type ProviderBooks } from '#apps/payments/reconcile/provider-books.js';
import { limits } from '#libs/contracts/limits.js';
import { NotReachable } from './failures.js';

export type ProviderAsked = 'simulator' | 'stripe';

/** Null: it is not known which provider the system uses, so it cannot be asked. */
export function providerAsked(
  simulatorUrl: string | null,
  secretKey: string | undefined,
): ProviderAsked | null {
  if (simulatorUrl !== null) return 'simulator';
  return secretKey === undefined || secretKey === '' ? null : 'stripe';
}

/** Throws NotReachable. */
export function booksOf(
  simulatorUrl: string | null,
  secretKey = '',
): (sinceMs: number) => Promise<ProviderBooks> {
  // A live key is for Stripe alone; without a key of its own a simulator takes any test key.
  const forSimulator = secretKey === '' || /_live_/.test(secretKey) ? anyTestKey : secretKey;
  const stripe = openStripe({
    secretKey: simulatorUrl === null ? secretKey : forSimulator,
    apiBase: simulatorUrl ?? undefined,
    timeoutMs: limits.booksAnswerMs,
    retriesMax: 2,
  });
  return async (sinceMs) => {
    try {
      return await readBooks(stripe, sinceMs);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new NotReachable(`the payment provider does not answer: ${reason}`);
    }
  };
}

const anyTestKey = 'sk_test_reader';
