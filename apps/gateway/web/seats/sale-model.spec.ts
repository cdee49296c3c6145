import { beforeEach, describe, expect, it } from '@jest/globals';
import { hallOf } from '#libs/seat-map/testing/hall.js';
import { noWishes } from '#libs/seat-map/wishes.js';
import type { EventDoc } from '../shop.js';
import { SaleModel } from './sale-model.js';

const event = {
  event_id: 'evt_show1',
  currency: 'EUR',
  categories: [
    { name: 'Front', price: 5_000 },
    { name: 'Middle', price: 3_000 },
  ],
  places_per_reservation_max: 8,
  places_per_buyer_max: 6,
  accessible_release: 'never',
  wheelchair_limit: 2,
} as unknown as EventDoc;

const hall = hallOf({ sections: 2, rows: 1, seats: 8 });
const document = { ...hall, seats: { ...hall.seats, wheelchair: [0], companion: [1] } };
let model: SaleModel;
const statuses = new Uint8Array(16);
const set = (seats: readonly number[], status: number): boolean => {
  for (const seat of seats) statuses[seat] = status;
  return model.setStatuses(seats, statuses);
};

beforeEach(() => {
  model = new SaleModel(document, event);
  statuses.fill(0);
  model.setAll(new Uint8Array(16), true);
});

describe('a sale on a page', () => {
  it('takes a party together with one tap, under the names of the API', () => {
    model.tap(5);
    expect(model.choice).toEqual({ kind: 'chosen', seats: [4, 5] });
    expect(model.orderOf([4, 5])).toEqual({
      event_id: 'evt_show1',
      seat_ids: ['s0-0-4', 's0-0-5'],
      expected_total: 10_000,
    });
    expect(model.indexesOf(['s0-0-4', 'of another plan'])).toEqual([4]);
    expect(model.partyMax).toBe(6);
  });

  it('has its signs counted with the map, not a moment later', () => {
    // Two of the first section are kept for wheelchair users.
    expect(model.signs.signs.map(({ free, from }) => `${free} from ${from}`)).toEqual([
      '6 from 5000',
      '8 from 3000',
    ]);
    expect(model.isSoldOut).toBe(false);
  });

  it('marks the nearest block when a chosen seat is taken', () => {
    model.tap(5);
    expect(set([5], 1)).toBe(true);
    expect(model.choice).toMatchObject({ kind: 'taken', lost: [5] });
    expect(model.offer).toEqual([6, 7]);
    model.choose(model.offer);
    expect([model.choice.kind, model.offer]).toEqual(['chosen', []]);
  });

  it('says that both are taken, and offers neither', () => {
    model.tap(3);
    expect(model.choice).toEqual({ kind: 'chosen', seats: [2, 3] });
    expect(set([2, 3], 1)).toBe(true);
    expect(model.choice).toMatchObject({ kind: 'taken', lost: [2, 3] });
    expect(model.offer).toEqual([4, 5]);
  });

  it('marks one when a taken seat is tapped', () => {
    set([6], 2);
    model.tap(6);
    expect(model.choice).toMatchObject({ kind: 'no_room', most: 0 });
    expect(model.offer).toEqual([4, 5]);
  });

  it('is not told that its own hold took the seats (SX1)', () => {
    model.tap(5);
    model.isAsking = true;
    expect(set([5], 1)).toBe(false);
    model.setAll(
      Uint8Array.from({ length: 16 }, (_none, seat) => (seat === 4 ? 1 : 0)),
      true,
    );
    expect(model.choice.kind).toBe('chosen');
    model.isAsking = false;
    model.setHeld([4, 5]);
    expect([model.choice.kind, model.looks.lookOf(4)]).toEqual(['none', 'mine']);
  });

  it('keeps what is for wheelchair users for them (SX2)', () => {
    expect([model.looks.lookOf(0), model.looks.lookOf(1)]).toEqual(['blocked', 'blocked']);
    model.tap(1);
    expect(model.choice.kind).toBe('no_room');
    model.setWheelchairs(1);
    model.tap(1);
    expect(model.choice).toEqual({ kind: 'chosen', seats: [0, 1] });
    expect(model.orderOf([0, 1])).toMatchObject({ wheelchairs: 1 });
    expect(model.bestOrder().best_available).toEqual([{ quantity: 2, wheelchairs: 1 }]);
    model.setWheelchairs(0);
    expect([model.choice.kind, model.looks.lookOf(0)]).toEqual(['none', 'blocked']);
  });

  it('keeps to what is wished on the map, in the list and in what is asked for (SX3)', () => {
    const seats = { ...document.seats, restricted_view: [8], hearing_loop: [4, 5, 12, 13] };
    model = new SaleModel({ ...document, seats }, event);
    model.setAll(new Uint8Array(16), true);
    const free = () => model.picker.sections(1).map(({ at, seats: left }) => [at, left]);
    model.tap(5);
    model.setWishes({ category: 1, priceMax: 4_000, flags: ['restricted_view', 'hearing_loop'] });
    expect([model.choice.kind, model.offer]).toEqual(['none', []]);
    expect(free()).toEqual([[1, 2]]);
    expect([4, 8, 12].map((seat) => model.looks.lookOf(seat))).toEqual(['aside', 'aside', 'free']);
    expect(model.looks.lookOf(0)).toBe('blocked');
    model.tap(9);
    expect([model.choice.kind, model.offer]).toEqual(['no_room', [12, 13]]);
    set([12], 2);
    expect(model.looks.lookOf(12)).toBe('booked');
    expect(model.bestOrder().best_available).toEqual([
      {
        ...{ quantity: 2, category: 'Middle', price_max: 4_000 },
        ...{ with: ['hearing_loop'], avoid: ['restricted_view'] },
      },
    ]);
    model.setWishes(noWishes);
    expect(free()).toEqual([
      [0, 6],
      [1, 7],
    ]);
    expect(model.bestOrder().best_available).toEqual([{ quantity: 2 }]);
  });

  it('marks what the shop offers, else what is nearest', () => {
    model.tap(5);
    model.refused([5], [2, 3]);
    expect(model.offer).toEqual([2, 3]);
    model.tap(5);
    set([5], 1);
    model.refused([5], []);
    expect(model.offer).toEqual([6, 7]);
  });

  it('offers again what ran out, as far as nobody has it', () => {
    model.setHeld([4, 5]);
    model.setHeld([]);
    set([5], 2);
    model.offerAgain([4, 5]);
    expect(model.offer).toEqual([4]);
  });
});
