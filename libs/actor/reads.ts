import {
  areaCounts,
  counts,
  holdView,
  seatStatuses,
  type AreaIndex,
  type Counts,
  type InventoryState,
  type UserId,
  shownSaleStatus,
} from '#libs/inventory/inventory.js';
import type { Query, Reply, SeatMapView } from '#libs/contracts/wire.js';

/** What an actor knows beside its state. */
export interface ReadContext {
  readonly incarnation: string;
  readonly epoch: number;
  readonly batchNo: number;
  readonly mailbox: number;
  readonly nowMs: number;
  /** Who asks: an ended hold is spoken of only to its own buyer. */
  readonly userId: UserId;
}

export interface ActorSummary extends Counts {
  readonly version: number;
  readonly saleStatus: 'scheduled' | 'open' | 'closed';
}

export function summaryOf(state: InventoryState): ActorSummary {
  const { version } = state;
  return { version, saleStatus: shownSaleStatus(state), ...counts(state) };
}

/** Answers a query from the state in memory; the answer leaves behind the output gate. */
export function read(state: InventoryState, query: Query, context: ReadContext): Reply {
  switch (query.type) {
    case 'GetHold':
      return readHold(state, query, context);
    case 'GetSeatMap':
      return { kind: 'found', view: seatMapOf(state, context.epoch) };
    case 'DescribeEvent':
      return {
        kind: 'found',
        view: {
          type: 'event_view',
          incarnation: context.incarnation,
          epoch: context.epoch,
          version: state.version,
          batchNo: context.batchNo,
          mailbox: context.mailbox,
          ...counts(state),
          saleStatus: shownSaleStatus(state),
        },
      };
  }
}

/** A hold past its deadline is gone, whether or not its expiry has been written yet. */
function readHold(
  state: InventoryState,
  { holdId }: Extract<Query, { type: 'GetHold' }>,
  { nowMs, userId }: ReadContext,
): Reply {
  const view = holdView(state, holdId);
  if (view !== null && view.deadlineMs > nowMs) return { kind: 'found', view };
  const ended = state.endedHolds.get(holdId);
  const expired = view !== null || ended?.end === 'expired';
  const own = (view ?? ended)?.userId === userId;
  const code = expired && own ? 'hold_expired' : 'hold_not_found';
  return { kind: 'answered', answer: { kind: 'refused', refusal: { code } }, replayed: false };
}

function seatMapOf(state: InventoryState, epoch: number): SeatMapView {
  return {
    type: 'seat_map',
    epoch,
    version: state.version,
    saleStatus: shownSaleStatus(state),
    statuses: seatStatuses(state),
    areas: state.layout.areas.map((_, area) => areaCounts(state, area as AreaIndex)),
  };
}
