import type { TSchema } from 'typebox';

import type { Exchange } from '../http/exchange.js';
import type { QuickHandler, Route } from '../http/route.js';

/**
 * A part of the API that stands in a folder of its own: `rows.ts` says what its routes take and
 * give, `schemas.ts` has the shapes, `handlers.ts` answers. The three meet in table.ts, on a line.
 */
export type Row = Omit<Route, 'handle' | 'quick'>;

/** By operation id. */
export type Rows = Readonly<Record<string, Omit<Row, 'operationId'>>>;

export type Handle = (exchange: Exchange) => void | Promise<void>;

/** For an operation that can do without the general way, see Route.quick. */
export interface QuickHandle {
  readonly handle: Handle;
  readonly quick: QuickHandler;
}

/** One for each row, and none for anything else. */
export type Handlers<Of extends Rows> = Readonly<Record<keyof Of, Handle | QuickHandle>>;

/** `Parts` is what the area is made of: as little as its handlers use. */
export interface Area<Parts> {
  readonly rows: Rows;
  /** What the document calls by name. */
  readonly schemas: Readonly<Record<string, TSchema>>;
  readonly handlers: (parts: Parts) => Readonly<Record<string, Handle | QuickHandle>>;
}

export function area<Of extends Rows, Parts>(
  rows: Of,
  schemas: Readonly<Record<string, TSchema>>,
  handlers: (parts: Parts) => Handlers<Of>,
): Area<Parts> {
  return { rows, schemas, handlers };
}

/** What all of them are made of together. */
export type PartsOf<Areas extends readonly Area<never>[]> = [Areas[number]['handlers']] extends [
  (parts: infer Parts) => unknown,
]
  ? Parts
  : never;
