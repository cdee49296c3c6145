import { describe, expect, it } from '@jest/globals';
import type { PlanDocument } from '#libs/catalogue/plan-document.js';
import type { LayoutDocument } from './layout-document.js';
import { SeatPlan } from './seat-plan.js';
import { hallOf } from './testing/hall.js';

/** It does not compile when the gateway's document is another one than the map reads. */
const read = (document: PlanDocument): LayoutDocument => document;

describe('a seat plan', () => {
  const hall = hallOf({ sections: 2, rows: 2, seats: 3 });

  it('reads what the gateway serves', () => {
    expect(read).toBeInstanceOf(Function);
  });

  it('knows rows, sections, distances and its box', () => {
    const plan = new SeatPlan(hall);
    expect([plan.seatCount, plan.rowCount, plan.pitch]).toEqual([12, 4, 20]);
    expect(plan.bounds).toEqual({ left: 0, top: 0, right: 200, bottom: 25 });
    expect([...plan.rowOfSeat]).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]);
    expect([plan.sectionOf(5), plan.sectionOf(6)]).toEqual([0, 1]);
    expect(plan.boxOfRow(3)).toEqual({
      left: 160,
      top: 25,
      right: 200,
      bottom: 25,
    });
  });

  it('names a seat as people do, by the patterns of its row', () => {
    const rows = {
      ...hall.rows,
      row_label: ['Table %s', '', '', ''],
      seat_label: ['', 'No. %s'],
    };
    const plan = new SeatPlan({ ...hall, rows });
    expect(plan.nameOf(1)).toEqual({
      section: 'Block 1',
      row: 'Table A',
      number: '2',
    });
    expect(plan.nameOf(3)).toEqual({
      section: 'Block 1',
      row: 'B',
      number: 'No. 1',
    });
  });

  it('knows what a seat is good for', () => {
    const seats = {
      ...hall.seats,
      wheelchair: [0],
      restricted_view: [0, 4],
      hearing_loop: [4],
    };
    const plan = new SeatPlan({ ...hall, seats });
    expect(plan.flagsOfSeat(0)).toEqual(['wheelchair', 'restricted_view']);
    expect(plan.flagsOfSeat(4)).toEqual(['restricted_view', 'hearing_loop']);
    expect(plan.flagsOfSeat(5)).toEqual([]);
  });

  it('may be of standing places alone', () => {
    const plan = new SeatPlan(hallOf({ sections: 0, rows: 0, seats: 0 }));
    expect(plan.bounds).toEqual({ left: 0, top: -50, right: 0, bottom: -50 });
    expect(plan.pitch).toBeGreaterThan(0);
  });
});
