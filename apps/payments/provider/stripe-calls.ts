import type { Clock } from '#libs/platform/clock.js';

import type { ProviderResult, Unanswered } from './provider.js';
import type { ProviderWatch, StripeOperation } from './provider-watch.js';
import type { RequestLimit } from './request-limit.js';
import { resultOfError, StrangeAnswerError, TooLateError } from './stripe-errors.js';
import type { StripePolicy } from './stripe-policy.js';

/** Requests by one policy: what is asked of one part of Stripe opens the circuit for all. */
export class StripeCalls {
  constructor(
    readonly policy: StripePolicy,
    private readonly clock: Pick<Clock, 'monotonicMs'>,
    private readonly watch: ProviderWatch,
    readonly limit: RequestLimit,
  ) {}

  async call<T extends object>(
    operation: StripeOperation,
    request: () => Promise<T>,
  ): Promise<T | ProviderResult> {
    let tries = 0;
    try {
      return await this.policy.execute(() => {
        tries += 1;
        return this.tried(operation, request);
      });
    } catch (error) {
      if (tries === 0) this.watch.notTried(operation);
      const result = resultOfError(error);
      const access = result.kind === 'refused' && result.fault === 'access';
      // Refused before the key was looked at: that says nothing of the tries before this one.
      return access && tries > 1 ? { kind: 'unclear', reason: result.code } : result;
    }
  }

  /** One try; its time-out lies around it and ends it first (stripe-policy.ts). */
  private async tried<T>(operation: StripeOperation, request: () => Promise<T>): Promise<T> {
    const { clock, watch } = this;
    const fromMs = clock.monotonicMs();
    try {
      const answer = await request();
      if (!isOfStripe(answer)) throw new StrangeAnswerError('not an object of the provider');
      watch.tried(operation, fromMs, clock.monotonicMs(), null);
      return answer;
    } catch (error) {
      this.limit.note(error);
      if (error instanceof TooLateError) watch.notTried(operation);
      else watch.tried(operation, fromMs, clock.monotonicMs(), resultOfError(error));
      throw error;
    }
  }
}

/** Each of its objects says what it is. */
const isOfStripe = (answer: unknown): boolean =>
  typeof (answer as { readonly object?: unknown } | null)?.object === 'string';

/** For what is no intent: nobody asked for one, or is told of a card. */
export function unanswered(result: ProviderResult): Unanswered {
  const said = result.kind === 'refused' || result.kind === 'key_spent';
  if (said || result.kind === 'unclear') return result;
  return { kind: 'unclear', reason: `unexpected: ${result.kind}` };
}
