import type { HoldSeats } from '../commands.js';
import { IdKey, newUserKey } from '../state/id-key.js';
import { commandIds, holdIds, userIds } from '../state/id-reader.js';
import type { CommandId, UserId } from '../ids.js';
import { idBytesMax } from './shape.js';
import type { InventoryState } from '../state/state.js';

/** So many commands are looked at together; what they touch fits in the nearest caches. */
export const foreseenMax = 64;

/** Only written: a sum that nobody kept would be optimised away together with the reading. */
const last = { sum: 0 };

/**
 * Looks at holds before they are decided: packs their ids, and reads everything that they will look
 * at in places nobody can foresee, the cells of three ids and the seats in three columns. Each lies
 * in memory that the frame and the holds before have pushed out of the near caches; read one after
 * the other, between the steps of a decision, every one of them is waited for. Here the waits
 * overlap, those of one hold and those of one hold with the next.
 *
 * F1  It decides nothing and changes nothing of a state: a command that was foreseen and one that
 *     was not get the same answer and facts, whatever was foreseen and in whatever order.
 * F2  A packed id is used for the very id it was packed from (IdReader), never by its place.
 *
 * One for all events: who decides a batch first lets it look, without an await in between.
 */
class Foresight {
  private readonly commands = lanes(() => new IdKey());
  private readonly users = lanes(newUserKey);
  private readonly holds = lanes(() => new IdKey());
  private count = 0;
  private next = 0;

  /** Forgets what was expected before. */
  clear(): void {
    this.count = 0;
    this.next = 0;
  }

  /** In the order in which they will be decided; at most `foreseenMax` of them. */
  expect(state: InventoryState, commandId: CommandId, userId: UserId, command: HoldSeats): void {
    const { holdId, seats } = command;
    const { count } = this;
    if (count === foreseenMax) return;
    if (!(isPackable(commandId) && isPackable(userId) && isPackable(holdId))) return;
    this.commands[count].read(commandId);
    this.users[count].read(userId);
    this.holds[count].read(holdId);
    this.count = count + 1;
    const { statusOfSeat, holdOfSeat, placeOfSeat, layout } = state;
    let sum = 0;
    for (let i = 0; i < seats.length; i++) {
      const seat = seats[i];
      if (!(seat < layout.seatCount)) break;
      sum += statusOfSeat[seat] + holdOfSeat[seat] + placeOfSeat[seat];
    }
    last.sum = sum | 0;
  }

  /** Reads the cells of all that is expected. */
  touch({ window, placesOfBuyer, holds }: InventoryState): void {
    let sum = 0;
    for (let i = 0; i < this.count; i++) {
      sum += window.touch(this.commands[i]);
      sum += placesOfBuyer.touch(this.users[i]);
      sum += holds.touch(this.holds[i]);
    }
    last.sum = sum | 0;
  }

  /** For `decide`: a hold is decided now, expected or not. */
  meet(state: InventoryState, commandId: CommandId, userId: UserId, command: HoldSeats): void {
    let at = this.next;
    while (at < this.count && !this.commands[at].isOf(commandId)) at++;
    if (at >= this.count) {
      this.clear();
      this.expect(state, commandId, userId, command);
      if (this.count === 0) return;
      this.touch(state);
      at = 0;
    }
    this.next = at + 1;
    commandIds.turnTo(this.commands[at]);
    userIds.turnTo(this.users[at]);
    holdIds.turnTo(this.holds[at]);
  }
}

export const foresight = new Foresight();

function lanes(make: () => IdKey): readonly IdKey[] {
  return Array.from({ length: foreseenMax }, make);
}

/** Nothing was checked yet. */
function isPackable(id: unknown): boolean {
  return typeof id === 'string' && id.length <= idBytesMax;
}
