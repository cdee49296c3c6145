/** What the payments simulator takes as a card, and so does Stripe's own test mode. */
export const cards = [
  'pm_card_visa',
  'pm_card_mastercard',
  'pm_card_authenticationRequired',
  'pm_card_processing',
  'pm_card_chargeDeclined',
  'pm_card_chargeDeclinedInsufficientFunds',
] as const;

export type Card = (typeof cards)[number];
