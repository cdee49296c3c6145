import type { AreaCounts, SaleStatusCode, SeatDiff, SeatMapView } from '#libs/contracts/wire.js';
import type { InventoryLayout } from '#libs/inventory/layout.js';

/**
 * One event's seats as a gateway knows them, from the owner's map and diffs (G6).
 *
 * SM1  `statuses` is the text that goes to clients, one ASCII letter a seat, kept as bytes: a
 *      snapshot costs a copy and no loop over seats.
 * SM2  Every change since the last takeChanges() is named by it exactly once.
 */
export const statusLetters = ['f', 'h', 'b', 'x'] as const;

const codes = statusLetters.map((letter) => letter.charCodeAt(0));
/** The same for a loop over all seats. */
const codeOf = Uint8Array.from(codes);
/** ASCII letter to SeatStatus. */
const statusOfCode = new Uint8Array(128);
codes.forEach((code, status) => (statusOfCode[code] = status));

export interface MapChanges {
  readonly seats: readonly number[];
  readonly areas: readonly number[];
  readonly saleStatus: boolean;
  /** A map was taken over: what changed and changed back meanwhile is not named. */
  readonly leapt?: boolean;
}

export class SeatMap {
  /** The highest that was heard of. */
  epoch = 0;
  /** Of the owner whose word the statuses are. */
  stateEpoch = 0;
  /** -1 before the first map. */
  version = -1;
  saleStatus: SaleStatusCode = 'scheduled';
  readonly statuses: Buffer;
  readonly areas: AreaCounts[];
  /** Seats by SeatStatus. */
  readonly counts: number[];
  private readonly marked: Uint8Array;
  private changedSeats: number[] = [];
  private readonly changedAreas = new Set<number>();
  private saleChanged = false;
  private leapt = false;

  constructor(layout: InventoryLayout) {
    const { seatCount } = layout;
    this.statuses = Buffer.alloc(seatCount, codes[0]);
    this.marked = new Uint8Array(seatCount);
    this.counts = [seatCount, 0, 0, 0];
    this.areas = layout.areas.map(() => ({ held: 0, booked: 0, blocked: 0 }));
  }

  /** False: the view is not of this plan. */
  fits(view: SeatMapView): boolean {
    return (
      view.statuses.length === this.statuses.length &&
      view.areas.length === this.areas.length &&
      areStatuses(view.statuses)
    );
  }

  /** Takes the owner's map over; only what differs counts as changed. */
  replace(view: SeatMapView): void {
    const { statuses } = view;
    const own = this.statuses;
    for (let seat = 0; seat < statuses.length; seat++) {
      if (codeOf[statuses[seat]] !== own[seat]) this.setSeat(seat, statuses[seat]);
    }
    view.areas.forEach((counts, area) => this.setArea(area, counts));
    this.setSale(view.saleStatus);
    this.leapt ||= view.version !== this.version;
    this.epoch = view.epoch;
    this.stateEpoch = view.epoch;
    this.version = view.version;
  }

  /** The caller has checked that the diff continues this version. False: not of this plan. */
  apply(diff: SeatDiff): boolean {
    const { seats, areas } = diff;
    if (!this.covers(diff)) return false;
    for (let i = 0; i < seats.length; i += 2) this.setSeat(seats[i], seats[i + 1]);
    for (let i = 0; i < areas.length; i += 4) {
      const counts = { held: areas[i + 1], booked: areas[i + 2], blocked: areas[i + 3] };
      this.setArea(areas[i], counts);
    }
    if (diff.saleStatus !== undefined) this.setSale(diff.saleStatus);
    this.epoch = diff.epoch;
    this.stateEpoch = diff.epoch;
    this.version = diff.to;
    return true;
  }

  /** All of a diff is applied or none: half of it would be a wrong map of the right version. */
  private covers({ seats, areas }: SeatDiff): boolean {
    for (let i = 0; i < seats.length; i += 2) {
      if (!(seats[i] < this.statuses.length && seats[i + 1] < codes.length)) return false;
    }
    for (let i = 0; i < areas.length; i += 4) if (!(areas[i] < this.areas.length)) return false;
    return true;
  }

  /** More is known of these areas than their counts, and has changed. */
  touchAreas(areas: readonly number[]): void {
    for (const area of areas) this.changedAreas.add(area);
  }

  get areasChanged(): boolean {
    return this.changedAreas.size > 0;
  }

  letterOf(seat: number): string {
    return statusLetters[statusOfCode[this.statuses[seat]]];
  }

  statusOf(seat: number): number {
    return statusOfCode[this.statuses[seat]];
  }

  /** What changed since the last call, each once. */
  takeChanges(): MapChanges {
    const seats = this.changedSeats;
    for (const seat of seats) this.marked[seat] = 0;
    const { saleChanged: saleStatus, leapt } = this;
    const changes = { seats, areas: [...this.changedAreas], saleStatus, leapt };
    this.changedSeats = [];
    this.changedAreas.clear();
    this.saleChanged = false;
    this.leapt = false;
    return changes;
  }

  private setSeat(seat: number, status: number): void {
    const before = statusOfCode[this.statuses[seat]];
    if (before === status) return;
    this.statuses[seat] = codes[status];
    this.counts[before] -= 1;
    this.counts[status] += 1;
    if (this.marked[seat] === 1) return;
    this.marked[seat] = 1;
    this.changedSeats.push(seat);
  }

  private setArea(area: number, counts: AreaCounts): void {
    const { held, booked, blocked } = this.areas[area];
    if (held === counts.held && booked === counts.booked && blocked === counts.blocked) return;
    this.areas[area] = counts;
    this.changedAreas.add(area);
  }

  private setSale(status: SaleStatusCode): void {
    if (this.saleStatus === status) return;
    this.saleStatus = status;
    this.saleChanged = true;
  }
}

/** The codes are all that fits two bits. */
function areStatuses(statuses: Uint8Array): boolean {
  let bits = 0;
  // The first map comes before the compiler does: an iterator would cost ten times as much.
  for (let seat = 0; seat < statuses.length; seat++) bits |= statuses[seat];
  return bits < codes.length;
}
