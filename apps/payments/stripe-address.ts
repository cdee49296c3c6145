import { ConfigError } from '#libs/platform/config.js';
import type { PaymentsConfig } from './config.js';

const ownHost = 'api.stripe.com';

/**
 * A live key moves money, and whoever is sent it may: it goes to Stripe itself, encrypted, and
 * nowhere else. Throws ConfigError. Returns what people should hear, null when there is nothing:
 * with a test key Stripe itself charges nobody, and all bookings are given away.
 */
export function checkStripeAddress(
  config: Pick<PaymentsConfig, 'STRIPE_SECRET_KEY' | 'STRIPE_API_BASE'>,
): string | null {
  const live = /^(sk|rk)_live_/.test(config.STRIPE_SECRET_KEY);
  const base = config.STRIPE_API_BASE === undefined ? null : new URL(config.STRIPE_API_BASE);
  const isStripe = base === null || base.hostname === ownHost;
  if (live && !(isStripe && (base === null || (base.protocol === 'https:' && base.port === '')))) {
    throw new ConfigError([
      `STRIPE_SECRET_KEY is a live key: STRIPE_API_BASE must be absent or https://${ownHost}`,
    ]);
  }
  if (live || !isStripe) return null;
  return 'STRIPE_SECRET_KEY is a test key, and Stripe itself is asked: nobody is charged';
}
