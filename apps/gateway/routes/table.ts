import type { Exchange } from '../http/exchange.js';
import type { Route } from '../http/route.js';
import { rows, type Row } from './rows.js';

/**
 * The route table: every address of the API, what it takes, what it gives, who may ask. Handlers
 * come by operation id, so that the document can be made without a running gateway.
 */
export type Handlers = Readonly<Record<OperationId, (exchange: Exchange) => void | Promise<void>>>;

export type OperationId = keyof typeof rows;

/** In the order of the API, which is also the order of the document. */
export const routeRows: readonly Row[] = Object.entries(rows).map(([operationId, row]) => ({
  operationId,
  ...row,
}));

export const routeIndexOf = (operationId: OperationId): number =>
  routeRows.findIndex((row) => row.operationId === operationId);

export function routesWith(handlers: Handlers): readonly Route[] {
  return routeRows.map((row) => ({ ...row, handle: handlers[row.operationId as OperationId] }));
}
