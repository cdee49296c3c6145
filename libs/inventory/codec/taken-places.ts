import type { ByteReader } from './byte-reader.js';
import type { AreaQuantity } from '../commands.js';
import type { SeatIndex } from '../ids.js';
import { areaFree, SeatStatus, type InventoryState } from '../state/state.js';

/** Takes free seats of a state that is being read; refuses one that is not there or not free. */
export function takeSeats(
  from: ByteReader,
  { statusOfSeat, freeInRow, layout, seatCounts }: InventoryState,
  seats: readonly SeatIndex[],
  status: SeatStatus,
): void {
  for (let i = 0; i < seats.length; i++) {
    const seat = seats[i];
    if (statusOfSeat[seat] !== SeatStatus.free) from.fail('seat unknown or taken twice');
    statusOfSeat[seat] = status;
    freeInRow[layout.rowOfSeat[seat]]--;
  }
  seatCounts[SeatStatus.free] -= seats.length;
  seatCounts[status] += seats.length;
}

/** `counts`: of the areas, for what they are taken. */
export function takeAreas(
  from: ByteReader,
  state: InventoryState,
  areas: readonly AreaQuantity[],
  counts: Uint32Array,
): void {
  for (let i = 0; i < areas.length; i++) {
    const { area, quantity } = areas[i];
    if (area >= counts.length || quantity > areaFree(state, area)) from.fail('area overfull');
    counts[area] += quantity;
  }
}
