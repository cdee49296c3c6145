import { describe, expect, it } from '@jest/globals';
import type { Booking } from '../shop.js';
import { bodyOf, countOf, placesLeft, withArea, withSeat } from './places-left.js';

type Refund = NonNullable<Booking['refunds']>[number];
const refund = (seat_ids: string[], areas: Refund['areas'] = []) =>
  ({ status: 'UNDER_WAY', seat_ids, areas }) as unknown as Refund;
const booking = {
  seat_ids: ['A-1', 'A-2'],
  areas: [{ area: 'Floor', quantity: 3 }],
};

describe('what of a booking can be given back', () => {
  it('is all of it, less what is on its way back', () => {
    expect(placesLeft(booking)).toEqual({ seatIds: ['A-1', 'A-2'], areas: booking.areas });
    const refunds = [refund(['A-1']), refund([], [{ area: 'Floor', quantity: 2 }]), refund([], [])];
    const left = placesLeft({ ...booking, refunds });
    expect(left).toEqual({ seatIds: ['A-2'], areas: [{ area: 'Floor', quantity: 1 }] });
    expect(countOf(left)).toBe(2);
    const all = [...refunds, refund(['A-2'], [{ area: 'Floor', quantity: 1 }])];
    expect(countOf(placesLeft({ ...booking, refunds: all }))).toBe(0);
  });

  it('is chosen place by place, and asked for without what there is none of', () => {
    const left = placesLeft(booking);
    const one = withArea(withSeat(left, 'A-1', false), 'Floor', 0);
    expect(bodyOf(one)).toEqual({ seat_ids: ['A-2'] });
    const other = withArea(withSeat(withSeat(one, 'A-2', false), 'A-2', false), 'Floor', 2);
    expect(bodyOf(other)).toEqual({ areas: [{ area: 'Floor', quantity: 2 }] });
    expect(countOf(withSeat(other, 'A-1', true))).toBe(3);
  });
});
