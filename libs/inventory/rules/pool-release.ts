import type { AreaIndex } from '../ids.js';
import type { Moment } from './moment.js';
import { poolFlags } from '../state/seat-pool.js';
import { SeatStatus } from '../state/state.js';

/**
 * Which seats of the protected pool are for everybody at one moment, by the event's own rule.
 *
 * PR1  It depends on the rules, the time of the command and what is sold, and on nothing else.
 * PR2  `sold_out`: of the seat's price class nothing outside the pool is free or held. A hold may
 *      lapse, and a pool that opened for a minute of rush would not come back. A price class of
 *      pool seats alone has no rest: there the rest of the section counts, and without one the
 *      seats stay kept.
 */
export class PoolRelease {
  /** By category and by section: 0 not looked at, 1 sold out, 2 not. */
  private readonly categories: Uint8Array;
  private readonly sections: Uint8Array;

  private constructor(private readonly moment: Moment) {
    const { layout } = moment.state;
    this.categories = new Uint8Array(layout.categories.length);
    this.sections = new Uint8Array(layout.sections.length);
  }

  /** Null: all of the pool is kept. */
  static at(moment: Moment): PoolRelease | null {
    const { accessibleRelease } = moment.state.rules;
    if (accessibleRelease === 'never') return null;
    if (accessibleRelease !== 'sold_out' && moment.nowMs < accessibleRelease) return null;
    return new PoolRelease(moment);
  }

  has(seat: number): boolean {
    const { layout, rules, pool } = this.moment.state;
    if (rules.accessibleRelease !== 'sold_out' || pool === null) return true;
    const category = layout.categoryOfSeat[seat];
    if (pool.restOfCategory[category] > 0) {
      this.categories[category] ||= this.isCategorySold(category) ? 1 : 2;
      return this.categories[category] === 1;
    }
    const section = layout.sectionOfRow[layout.rowOfSeat[seat]];
    if (pool.restOfSection[section] === 0) return false;
    this.sections[section] ||= this.isSectionSold(section) ? 1 : 2;
    return this.sections[section] === 1;
  }

  private isCategorySold(category: number): boolean {
    const { state } = this.moment;
    const { areas, categoryOfSeat } = state.layout;
    for (let area = 0 as AreaIndex; area < areas.length; area++) {
      if (areas[area].category !== category) continue;
      const sold = state.areaBooked[area] + state.areaBlocked[area];
      if (sold < state.areaCapacity[area]) return false;
    }
    for (let seat = 0; seat < categoryOfSeat.length; seat++) {
      if (categoryOfSeat[seat] === category && this.isLeft(seat)) return false;
    }
    return true;
  }

  private isSectionSold(section: number): boolean {
    const { rowCount, rowStart, sectionOfRow } = this.moment.state.layout;
    for (let row = 0; row < rowCount; row++) {
      if (sectionOfRow[row] !== section) continue;
      for (let seat = rowStart[row]; seat < rowStart[row + 1]; seat++) {
        if (this.isLeft(seat)) return false;
      }
    }
    return true;
  }

  /** Outside the pool, and not sold. */
  private isLeft(seat: number): boolean {
    const { layout, statusOfSeat } = this.moment.state;
    if ((layout.flagsOfSeat[seat] & poolFlags) !== 0) return false;
    return statusOfSeat[seat] === SeatStatus.free || statusOfSeat[seat] === SeatStatus.held;
  }
}
