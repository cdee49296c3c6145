import {
  decide,
  evolve,
  seatStatuses,
  SeatStatus,
  type InventoryState,
} from '#libs/inventory/inventory.js';
import { hallOf, holdOf, openSale } from '#libs/inventory/inputs.bench.js';
import { buyerLimit, type Hold, type SingleStore } from '../hold-store.js';

/** Holdfast's own core with all its rules, and no journal: what deciding alone would allow. */
export function actorWithoutJournal(): SingleStore {
  const states = new Map<number, InventoryState>();
  return {
    kind: 'single',
    addEvent(event, seats) {
      states.set(event, openSale(hallOf(seats), buyerLimit));
      return Promise.resolve();
    },
    hold({ event, seat, buyer, command }) {
      const state = stateOf(states, event);
      const decision = decide(state, holdOf(seat, command, `usr_${buyer}`, `rsv_${command}`));
      if (decision.kind !== 'accepted') return false;
      for (const fact of decision.facts) evolve(state, fact);
      return true;
    },
    held(event) {
      const statuses = seatStatuses(stateOf(states, event));
      return Promise.resolve(statuses.filter((status) => status === SeatStatus.held).length);
    },
    stop: () => Promise.resolve(),
  };
}

/**
 * Looks, thinks and then takes, as many a first version does: two buyers who look at the same time
 * both get the seat. It is part of the suite to show that the oracle finds what it is there for.
 */
export function sellsTwice(): SingleStore {
  const holders = new Map<string, number>();
  const nameOf = ({ event, seat }: Pick<Hold, 'event' | 'seat'>): string => `${event} ${seat}`;
  return {
    kind: 'single',
    addEvent: () => Promise.resolve(),
    async hold(hold) {
      if (holders.has(nameOf(hold))) return false;
      await new Promise((resolve) => setImmediate(resolve));
      holders.set(nameOf(hold), hold.buyer);
      return true;
    },
    held: (event) =>
      Promise.resolve([...holders.keys()].filter((name) => name.startsWith(`${event} `)).length),
    stop: () => Promise.resolve(),
  };
}

function stateOf(states: ReadonlyMap<number, InventoryState>, event: number): InventoryState {
  const state = states.get(event);
  if (state === undefined) throw new Error(`there is no event ${event}`);
  return state;
}
