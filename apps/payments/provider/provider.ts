/**
 * The payment provider as the saga needs it. Two-step card payments: authorise, then capture or
 * cancel. Implemented over Stripe's SDK; the simulator of the whole system has its own.
 *
 * PP1  The same idempotency key has one effect at the provider, for at least 20 hours.
 * PP2  `unclear` means that the request may or may not have had its effect; the same call with the
 *      same key is safe and finds out.
 * PP3  `key_spent` means that the key will never again have an effect: its saved answer is an error
 *      of the provider, or it was first used with other parameters.
 */
export interface PaymentProvider {
  /** Creates an intent and confirms it, without capturing. */
  authorise(request: AuthoriseRequest): Promise<ProviderResult>;
  /**
   * Makes sure that authorise() with this key can have no effect any more: creates an intent
   * that is never confirmed under the key, or answers `key_spent` when the key was used before.
   */
  spendKey(request: AuthoriseRequest): Promise<ProviderResult>;
  /** The intent of an attempt, when its creation was never answered; null = there is none. */
  find(attemptId: string, createdAtMs: number): Promise<ProviderResult | null>;
  inspect(intentId: string): Promise<ProviderResult>;
  capture(intentId: string, key: string): Promise<ProviderResult>;
  cancel(intentId: string, key: string): Promise<ProviderResult>;
}

export interface AuthoriseRequest {
  readonly key: string;
  readonly amountMinor: number;
  /** ISO 4217, upper case. */
  readonly currency: string;
  /** `pm_…` or `tok_…`. */
  readonly paymentToken: string;
  /** Strings that come back with the intent; `attempt_id` is always among them. */
  readonly metadata: Readonly<Record<string, string>> & { readonly attempt_id: string };
}

/** An intent by what it means to the saga. */
export type IntentStatus =
  /** Never confirmed: no money is reserved. */
  | 'unconfirmed'
  | 'declined'
  | 'action_required'
  | 'processing'
  | 'authorised'
  | 'captured'
  | 'cancelled';

export interface IntentView {
  readonly id: string;
  readonly status: IntentStatus;
  readonly declineCode: string | null;
}

export type ProviderResult =
  /** The intent as it now is, whether this call changed it or not. */
  | { readonly kind: 'intent'; readonly intent: IntentView }
  | { readonly kind: 'declined'; readonly intentId: string | null; readonly declineCode: string }
  /** A definite no before anything happened. `fault` says whose: the buyer's data or our set-up. */
  | { readonly kind: 'refused'; readonly code: string; readonly fault: 'buyer' | 'setup' }
  | { readonly kind: 'key_spent'; readonly reason: string }
  | { readonly kind: 'unclear'; readonly reason: string };
