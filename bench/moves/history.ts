import { makeHoldId } from '#libs/contracts/ids.js';
import type { EventId, SeatIndex, UserId } from '#libs/inventory/ids.js';
import type { CallResult, InventoryCall } from '#libs/routing/inventory-call.js';
import { systemRandom } from '#libs/platform/random.js';
import type { ClusterLink } from '#ops/holdfastctl/link.js';

const buyers = 1_000;
/** Held at a time, each by a loop of its own. */
const loops = 256;

/**
 * So many commands for an event, half of them holds and half of them releases: its window of
 * command ids is then as full as that of an event which has sold for a while. `seats`: those that
 * nobody else wants.
 */
export async function makeHistory(
  link: ClusterLink,
  eventId: EventId,
  seats: readonly SeatIndex[],
  commands: number,
): Promise<void> {
  const { inventory } = link.cluster;
  let left = Math.ceil(commands / 2);
  const call = async (userId: UserId, request: InventoryCall['request']): Promise<void> => {
    const commandId = inventory.nextCommandId();
    const result = await inventory.call({ eventId, commandId, keyed: false, userId, request });
    if (!isDone(result)) throw new Error(`${request.type}: ${JSON.stringify(result)}`);
  };
  const loop = async (first: number): Promise<void> => {
    for (let n = first; left > 0; n += loops) {
      left -= 1;
      const holdId = makeHoldId(eventId, systemRandom.token(20));
      const userId = `usr_history${n % buyers}` as UserId;
      const named = [seats[n % seats.length]];
      await call(userId, { type: 'HoldSeats', holdId, seats: named, areas: [], best: [] });
      await call(userId, { type: 'ReleaseHold', holdId });
    }
  };
  await Promise.all(Array.from({ length: loops }, (_, i) => loop(i)));
}

const isDone = (result: CallResult): boolean =>
  result.kind === 'answered' && result.answer.kind === 'accepted';
