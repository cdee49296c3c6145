import type { HoldId, UserId } from '#libs/inventory/inventory.js';
import type { SimEvent } from './hall.js';

/** Where buyers pay in a simulated run; the money of a real system plugs in here. */
export interface SimPayments {
  pay(userId: UserId, event: SimEvent, hold: { readonly holdId: HoldId }): Promise<void>;
  /** kill -9 of the payments process; its name, null when there is none alive. */
  crash(): string | null;
  /** Every attempt is in a final state. */
  settled(): boolean;
}
