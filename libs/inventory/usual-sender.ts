import { byBuyer, bySystem, byUnnamedOperator, type By } from './by.js';
import type { CommandType } from './commands.js';

/**
 * Who usually sends such a command: what is meant when a command does not say who sent it. It is
 * said only where it is somebody else, or somebody with a name.
 */
export function usualSender(type: CommandType): By {
  return type === 'HoldSeats' ? byBuyer : senders[type];
}

const senders: Readonly<Record<CommandType, By>> = {
  OpenSale: byUnnamedOperator,
  CloseSale: byUnnamedOperator,
  HoldSeats: byBuyer,
  ExtendHold: byBuyer,
  ReleaseHold: byBuyer,
  BeginPayment: bySystem,
  FailPayment: bySystem,
  BookHold: bySystem,
  BookLate: bySystem,
  CancelBooking: bySystem,
  BlockSeats: byUnnamedOperator,
  UnblockSeats: byUnnamedOperator,
  ChangeRules: byUnnamedOperator,
  CancelEvent: byUnnamedOperator,
  Tick: bySystem,
};
