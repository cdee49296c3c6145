import Stripe from 'stripe';

export interface StripeAddress {
  readonly secretKey: string;
  /** `http(s)://host[:port]`; absent = Stripe itself. */
  readonly apiBase: string | undefined;
  /** Of one request. */
  readonly timeoutMs: number;
  /** By the SDK itself. */
  readonly retriesMax: number;
}

/** Stripe's own SDK, with every default that matters said. */
export function openStripe({ secretKey, apiBase, timeoutMs, retriesMax }: StripeAddress): Stripe {
  const base = apiBase === undefined ? null : new URL(apiBase);
  return new Stripe(secretKey, {
    maxNetworkRetries: retriesMax,
    telemetry: false,
    timeout: timeoutMs,
    appInfo: { name: 'holdfast' },
    ...(base === null
      ? {}
      : {
          host: base.hostname,
          port: base.port === '' ? (base.protocol === 'https:' ? 443 : 80) : Number(base.port),
          protocol: base.protocol === 'https:' ? 'https' : 'http',
        }),
  });
}
