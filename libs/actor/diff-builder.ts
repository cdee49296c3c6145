import { areaCounts, type AreaIndex, type InventoryState } from '#libs/inventory/inventory.js';
import type { Changes, EventId, Version } from '#libs/inventory/inventory.js';
import type { HoldNote, SaleStatusCode, SeatDiff } from '#libs/contracts/wire.js';
import { assert } from '#libs/platform/assert.js';

/**
 * Gathers what a batch changes on the seat map. A seat that changes twice in one batch appears
 * once, with its last status: nobody could have seen the one between (G6).
 */
export class DiffBuilder {
  private seats = new Map<number, number>();
  private areas = new Set<AreaIndex>();
  private notes: HoldNote[] = [];
  private saleStatus: SaleStatusCode | null = null;
  private from: Version;
  private sealed: SeatDiff | null = null;

  constructor(
    private readonly eventId: EventId,
    private readonly epoch: number,
    private readonly state: InventoryState,
  ) {
    this.from = state.version;
  }

  add(changes: Changes): void {
    for (const seat of changes.seats) this.seats.set(seat, changes.status);
    for (const { area } of changes.areas) this.areas.add(area);
    if (changes.note !== undefined) this.notes.push(changes.note);
    if (changes.saleStatus !== undefined) this.saleStatus = changes.saleStatus;
  }

  /** Everything added so far is one diff; the state is where that diff leads to. */
  seal(): void {
    assert(this.sealed === null, 'one diff at a time waits for its batch');
    this.sealed = {
      eventId: this.eventId,
      epoch: this.epoch,
      from: this.from,
      to: this.state.version,
      seats: this.seatPairs(),
      areas: this.areaGroups(),
      notes: this.notes,
      ...(this.saleStatus === null ? {} : { saleStatus: this.saleStatus }),
    };
    this.from = this.state.version;
    this.seats = new Map(); // Never cleared: see ReplyOutbox.
    this.areas = new Set();
    this.notes = [];
    this.saleStatus = null;
  }

  /** The sealed diff, once its batch is durable. */
  take(): SeatDiff {
    const { sealed } = this;
    assert(sealed !== null, 'a diff was sealed with its batch');
    this.sealed = null;
    return sealed;
  }

  private seatPairs(): number[] {
    const pairs: number[] = [];
    for (const [seat, status] of this.seats) pairs.push(seat, status);
    return pairs;
  }

  private areaGroups(): number[] {
    const groups: number[] = [];
    for (const area of this.areas) {
      const { held, booked, blocked } = areaCounts(this.state, area);
      groups.push(area, held, booked, blocked);
    }
    return groups;
  }
}
