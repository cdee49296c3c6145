import type { BestAvailable } from '../commands.js';
import { isForSale, type InventoryLayout } from '../layout.js';
import type { InventoryState } from '../state/state.js';

/** The filters of a best-available request, worked out per category once. */
export class SeatFilter {
  constructor(
    private readonly layout: InventoryLayout,
    private readonly section: number | undefined,
    /** 1 for a category that may be taken. */
    private readonly categories: Uint8Array,
    /** Of its flags with `mask`, a seat has just these. */
    private readonly mask: number,
    private readonly having: number,
  ) {}

  /** Names what allowsSeat() says of each seat. */
  get seatsAllowed(): string {
    return `${this.mask} ${this.having} ${this.categories.join('')}`;
  }

  allowsRow(row: number): boolean {
    return this.section === undefined || this.layout.sectionOfRow[row] === this.section;
  }

  allowsSeat(seat: number): boolean {
    if (this.categories[this.layout.categoryOfSeat[seat]] !== 1) return false;
    return (this.layout.flagsOfSeat[seat] & this.mask) === this.having;
  }
}

export function seatFilter(state: InventoryState, request: BestAvailable): SeatFilter {
  const { layout, rules } = state;
  const priceMax = request.priceMax ?? Infinity;
  const categories = Uint8Array.from(layout.categories, (_, category) => {
    const wanted = request.category === undefined || request.category === category;
    const price = rules.prices[category];
    return wanted && isForSale(price) && price <= priceMax ? 1 : 0;
  });
  const { section, having = 0, avoiding = 0 } = request;
  return new SeatFilter(layout, section, categories, having | avoiding, having);
}

/** From the focal point, in square plan units; exact for whole coordinates. */
export function squaredDistance(layout: InventoryLayout, seat: number): number {
  const dx = layout.x[seat] - layout.focalX;
  const dy = layout.y[seat] - layout.focalY;
  return dx * dx + dy * dy;
}
