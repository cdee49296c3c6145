import { describe, expect, it } from '@jest/globals';
import { checkStripeAddress } from './stripe-address.js';

const check = (key: string, base?: string): string | null =>
  checkStripeAddress({
    STRIPE_SECRET_KEY: key,
    ...(base === undefined ? {} : { STRIPE_API_BASE: base }),
  });

describe('the address of Stripe', () => {
  it.each([
    ['sk_live_x', 'http://127.0.0.1:12111'],
    ['sk_live_x', 'https://stripe.example'],
    ['sk_live_x', 'http://api.stripe.com'],
    ['sk_live_x', 'https://api.stripe.com:8443'],
    ['sk_live_x', 'https://api.stripe.com.example'],
    ['rk_live_x', 'http://stripe-simulator:12111'],
  ])('is refused a live key when it is not its own: %s at %s', (key, base) => {
    expect(() => check(key, base)).toThrow(/STRIPE_API_BASE must be absent/);
  });

  it('gets a live key when it is, and a test key wherever it is', () => {
    expect(check('sk_live_x')).toBeNull();
    expect(check('sk_live_x', 'https://api.stripe.com')).toBeNull();
    expect(check('sk_test_x', 'http://127.0.0.1:12111')).toBeNull();
  });

  it('is said loudly to charge nobody when the key is one for tests', () => {
    expect(check('sk_test_x')).toMatch(/nobody is charged/);
    expect(check('sk_test_x', 'https://api.stripe.com/')).toMatch(/nobody is charged/);
  });
});
