import type { HoldSeats } from './commands.js';
import { commandKey, holdKey, userKey } from './id-key.js';
import type { CommandId, UserId } from './ids.js';
import type { InventoryState } from './state.js';

/** Only written: a sum that nobody kept would be optimised away together with the reading. */
const last = { sum: 0 };

/**
 * Reads everything that a hold will look at in places nobody can foresee: the cells of its three
 * ids, and its seats in three columns. None of it decides anything. Each lies in memory that the
 * frame and the holds before have pushed out of the near caches; read one after the other, between
 * the steps of a decision, every one of them is waited for. Here the waits overlap, which made a
 * hold 15 % cheaper in the benchmark (best of interleaved runs).
 *
 * Returns the slot of the command in the window, 0 when it is not remembered.
 */
export function touchHold(
  state: InventoryState,
  commandId: CommandId,
  userId: UserId,
  command: HoldSeats,
): number {
  commandKey.read(commandId);
  userKey.read(userId);
  holdKey.read(command.holdId);
  let sum = state.window.touch(commandKey);
  sum += state.placesOfBuyer.touch(userKey) + state.holds.touch(holdKey);
  const { statusOfSeat, holdOfSeat, placeOfSeat, layout } = state;
  const { seats } = command;
  for (let i = 0; i < seats.length; i++) {
    const seat = seats[i];
    if (seat >= layout.seatCount) break;
    sum += statusOfSeat[seat] + holdOfSeat[seat] + placeOfSeat[seat];
  }
  last.sum = sum;
  return state.window.findKey(commandKey);
}
