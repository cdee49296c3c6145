import { BrokenCircuitError } from 'cockatiel';
import Stripe from 'stripe';

import { fingerprintOf, viewOf } from './intent-view.js';
import type { ProviderResult } from './provider.js';

const { errors } = Stripe;

/** A try that was not sent, because its time was over. */
export class TooLateError extends Error {
  override readonly name = 'TooLateError';
}

/** What came back is not Stripe's: the SDK takes any JSON without an `error` for an answer. */
export class StrangeAnswerError extends Error {
  override readonly name = 'StrangeAnswerError';
}

/**
 * Failures that a second try with the same key may mend at once: nothing came back, the provider
 * was too busy, or the first try is still running (409).
 */
export function isTransient(error: unknown): boolean {
  if (error instanceof BrokenCircuitError || error instanceof TooLateError) return false;
  if (!(error instanceof errors.StripeError)) return true;
  if (wasReplayed(error)) return false;
  if (error instanceof errors.StripeConnectionError) return true;
  const status = error.statusCode ?? 0;
  return status === 409 || status === 429 || status >= 500;
}

/** Failures that speak of an outage: these open the circuit. */
export function isOutage(error: unknown): boolean {
  if (error instanceof TooLateError) return false;
  if (!(error instanceof errors.StripeError)) return true;
  if (error instanceof errors.StripeConnectionError) return true;
  return (error.statusCode ?? 0) >= 500;
}

/** What an error says about the effect of the request. */
export function resultOfError(error: unknown): ProviderResult {
  if (!(error instanceof errors.StripeError)) return { kind: 'unclear', reason: nameOf(error) };
  const code = error.code ?? error.type;
  if (error instanceof errors.StripeCardError) {
    return {
      kind: 'declined',
      intentId: error.payment_intent?.id ?? null,
      declineCode: error.decline_code ?? code,
      card: fingerprintOf(error.payment_method),
    };
  }
  if (error instanceof errors.StripeIdempotencyError) {
    return { kind: 'key_spent', by: 'other_request', reason: 'key used with other parameters' };
  }
  const unauthorised =
    error instanceof errors.StripeAuthenticationError ||
    error instanceof errors.StripePermissionError;
  if (unauthorised) return { kind: 'refused', code, fault: 'access' };
  // Stripe gives the first answer of a key for good, its own failures included.
  if (wasReplayed(error) && (error.statusCode ?? 0) >= 500) {
    const reason = 'the provider failed under this key';
    return { kind: 'key_spent', by: 'failure', reason };
  }
  if (isTransient(error)) return { kind: 'unclear', reason: code };
  const intent = error.payment_intent;
  // Captured or cancelled already, by an earlier try or by the bank: the answer tells which.
  if (code === 'payment_intent_unexpected_state' && intent !== undefined) {
    return { kind: 'intent', intent: viewOf(intent) };
  }
  const buyers = error.param?.startsWith('payment_method') === true;
  return { kind: 'refused', code, fault: buyers ? 'buyer' : 'request' };
}

const wasReplayed = (error: Stripe.errors.StripeError): boolean =>
  error.headers?.['idempotent-replayed'] === 'true';

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown error');
