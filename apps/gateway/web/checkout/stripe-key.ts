import { loadedPath, notOnlyThisPage, routeOf } from '../kit/router.js';
import { api } from '../shop.js';

let asked: Promise<string | null | undefined> | null = null;

/** null: payments are simulated here; undefined: nobody answers. */
export function stripeKey(): Promise<string | null | undefined> {
  asked ??= ask().then((key) => {
    if (key === undefined) asked = null;
    return key;
  });
  return asked;
}

async function ask(): Promise<string | null | undefined> {
  const answer = await api.get('/v1/config');
  return answer?.status === 200 ? answer.body.stripe_publishable_key : undefined;
}

/**
 * Stripe's script runs under the policy that the checkout's own document came with: who came here
 * by a link of another page loads it, and who goes on from here leaves the policy behind.
 */
export function documentFor(key: string | null): Promise<void> {
  const isOfCheckout = routeOf(loadedPath).page === 'checkout';
  if (key === null) notOnlyThisPage();
  else if (!isOfCheckout && routeOf(location.pathname).page === 'checkout') {
    location.reload();
    return new Promise(() => undefined);
  }
  return Promise.resolve();
}
