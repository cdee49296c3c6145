import type { BuyerAction } from '#libs/contracts/payments.js';

/**
 * The payment provider as the saga needs it. Two-step card payments: authorise, then capture or
 * cancel. Implemented over Stripe's SDK; the simulator of the whole system has its own.
 *
 * PP1  The same idempotency key has one effect and one answer at the provider, its own failures
 *      included, for at least `keyLifetimeMs`.
 * PP2  `unclear` means that the request may or may not have had its effect; the same call with the
 *      same key is safe and finds out.
 * PP3  `key_spent` means that the key will never again have an effect: its saved answer is an error
 *      of the provider, or it was first used with other parameters.
 */
export interface PaymentProvider {
  /** Creates an intent and confirms it, without capturing. Nothing is sent after `notAfterMs`. */
  authorise(request: AuthoriseRequest, notAfterMs: number): Promise<ProviderResult>;
  /**
   * Makes sure that authorise() with this key can have no effect any more: creates an intent
   * that is never confirmed under the key, or answers `key_spent` when the key was used before.
   */
  spendKey(request: AuthoriseRequest): Promise<ProviderResult>;
  /**
   * What authorise() was answered under this key: the same request once more, at any time. Only
   * for a key that is known to be used, since an unused one would authorise.
   */
  recall(request: AuthoriseRequest): Promise<ProviderResult>;
  /**
   * The intent of an attempt by its metadata, among all that were created in the window; null =
   * there is none. Slow, and the last resort: for keys whose answer says nothing.
   */
  find(attemptId: string, window: CreatedWindow): Promise<ProviderResult | null>;
  inspect(intentId: string): Promise<ProviderResult>;
  capture(intentId: string, key: string): Promise<ProviderResult>;
  cancel(intentId: string, key: string): Promise<ProviderResult>;
  /**
   * Gives back all that is left of what was captured. What was given back before, under whatever
   * key, counts as done: more than was captured is never given back. `unclear` while it is under
   * way: the same call says how far it is.
   */
  refund(intentId: string, key: string): Promise<ProviderResult>;
}

/** Whether a provider is worth asking now. */
export interface ProviderRest {
  /**
   * Milliseconds for which it is asked nothing, since it failed too often: who can come back later
   * should. 0: it may be asked.
   */
  restMs(): number;
}

/** The same for what nobody waits for. */
export interface ProviderPatience {
  /** Milliseconds for which it is asked nothing, since it was asked too often. 0: it may be. */
  waitMs(): number;
}

/** Providers forget idempotency keys after a day: from then on a key says nothing. */
export const keyLifetimeMs = 20 * 3600 * 1000;

/** By our clocks; the provider's may be a little off, which is its implementation's affair. */
export interface CreatedWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface AuthoriseRequest {
  readonly key: string;
  readonly amountMinor: number;
  /**
   * Decimals of the amount. null: an attempt of an older release, whose amount was sent as it is
   * and goes on so, since the bytes of a request are part of its key (PP3).
   */
  readonly currencyDigits: number | null;
  /** ISO 4217, upper case. */
  readonly currency: string;
  /** `pm_…` or `tok_…`. */
  readonly paymentToken: string;
  /** Where the bank's page sends the buyer back to; null: nowhere, a page of ours stays open. */
  readonly returnUrl: string | null;
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
  /** All that was captured was given back. */
  | 'refunded'
  | 'cancelled';

export interface IntentView {
  readonly id: string;
  readonly status: IntentStatus;
  readonly declineCode: string | null;
  /** Of the card that was declined, where the provider names it: the same for the same card. */
  readonly card?: string | null;
  /** What the buyer is to do; there while the status is `action_required`. */
  readonly challenge?: BuyerAction | null;
}

/**
 * Whose fault a refusal is: the buyer's payment method, or what we ask for. Of `access` the
 * provider looks at our credentials only, before the key: it says nothing of earlier calls.
 */
export type RefusalFault = 'buyer' | 'request' | 'access';

/** What used a key up: this very request, which failed at the provider, or another one. */
export type KeySpender = 'failure' | 'other_request';

export type ProviderResult =
  /** The intent as it now is, whether this call changed it or not. */
  | { readonly kind: 'intent'; readonly intent: IntentView }
  | {
      readonly kind: 'declined';
      readonly intentId: string | null;
      readonly declineCode: string;
      /** As in IntentView. */
      readonly card?: string | null;
    }
  /** A definite no: this call did nothing. */
  | { readonly kind: 'refused'; readonly code: string; readonly fault: RefusalFault }
  | { readonly kind: 'key_spent'; readonly by: KeySpender; readonly reason: string }
  | { readonly kind: 'unclear'; readonly reason: string };

/** Refunds of what was captured, each under a key of its own (PP1 to PP3). */
export interface RefundProvider {
  /** Nothing is sent after `notAfterMs`: somebody else may have it by then. */
  sendRefund(request: RefundRequest, notAfterMs: number): Promise<RefundResult>;
  /** That of our id among all of its intent which did not fail; null: there is none. */
  findRefund(request: Pick<RefundRequest, 'intentId' | 'refundId'>): Promise<RefundResult | null>;
  askRefund(providerRefundId: string): Promise<RefundResult>;
}

export interface RefundRequest extends Pick<
  AuthoriseRequest,
  'key' | 'amountMinor' | 'currency' | 'currencyDigits'
> {
  readonly intentId: string;
  /** Comes back as the refund's metadata `refund_id`, beside `attempt_id`. */
  readonly refundId: string;
  readonly attemptId: string;
}

/** Disputes: they are the provider's, and only looked at. */
export interface DisputeProvider {
  /** How it stands now. */
  askDispute(disputeId: string): Promise<DisputeResult>;
  /** Ids of all that were made since then. */
  disputesSince(sinceMs: number): Promise<DisputesFound>;
}

export interface DisputeSeen {
  readonly kind: 'dispute';
  readonly id: string;
  /** null: of no payment of ours. */
  readonly attemptId: string | null;
  /** The provider's words. */
  readonly status: string;
  readonly reason: string;
  /** In the provider's unit, as what follows. */
  readonly amount: number;
  /** Of it out of the account now, without fees. */
  readonly withdrawn: number;
  /** When the provider no longer takes evidence. */
  readonly dueAtMs: number | null;
}

/** What came instead of what was asked for. */
export type Unanswered = Extract<ProviderResult, { kind: 'refused' | 'key_spent' | 'unclear' }>;

export type DisputeResult = DisputeSeen | Unanswered;
export type DisputesFound =
  | { readonly kind: 'found'; readonly ids: readonly string[] }
  | Unanswered;

export type RefundResult =
  | {
      readonly kind: 'refund';
      /** `re_…` */
      readonly id: string;
      readonly status: 'pending' | 'succeeded' | 'failed';
      /** Why it failed. */
      readonly failure: string;
    }
  | Unanswered;
