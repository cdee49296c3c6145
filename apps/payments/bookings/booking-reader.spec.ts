import { describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';

import type { BookingId, UserId } from '#libs/inventory/ids.js';

import { BookingReader } from './booking-reader.js';
import type { BookingViews } from './booking-views.js';

describe('a booking as its buyer sees it', () => {
  it('is read after what went back of it: never money back and seats still his', async () => {
    const asked: string[] = [];
    const ask = (what: string) => (): Promise<never[]> => {
      asked.push(what);
      return Promise.resolve([]);
    };
    const query = async () => ({ rows: await ask('booking')() });
    const reader = new BookingReader(
      { query } as unknown as Pool,
      {} as BookingViews,
      { ofBookings: ask('refunds') },
      { ofBookings: ask('disputes') },
    );
    const call = { userId: 'usr_a' as UserId, bookingId: 'bkg_a_1' as BookingId };
    expect(await reader.get(call)).toEqual({ kind: 'not_found' });
    expect(asked).toEqual(['refunds', 'disputes', 'booking']);
  });
});
