import {
  areaCounts,
  counts,
  holdView,
  seatStatuses,
  type AreaIndex,
  type InventoryState,
} from '#libs/inventory/inventory.js';
import type { Query, Reply, SeatMapView } from '#libs/contracts/wire.js';

/** What an actor knows beside its state. */
export interface ReadContext {
  readonly incarnation: string;
  readonly epoch: number;
  readonly batchNo: number;
  readonly mailbox: number;
  readonly nowMs: number;
}

/** Answers a query from the state in memory; the answer leaves behind the output gate. */
export function read(state: InventoryState, query: Query, context: ReadContext): Reply {
  switch (query.type) {
    case 'GetHold':
      return readHold(state, query, context.nowMs);
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
          saleStatus: state.saleStatus,
        },
      };
  }
}

/** A hold past its deadline is gone, whether or not its expiry has been written yet. */
function readHold(
  state: InventoryState,
  { holdId }: Extract<Query, { type: 'GetHold' }>,
  nowMs: number,
): Reply {
  const view = holdView(state, holdId);
  if (view !== null && view.deadlineMs > nowMs) return { kind: 'found', view };
  const ended = view !== null || state.endedHolds.get(holdId)?.end === 'expired';
  const code = ended ? 'hold_expired' : 'hold_not_found';
  return { kind: 'answered', answer: { kind: 'refused', refusal: { code } }, replayed: false };
}

function seatMapOf(state: InventoryState, epoch: number): SeatMapView {
  return {
    type: 'seat_map',
    epoch,
    version: state.version,
    saleStatus: state.saleStatus,
    statuses: seatStatuses(state),
    areas: state.layout.areas.map((_, area) => areaCounts(state, area as AreaIndex)),
  };
}
