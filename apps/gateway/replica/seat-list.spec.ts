import { describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';
import { SharedLoop, wholeLoop, type LoopShare } from '#libs/platform/loop-share.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import { FakeCatalogue } from '../testing/fake-catalogue.js';
import { SeatList } from './seat-list.js';

const seatCount = 5_000;
const catalogue = new FakeCatalogue(seatCount, 10);
const entry = { detail: catalogue.detail, layout: catalogue.layout };

const letters = (...changes: (readonly [seat: number, letter: string])[]): Uint8Array => {
  const all = Buffer.alloc(seatCount, 'f');
  for (const [seat, letter] of changes) all.write(letter, seat);
  return all;
};

interface Row {
  readonly seat_id: string;
  readonly status: string;
}

const rowsOf = (body: Buffer): Row[] => JSON.parse(body.toString()) as Row[];

/** Says how much was done in each turn of the loop. */
class CountedTurns implements LoopShare {
  readonly units: number[] = [0];
  private readonly inner: SharedLoop;

  constructor(clock: VirtualClock) {
    const soon = (begin: () => void): void =>
      clock.soon(() => {
        this.units.push(0);
        begin();
      });
    this.inner = new SharedLoop({ soon, monotonicMs: () => 0 }, limits.rowUnitsPerTurn, 1);
  }

  spend(units: number): boolean {
    this.units[this.units.length - 1] += units;
    return this.inner.spend(units);
  }

  turn(): Promise<void> {
    return this.inner.turn();
  }
}

describe('a seat list', () => {
  it('has a row for each seat with the words of the API', async () => {
    const list = new SeatList(entry, wholeLoop);
    const body = await list.render(letters([1, 'h'], [2, 'b'], [4_999, 'x']));
    const rows = rowsOf(body);
    expect(rows).toHaveLength(seatCount);
    expect(rows[0]).toEqual({
      seat_id: 'A-1',
      section: 'Main',
      row: 'A',
      number: '1',
      label: 'Main, Row A, Seat 1',
      status: 'AVAILABLE',
      price: 5_000,
    });
    const statuses = [1, 2, 4_999].map((seat) => rows[seat].status);
    expect(statuses).toEqual(['HELD', 'BOOKED', 'BLOCKED']);
  });

  it('is of the statuses it was asked for, also older ones, and never changes after', async () => {
    const clock = new VirtualClock();
    const list = new SeatList(entry, new SharedLoop(clock, limits.rowsAtOnce, 1));
    const before = letters([7, 'h']);
    const after = letters([7, 'b'], [8, 'h'], [4_999, 'x']);
    void list.render(before);
    await clock.advance(1);
    const lists = Promise.all([before, after, before].map((all) => list.render(all)));
    await clock.advance(1);
    const [one, two, again] = await lists;
    expect(one.equals(again)).toBe(true);
    expect(
      rowsOf(two)
        .slice(7, 9)
        .map((row) => row.status),
    ).toEqual(['BOOKED', 'HELD']);
    expect(
      rowsOf(one)
        .slice(7, 9)
        .map((row) => row.status),
    ).toEqual(['HELD', 'AVAILABLE']);
  });

  it('is the same after it was forgotten', async () => {
    const list = new SeatList(entry, wholeLoop);
    const one = await list.render(letters([7, 'h']));
    expect(list.bytes).toBeGreaterThan(one.byteLength);
    list.forget();
    expect(list.bytes).toBe(0);
    expect((await list.render(letters([7, 'h']))).equals(one)).toBe(true);
  });

  it('is empty for a plan without seats', async () => {
    const { detail, layout } = new FakeCatalogue(0, 10);
    const list = new SeatList({ detail, layout }, wholeLoop);
    expect(rowsOf(await list.render(new Uint8Array(0)))).toEqual([]);
  });

  it('keeps bytes of names beyond ASCII', async () => {
    const { detail, layout } = new FakeCatalogue(300, 10);
    const rowOf = layout.rowOf.map((row) => `Größe "${row}" €`);
    const list = new SeatList({ detail, layout: { ...layout, rowOf } }, wholeLoop);
    const rows = JSON.parse((await list.render(Buffer.alloc(300, 'b'))).toString()) as {
      row: string;
    }[];
    expect(rows.map(({ row }) => row)).toEqual(rowOf);
  });

  it('takes no more of a turn of the loop than its share, the first time and later', async () => {
    const clock = new VirtualClock();
    const big = new FakeCatalogue(limits.seatsPerPlanMax, 10);
    const share = new CountedTurns(clock);
    const list = new SeatList({ detail: big.detail, layout: big.layout }, share);
    let made = 0;
    for (const letter of ['f', 'b']) {
      void list.render(Buffer.alloc(limits.seatsPerPlanMax, letter)).then(() => (made += 1));
      await clock.advance(1);
    }
    expect(made).toBe(2);
    const most = limits.rowUnitsPerTurn + limits.rowsAtOnce;
    expect(Math.max(...share.units)).toBeLessThanOrEqual(most);
    expect(share.units.length).toBeGreaterThan(200);
  });

  it('makes the rows of a plan once for all its events', async () => {
    const clock = new VirtualClock();
    const { detail, layout } = new FakeCatalogue(seatCount, 10);
    const first = new CountedTurns(clock);
    const lists = [first, new CountedTurns(clock)].map((share) => {
      const list = new SeatList({ detail, layout }, share);
      return { list, share };
    });
    for (const { list } of lists) {
      void list.render(letters());
      await clock.advance(1);
    }
    const [one, two] = lists.map(({ share }) => share.units.reduce((a, b) => a + b));
    expect(one - two).toBeGreaterThanOrEqual(seatCount);
  });
});
