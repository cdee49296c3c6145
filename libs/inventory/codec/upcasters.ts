import { byBuyer, bySystem, byUnnamedOperator, type By } from '../by.js';
import type { FactType } from '../facts.js';
import { factKinds } from './fact-kinds.js';

/** A fact's fields as some version wrote them. */
export type Payload = Readonly<Record<string, unknown>>;

type Upcaster = (old: Payload) => Payload;

/** What the version added is not among the fact's own fields: see byOfOld. */
const sameFields: Upcaster = (old) => old;

/**
 * How an old payload becomes the next version's, applied one after the other when bytes are
 * decoded; `evolve` only ever sees facts as they are written now. Entry i raises version i + 1.
 */
export const upcasters: Readonly<Record<FactType, readonly Upcaster[]>> = {
  SaleOpened: [sameFields],
  SaleClosed: [sameFields],
  // What each place cost was not written down.
  SeatsHeld: [sameFields, (old) => ({ ...old, prices: null })],
  HoldExtended: [sameFields],
  HoldReleased: [sameFields],
  HoldExpired: [sameFields],
  PaymentBegun: [sameFields],
  PaymentFailed: [sameFields],
  SeatsBooked: [sameFields],
  SeatsBookedLate: [],
  // Until then they were always for sale again.
  BookingCancelled: [sameFields, sameFields],
  // Version 1 did not record why seats were blocked.
  SeatsBlocked: [(old) => ({ ...old, reason: '' }), sameFields],
  SeatsUnblocked: [sameFields],
  CommandRefused: [sameFields, sameFields],
  RulesChanged: [],
  EventCancelled: [],
};

export function upcast(type: FactType, version: number, payload: Payload): Payload {
  let current = payload;
  for (let at = version; at < factKinds[type].version; at++) {
    const raise = upcasters[type][at - 1];
    if (raise === undefined) throw new TypeError(`${type} has no upcaster from version ${at}`);
    current = raise(current);
  }
  return current;
}

/**
 * Who caused a fact whose version does not say so: who usually does. What names no command was
 * caused by time. A refusal does not tell which command it refused; buyers choose ids of their own.
 */
export function byOfOld(type: FactType, hasCause: boolean): By {
  return hasCause ? usualCauser[type] : bySystem;
}

const usualCauser: Readonly<Record<FactType, By>> = {
  SaleOpened: byUnnamedOperator,
  SaleClosed: byUnnamedOperator,
  SeatsHeld: byBuyer,
  HoldExtended: byBuyer,
  HoldReleased: byBuyer,
  HoldExpired: bySystem,
  PaymentBegun: bySystem,
  PaymentFailed: bySystem,
  SeatsBooked: bySystem,
  SeatsBookedLate: bySystem,
  BookingCancelled: bySystem,
  SeatsBlocked: byUnnamedOperator,
  SeatsUnblocked: byUnnamedOperator,
  RulesChanged: byUnnamedOperator,
  EventCancelled: byUnnamedOperator,
  CommandRefused: byBuyer,
};
