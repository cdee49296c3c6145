import { createHash } from 'node:crypto';
import {
  UnknownFactKind,
  decodeFacts,
  type AreaQuantity,
  type Fact,
  type FactType,
} from '#libs/inventory/inventory.js';
import type { HistoryBatch } from './office.js';

/**
 * The course of a sale as its map shows it: of each fact what it did to seats and places, and when.
 * Whoever folds the steps in order sees the map of any moment (G9); who bought is not in them.
 *
 * SS1  No step tells of people: no buyer, no reservation, no booking, no name of an operator. What
 *      belongs together has a mark that is made of the hold's id and leads back to nobody.
 * SS2  A fact that changes no place is no step; one of a newer release is a step that says so.
 */
export interface SaleStep {
  readonly atMs: number;
  readonly what: FactType | 'Unknown';
  /** The same for all steps of one hold, whose places are those of its `SeatsHeld` at first. */
  readonly hold?: string;
  /** Indexes in the plan. */
  readonly seats?: readonly number[];
  readonly areas?: readonly AreaQuantity[];
  /** Of `BookingCancelled`: the places are blocked from then on, else free. */
  readonly offSale?: true;
}

/** Of one batch, in order. */
export function saleSteps({ facts }: HistoryBatch): SaleStep[] {
  if (facts.length === 0) return [];
  try {
    return decodeFacts(facts).flatMap(stepOf);
  } catch (error) {
    if (!(error instanceof UnknownFactKind)) throw error;
    return [{ atMs: 0, what: 'Unknown' }];
  }
}

function stepOf(fact: Fact): SaleStep[] {
  const { atMs, type: what } = fact;
  switch (fact.type) {
    case 'SaleOpened':
    case 'SaleClosed':
    case 'EventCancelled':
      return [{ atMs, what }];
    case 'HoldExpired':
      return [{ atMs, what, hold: markOf(fact.holdId) }];
    case 'SeatsHeld':
    case 'HoldReleased':
    case 'SeatsBooked':
      return [{ atMs, what, hold: markOf(fact.holdId), seats: fact.seats, areas: fact.areas }];
    case 'BookingCancelled': {
      const { seats, areas, offSale } = fact;
      return [{ atMs, what, seats, areas, ...(offSale === undefined ? {} : { offSale }) }];
    }
    case 'SeatsBookedLate':
    case 'SeatsBlocked':
    case 'SeatsUnblocked':
      return [{ atMs, what, seats: fact.seats, areas: fact.areas }];
    case 'HoldExtended':
    case 'PaymentBegun':
    case 'PaymentFailed':
    case 'RulesChanged':
    case 'CommandRefused':
      return [];
  }
}

/** SS1: 72 bits, so that two holds of one event never have the same. */
const markOf = (holdId: string): string =>
  createHash('sha256').update(holdId).digest('base64url').slice(0, 12);
