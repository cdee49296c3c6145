import type { By } from '#libs/inventory/by.js';
import type { Fact, FactType } from '#libs/inventory/facts.js';

/** Who may cause what. Nobody else can, whatever command he sends. */
const causers: Readonly<Record<FactType, readonly By['role'][]>> = {
  SaleOpened: ['operator', 'system'],
  SaleClosed: ['operator', 'system'],
  SeatsHeld: ['buyer', 'operator'],
  HoldExtended: ['buyer', 'operator'],
  HoldReleased: ['buyer', 'operator', 'system'],
  HoldExpired: ['system'],
  PaymentBegun: ['system', 'operator'],
  PaymentFailed: ['system', 'operator'],
  SeatsBooked: ['system', 'operator'],
  SeatsBookedLate: ['system', 'operator'],
  BookingCancelled: ['system', 'operator'],
  SeatsBlocked: ['operator', 'system'],
  SeatsUnblocked: ['operator', 'system'],
  RulesChanged: ['operator', 'system'],
  EventCancelled: ['operator', 'system'],
  CommandRefused: ['buyer', 'operator', 'system'],
};

/** What no command caused was caused by time, and that is the system. */
export function mayCause({ type, cause, by }: Fact): boolean {
  return cause === undefined ? by.role === 'system' : causers[type].includes(by.role);
}
