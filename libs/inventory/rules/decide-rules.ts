import { levelWithLate, levelWithRules } from '../codec/fact-kinds.js';
import type { AreaCapacity, ChangeRules, Command } from '../commands.js';
import { isForSale, type EventRules, type SaleRules } from '../layout.js';
import { unknownAreas } from './existence.js';
import { areaFreeAt, overdueHolds } from './moment.js';
import type { Refusal } from '../refusal-codes.js';
import { quantityIn } from '../state/seat-lists.js';
import { areaTaken, rulesOf } from '../state/state.js';
import { expire, type Turn, type Verdict } from './turn.js';

/**
 * New rules for what comes after: the order with holds is the journal's. What is held keeps its
 * deadline and its price, what is sold its place.
 */
export function changeRules(turn: Turn, command: ChangeRules): Verdict {
  const { state } = turn;
  const refusal =
    unknownAreas(
      state.layout,
      command.capacities.map(({ area }) => area),
    ) ??
    withdrawnRefusal(state.rules, command) ??
    takenRefusal(turn, command.capacities);
  if (refusal !== null) return refusal;
  if (turn.anyOverdue) expire(turn, overdueHoldsIn(turn, command.capacities));
  const before = rulesOf(state);
  return {
    type: 'RulesChanged',
    atMs: turn.nowMs,
    by: turn.by,
    cause: turn.cause,
    revision: state.rulesRevision + 1,
    before,
    after: { rules: changed(before.rules, command), capacities: resized(before, command) },
    texts: command.texts,
  };
}

/** Below this level nobody can write it down; the command id stays unused. */
export function levelRefusal(command: Command, factLevel: number): Refusal | null {
  return factLevel >= levelNeeded(command) ? null : { code: 'not_finalized' };
}

function levelNeeded(command: Command): number {
  const { type } = command;
  if (type === 'ChangeRules') return levelWithRules;
  if (type === 'BookLate' || type === 'CancelEvent') return levelWithLate;
  return type === 'CancelBooking' && command.offSale === true ? levelWithLate : 0;
}

/** Named one by one: whoever decoded the command may have left other fields in it. */
function changed(rules: SaleRules, { rules: said }: ChangeRules): SaleRules {
  return {
    prices: said.prices ?? rules.prices,
    currency: rules.currency,
    opensAtMs: said.opensAtMs === undefined ? rules.opensAtMs : said.opensAtMs,
    endsAtMs: said.endsAtMs === undefined ? rules.endsAtMs : said.endsAtMs,
    holdTtlMs: said.holdTtlMs ?? rules.holdTtlMs,
    holdTtlMsMax: said.holdTtlMsMax ?? rules.holdTtlMsMax,
    paymentTtlMs: said.paymentTtlMs ?? rules.paymentTtlMs,
    placesPerHoldMax: said.placesPerHoldMax ?? rules.placesPerHoldMax,
    placesPerBuyerMax: said.placesPerBuyerMax ?? rules.placesPerBuyerMax,
    strandedSingles: said.strandedSingles ?? rules.strandedSingles,
    buyers: said.buyers ?? rules.buyers,
    accessibleRelease: said.accessibleRelease ?? rules.accessibleRelease,
    wheelchairsPerBuyerMax: said.wheelchairsPerBuyerMax ?? rules.wheelchairsPerBuyerMax,
    placesPerAddressMax:
      said.placesPerAddressMax === undefined ? rules.placesPerAddressMax : said.placesPerAddressMax,
  };
}

function resized({ capacities }: EventRules, command: ChangeRules): readonly number[] {
  const sizes = [...capacities];
  for (const { area, capacity } of command.capacities) sizes[area] = capacity;
  return sizes;
}

/** What was for sale is taken off sale by blocking it, which says which places. */
function withdrawnRefusal({ prices }: SaleRules, { rules: said }: ChangeRules): Refusal | null {
  const withdrawn = prices.some((price, category) => {
    const next = said.prices?.[category];
    return next !== undefined && isForSale(price) && !isForSale(next);
  });
  return withdrawn ? { code: 'invalid_command', field: 'rules.prices' } : null;
}

/** The first area that would have fewer places than are taken of it; `limit`: so many are. */
function takenRefusal(turn: Turn, capacities: readonly AreaCapacity[]): Refusal | null {
  const { state } = turn;
  for (const { area, capacity } of capacities) {
    const limit = state.areaCapacity[area] - areaFreeAt(turn, area);
    if (limit > capacity) return { code: 'area_full', areas: [area], limit };
  }
  return null;
}

/** All overdue holds in areas that would be too small with them: changes are rare. */
function overdueHoldsIn(turn: Turn, capacities: readonly AreaCapacity[]): readonly number[] {
  const { state } = turn;
  const small = capacities.filter(({ area, capacity }) => areaTaken(state, area) > capacity);
  return overdueHolds(turn).filter((slot) =>
    small.some(({ area }) => quantityIn(state.holds.areasOf(slot), area) > 0),
  );
}
