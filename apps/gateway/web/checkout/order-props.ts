import type { EventDoc, Reservation } from '../shop.js';

/** What is paid for at the checkout, and with what. */
export interface OrderProps {
  readonly reservation: Reservation;
  readonly event: EventDoc;
  /** The last try to pay came to nothing. */
  readonly declined: boolean;
  /** Stripe's publishable key; null: the simulator's cards. */
  readonly stripe: string | null;
}
