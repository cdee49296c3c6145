import type { Exchange } from '../http/exchange.js';
import type { QuickHandler, Route } from '../http/route.js';
import { rows, type Row } from './reservations/rows.js';

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

/** Operations that can do without the general way, see Route.quick. */
export type QuickHandlers = Readonly<Partial<Record<OperationId, QuickHandler>>>;

export function routesWith(handlers: Handlers, quick: QuickHandlers = {}): readonly Route[] {
  return routeRows.map((row) => {
    const operationId = row.operationId as OperationId;
    const own = quick[operationId];
    const handle = handlers[operationId];
    return own === undefined ? { ...row, handle } : { ...row, handle, quick: own };
  });
}
