import {
  CircuitState,
  circuitBreaker,
  decorrelatedJitterGenerator,
  ExponentialBackoff,
  handleWhen,
  retry,
  SamplingBreaker,
  timeout,
  TimeoutStrategy,
  wrap,
} from 'cockatiel';

import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';

import { isOutage, isTransient } from './stripe-errors.js';

/**
 * How a request to Stripe is tried: at most `triesMax` times with jitter in between, each try with
 * its own timeout, and not at all while the circuit is open. The whole stays far below a lease.
 */
export interface StripePolicy {
  execute<T>(request: () => Promise<T>): Promise<T>;
  /** Milliseconds until the open circuit lets a request through again; 0: it does now. */
  restMs(): number;
}

export interface StripePolicyOptions {
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

const retriesMax = 2;
const halfOpenAfterMs = 2_000;

export function createStripePolicy(options: StripePolicyOptions): StripePolicy {
  const breaker = circuitBreaker(handleWhen(isOutage), {
    halfOpenAfter: halfOpenAfterMs,
    breaker: new SamplingBreaker({ threshold: 0.5, duration: 10_000, minimumRps: 2 }),
  });
  const { clock } = options;
  let openedAtMs: number | null = null;
  breaker.onStateChange((state) => {
    openedAtMs = state === CircuitState.Open ? clock.monotonicMs() : null;
    options.log.warn({ circuit: CircuitState[state] }, 'circuit to the payment provider');
  });
  const policy = wrap(
    retry(handleWhen(isTransient), {
      maxAttempts: retriesMax,
      backoff: new ExponentialBackoff({
        generator: decorrelatedJitterGenerator,
        initialDelay: 100,
        maxDelay: 1_000,
      }),
    }),
    breaker,
    timeout(options.timeoutMs, TimeoutStrategy.Aggressive),
  );
  return {
    // A signal of its own: cockatiel's shared default one would collect a listener a call.
    execute: (request) => policy.execute(request, new AbortController().signal),
    // It closes by a request that goes well: so somebody has to be let through when it is over.
    restMs: () => {
      if (openedAtMs === null) return 0;
      return Math.max(0, openedAtMs + halfOpenAfterMs - clock.monotonicMs());
    },
  };
}
