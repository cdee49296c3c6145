import type { HoldId, UserId } from '#libs/inventory/inventory.js';
import type { SimEvent } from './hall.js';
import type { MoneyVerdict } from './payments/judge-money.js';

/** Where buyers pay in a simulated run. null in the world: they pay by commands, without money. */
export interface SimPayments {
  start(): void;
  pay(userId: UserId, event: SimEvent, hold: { readonly holdId: HoldId }): Promise<void>;
  /** kill -9 of a payments process; its name, null when there is none alive. */
  crash(): string | null;
  /** Clocks are right, everybody runs. */
  heal(): void;
  /** Every attempt is in a final state. */
  settled(): boolean;
  judge(): MoneyVerdict;
}
