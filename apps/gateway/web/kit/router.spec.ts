import { describe, expect, it } from '@jest/globals';
import { paths, routeOf } from './router.js';

describe('an address', () => {
  it('means the page whose address it is', () => {
    expect(routeOf(paths.events)).toEqual({ page: 'events' });
    expect(routeOf(paths.event('evt_a'))).toEqual({ page: 'event', eventId: 'evt_a' });
    expect(routeOf(paths.seats('a/b c'))).toEqual({ page: 'seats', eventId: 'a/b c' });
    expect(routeOf(paths.room('evt_a'))).toEqual({ page: 'room', eventId: 'evt_a' });
    expect(routeOf(paths.replay('evt_a'))).toEqual({ page: 'replay', eventId: 'evt_a' });
    expect(routeOf('/status')).toEqual({ page: 'status' });
    const checkout = { page: 'checkout', reservationId: 'rsv_a' };
    expect(routeOf(paths.checkout('rsv_a'))).toEqual(checkout);
    expect(routeOf(paths.bookings)).toEqual({ page: 'bookings' });
    expect(routeOf(paths.booking('bkg_a'))).toEqual({ page: 'booking', bookingId: 'bkg_a' });
  });

  it('that is none of them is said to be lost, whatever it has in it', () => {
    for (const one of ['/nowhere', '/events', '/events/a/b', '/checkout', '/%E0%A4%A', '/a/b/c']) {
      expect([one, routeOf(one).page]).toEqual([one, 'lost']);
    }
  });
});
