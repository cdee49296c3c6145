import { refusalErrors, type ErrorCode, type ErrorExtras } from '#libs/contracts/errors.js';
import type { PublicLayout } from '#libs/catalogue/catalogue.js';
import type { Refusal } from '#libs/inventory/refusal-codes.js';
import type { CallResult } from '#libs/routing/inventory-call.js';
import { unreachable } from '#libs/platform/assert.js';

import type { EventEntry } from '../../events/event-book.js';
import type { Exchange } from '../../http/exchange.js';

import { quoteExtras } from './price-lines.js';

/** Anything but the answer that was asked for, in the words of the API. */
export type Failure = Exclude<CallResult, { kind: 'answered' } | { kind: 'found' }>;

export function answerFailure(exchange: Exchange, failure: Failure, extras?: ErrorExtras): void {
  const { code, retryAfterMs } = failureOf(failure);
  const wait = retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs };
  exchange.error(code, { ...wait, ...extras });
}

function failureOf(failure: Failure): { code: ErrorCode; retryAfterMs?: number } {
  switch (failure.kind) {
    // Only events of the catalogue get this far: the shard reads a database that is behind it, as
    // one that was just replaced by its standby. Nothing was done.
    case 'unknown_event':
      return { code: 'unavailable', retryAfterMs: 1_000 };
    case 'overloaded':
      return { code: 'overloaded', retryAfterMs: failure.retryAfterMs };
    case 'unknown':
      return { code: 'outcome_unknown', retryAfterMs: failure.retryAfterMs };
    case 'unavailable':
      return {
        code: failure.executed === 'no' ? 'unavailable' : 'outcome_unknown',
        retryAfterMs: failure.retryAfterMs,
      };
    default:
      return unreachable(failure);
  }
}

/** Where the wire's own names and the public ones differ. */
const fieldNames: readonly (readonly [RegExp, string])[] = [
  [/^seats\b/, 'seat_ids'],
  [/^best\b/, 'best_available'],
  [/^holdId$/, 'reservation_id'],
  [/priceMax$/, 'price_max'],
  [/maySplit$/, 'may_split'],
  [/having$/, 'with'],
  [/avoiding$/, 'avoid'],
  [/^expectedTotal$/, 'expected_total'],
];

export function answerRefusal(
  exchange: Exchange,
  entry: EventEntry,
  refusal: Refusal,
  extras?: ErrorExtras,
): void {
  const { layout } = entry;
  exchange.error(refusalErrors[refusal.code], {
    ...(refusal.seats === undefined ? {} : namedSeats(layout, refusal.seats)),
    ...(refusal.areas === undefined ? {} : { areas: areaNames(layout, refusal.areas) }),
    ...(refusal.alternative === undefined
      ? {}
      : { alternative: namedSeats(layout, refusal.alternative) }),
    ...(refusal.limit === undefined ? {} : { limit: refusal.limit }),
    ...(refusal.left === undefined ? {} : { left: refusal.left }),
    ...(refusal.field === undefined ? {} : { field: publicField(refusal.field) }),
    ...(refusal.quote === undefined ? {} : quoteExtras(entry, refusal.quote)),
    ...extras,
  });
}

const publicField = (field: string): string =>
  fieldNames.reduce((name, [from, to]) => name.replace(from, to), field);

const namedSeats = (layout: PublicLayout, seats: readonly number[]) => ({
  seat_ids: seatIds(layout, seats),
  seat_labels: seats.map((seat) => layout.labels.of(seat)),
});

export const seatIds = (layout: PublicLayout, seats: readonly number[]): string[] =>
  seats.map((seat) => layout.seats.ids[seat]);

export const areaNames = (layout: PublicLayout, areas: readonly number[]): string[] =>
  areas.map((area) => layout.layout.areas[area].name);
