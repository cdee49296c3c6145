import { currencyDigits, isCurrency } from '#libs/contracts/money/currencies.js';
import { stripeAmountOf } from '#libs/contracts/money/stripe-charging.js';

/** What Stripe's form is told of a payment. */
export interface CardFormAmount {
  /** Minor units of the currency, as the shop counts. */
  readonly amount: number;
  /** ISO 4217, upper case. */
  readonly currency: string;
}

/** In units of Stripe's: 100 times ours for ISK and UGX. Throws when there is none for it. */
export function cardFormOptions({ amount, currency }: CardFormAmount) {
  const digits = isCurrency(currency) ? currencyDigits(currency) : 2;
  const charged = stripeAmountOf({ minor: amount, digits, currency });
  if (charged === null) throw new Error(`Stripe has no number for ${amount} of ${currency}`);
  return {
    mode: 'payment',
    captureMethod: 'manual',
    paymentMethodCreation: 'manual',
    amount: charged,
    currency: currency.toLowerCase(),
    paymentMethodTypes: ['card'],
  } as const;
}

/** A card that is typed in: wallets come with sheets and domains of their own. */
export const cardElementOptions = {
  wallets: { applePay: 'never', googlePay: 'never', link: 'never' },
} as const;
