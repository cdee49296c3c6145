import { describe, expect, it } from '@jest/globals';
import { SaleReplay, type ReplayStep } from './sale-replay.js';

const steps: readonly ReplayStep[] = [
  { at: 10, what: 'SaleOpened' },
  { at: 20, what: 'SeatsHeld', hold: 'a', seats: [0, 1], areas: [{ area: 0, quantity: 4 }] },
  { at: 30, what: 'SeatsHeld', hold: 'b', seats: [2, 3], areas: [] },
  { at: 40, what: 'HoldReleased', hold: 'a', seats: [1], areas: [{ area: 0, quantity: 1 }] },
  { at: 50, what: 'SeatsBooked', hold: 'b', seats: [2, 3], areas: [] },
  { at: 60, what: 'HoldExpired', hold: 'a' },
  { at: 60, what: 'SeatsBlocked', seats: [5], areas: [{ area: 0, quantity: 7 }] },
  { at: 70, what: 'BookingCancelled', seats: [2], areas: [], off_sale: true },
  { at: 80, what: 'SaleClosed' },
];

const shown = (replay: SaleReplay): string =>
  `${[...replay.statuses].join('')} ${replay.areaAt(0).held} ${replay.sale}`;

/** By moment, as somebody who folds by hand has them. */
const moments: Readonly<Record<number, string>> = {
  0: '000000 0 scheduled',
  10: '000000 0 open',
  20: '110000 4 open',
  39: '111100 4 open',
  40: '101100 3 open',
  50: '102200 3 open',
  60: '002203 0 open',
  70: '003203 0 open',
  99: '003203 0 closed',
};

const whole = (changesMax?: number): SaleReplay => {
  const replay = new SaleReplay(6, 1, changesMax);
  replay.add(steps);
  return replay;
};

describe('the replay of a sale', () => {
  it('has the map of any moment, wherever one comes from (RY1)', () => {
    const replay = whole();
    const times = Object.keys(moments).map(Number);
    for (const from of times) {
      for (const to of times) {
        replay.seek(from);
        replay.seek(to);
        expect([from, to, shown(replay)]).toEqual([from, to, moments[to]]);
      }
    }
    expect([replay.fromMs, replay.toMs, replay.stepCount]).toEqual([10, 80, 9]);
  });

  it('says which seats changed on the way', () => {
    const replay = whole();
    replay.seek(39);
    expect(replay.seek(50)).toEqual([1, 2, 3]);
    expect(replay.seek(40)).toEqual([2, 3]);
  });

  it('goes on with what comes later, and stays where it stands', () => {
    const replay = new SaleReplay(6, 1);
    replay.add(steps.slice(0, 3));
    replay.seek(39);
    replay.add(steps.slice(3));
    expect(shown(replay)).toBe(moments[39]);
    replay.seek(60);
    expect(shown(replay)).toBe(moments[60]);
  });

  it('keeps no more than it may, and says that something is missing (RY2)', () => {
    const replay = whole(5);
    expect([replay.isCut, replay.toMs]).toEqual([true, 30]);
    replay.add(steps);
    replay.seek(99);
    expect([replay.stepCount, shown(replay)]).toEqual([3, moments[39]]);
    expect(whole().isCut).toBe(false);
  });

  it('shows nothing behind a step that it cannot read (RY3)', () => {
    const replay = new SaleReplay(6, 1);
    replay.add([...steps.slice(0, 3), { at: 0, what: 'Unknown' }, ...steps.slice(3)]);
    replay.seek(99);
    expect([replay.isCut, shown(replay)]).toEqual([true, moments[39]]);
  });

  it('leaves out what is of another plan', () => {
    const replay = new SaleReplay(6, 0);
    replay.add([{ at: 1, what: 'SeatsBlocked', seats: [600], areas: [{ area: 3, quantity: 1 }] }]);
    replay.seek(2);
    expect([...replay.statuses]).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
