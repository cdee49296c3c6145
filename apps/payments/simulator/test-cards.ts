import { createHash } from 'node:crypto';

/**
 * Stripe's documented test payment methods and what a charge on each of them does. Names, codes
 * and decline codes are Stripe's own (docs.stripe.com/testing), so that a test written against the
 * simulator means the same against Stripe's test mode.
 *
 * Two are our own, since Stripe has no card whose bank takes its time: `pm_card_processing` and
 * `pm_card_processingDeclined` are `processing` for `processingMs` and then approved or declined.
 *
 * And cards of somebody's own, since Stripe's are everybody's: `pm_1<card>_<name>` behaves as
 * `pm_card_<name>` does, and has the fingerprint of `<card>`, whatever the name.
 */
export type CardBehaviour =
  | { readonly kind: 'approve'; readonly brand: string; readonly last4: string }
  | {
      readonly kind: 'decline';
      readonly code: string;
      readonly declineCode: string;
      readonly message: string;
    }
  /** 3-D Secure: the bank asks its customer first, who may say no. */
  | { readonly kind: 'authenticate'; readonly then: CardBehaviour }
  /** The bank is asked, and answers later. */
  | { readonly kind: 'process'; readonly then: CardBehaviour };

const approve = (brand: string, last4: string): CardBehaviour => ({
  kind: 'approve',
  brand,
  last4,
});

const decline = (code: string, declineCode: string, message: string): CardBehaviour => ({
  kind: 'decline',
  code,
  declineCode,
  message,
});

const declined = (declineCode: string): CardBehaviour =>
  decline('card_declined', declineCode, 'Your card was declined.');

/** Decline behaviours by the suffix that both `pm_card_…` and `pm_card_visa_…` names carry. */
const declines: ReadonlyMap<string, CardBehaviour> = new Map([
  ['chargeDeclined', declined('generic_decline')],
  [
    'chargeDeclinedInsufficientFunds',
    decline('card_declined', 'insufficient_funds', 'Your card has insufficient funds.'),
  ],
  ['chargeDeclinedLostCard', declined('lost_card')],
  ['chargeDeclinedStolenCard', declined('stolen_card')],
  ['chargeDeclinedFraudulent', declined('fraudulent')],
  ['chargeDeclinedExpiredCard', decline('expired_card', 'expired_card', 'Your card has expired.')],
  [
    'chargeDeclinedIncorrectCvc',
    decline('incorrect_cvc', 'incorrect_cvc', "Your card's security code is incorrect."),
  ],
  [
    'chargeDeclinedProcessingError',
    decline(
      'processing_error',
      'processing_error',
      'An error occurred while processing your card. Try again in a little bit.',
    ),
  ],
  [
    'chargeDeclinedVelocityLimitExceeded',
    decline(
      'card_declined',
      'card_velocity_exceeded',
      'Your card was declined for making repeated attempts too frequently or exceeding its ' +
        'amount limit.',
    ),
  ],
]);

const approvals: ReadonlyMap<string, CardBehaviour> = new Map([
  ['visa', approve('visa', '4242')],
  ['visa_debit', approve('visa', '5556')],
  ['mastercard', approve('mastercard', '4444')],
  ['mastercard_debit', approve('mastercard', '3222')],
  ['mastercard_prepaid', approve('mastercard', '5100')],
  ['amex', approve('amex', '8431')],
  ['discover', approve('discover', '9424')],
  ['diners', approve('diners', '5904')],
  ['jcb', approve('jcb', '0505')],
  ['unionpay', approve('unionpay', '0005')],
  ['pendingRefund', approve('visa', '7726')],
  ['refundFail', approve('visa', '5126')],
  ['createDispute', approve('visa', '0259')],
  ['createDisputeProductNotReceived', approve('visa', '2685')],
  ['createDisputeInquiry', approve('visa', '1976')],
  ['threeDSecureOptional', approve('visa', '3055')],
  ['amex_threeDSecureNotSupported', approve('amex', '0005')],
]);

const slowBanks: ReadonlyMap<string, CardBehaviour> = new Map([
  ['processing', { kind: 'process', then: approve('visa', '4242') }],
  ['processingDeclined', { kind: 'process', then: declined('generic_decline') }],
]);

const authentications: ReadonlyMap<string, CardBehaviour> = new Map([
  ['authenticationRequired', asksThen(approve('visa', '3184'))],
  ['threeDSecure2Required', asksThen(approve('visa', '3220'))],
  ['threeDSecureRequired', asksThen(approve('visa', '3063'))],
  [
    'authenticationRequiredChargeDeclinedInsufficientFunds',
    asksThen(decline('card_declined', 'insufficient_funds', 'Your card has insufficient funds.')),
  ],
  [
    'threeDSecureRequiredChargeDeclined',
    asksThen(decline('card_declined', 'generic_decline', 'Your card was declined.')),
  ],
]);

function asksThen(then: CardBehaviour): CardBehaviour {
  return { kind: 'authenticate', then };
}

/**
 * The behaviour of a `pm_card_…` payment method or a `tok_…` token; null when Stripe would not
 * know it.
 */
export function cardBehaviourOf(paymentMethod: string): CardBehaviour | null {
  const name = cardName(paymentMethod);
  if (name === null) return null;
  const bare = name.startsWith('visa_') ? name.slice('visa_'.length) : name;
  const decline = declines.get(bare);
  if (decline !== undefined) return decline;
  return approvals.get(name) ?? authentications.get(name) ?? slowBanks.get(name) ?? null;
}

/**
 * What becomes of a refund to the card: as Stripe's test cards have it, one is `pending` at first,
 * and one is `succeeded` until it fails.
 */
export function refundBehaviourOf(paymentMethod: string): 'succeeds' | 'pending' | 'fails' {
  const name = cardName(paymentMethod);
  if (name === 'pendingRefund') return 'pending';
  return name === 'refundFail' ? 'fails' : 'succeeds';
}

type Disputing = 'fraudulent' | 'product_not_received' | 'inquiry';

const disputing: ReadonlyMap<string, Disputing> = new Map([
  ['createDispute', 'fraudulent'],
  ['createDisputeProductNotReceived', 'product_not_received'],
  ['createDisputeInquiry', 'inquiry'],
]);

/** Why its holder disputes a charge to the card, as soon as it is made; null: he does not. */
export function disputeBehaviourOf(paymentMethod: string): Disputing | null {
  return disputing.get(cardName(paymentMethod) ?? '') ?? null;
}

/** The same for the same card, and for no other; as Stripe's, 16 letters and digits. */
export function cardFingerprintOf(paymentMethod: string): string {
  const card = ownCard.exec(paymentMethod)?.[1] ?? cardName(paymentMethod) ?? paymentMethod;
  return createHash('sha256').update(card).digest('hex').slice(0, 16);
}

const ownCard = /^pm_1([A-Za-z0-9]+)_(.+)$/;

function cardName(paymentMethod: string): string | null {
  const own = ownCard.exec(paymentMethod);
  if (own !== null) return own[2];
  if (paymentMethod.startsWith('pm_card_')) return paymentMethod.slice('pm_card_'.length);
  if (paymentMethod.startsWith('tok_')) return paymentMethod.slice('tok_'.length);
  return null;
}
