import { describe, expect, it } from '@jest/globals';

import type { BookingId, UserId } from '#libs/inventory/ids.js';

import { BookingReader } from './booking-reader.js';
import type { BookingViews } from './booking-views.js';

const userId = 'usr_a' as UserId;
const bookingId = 'bkg_a_1' as BookingId;

/** The statements that it sends, to a database that has nothing. */
async function sentBy(read: (reader: BookingReader) => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  const query = (text: string): Promise<{ rows: never[] }> => {
    sent.push(text);
    return Promise.resolve({ rows: [] });
  };
  await read(new BookingReader({ query } as never, {} as BookingViews));
  return sent;
}

describe('bookings as their buyer sees them', () => {
  it('are of one moment with what went back of them: one statement reads all (OM1)', async () => {
    const one = await sentBy((reader) => reader.get({ userId, bookingId }));
    const page = await sentBy((reader) => reader.list({ userId, limit: 20, cursor: null }));
    for (const sent of [one, page]) {
      expect(sent).toHaveLength(1);
      expect(sent[0]).toMatch(/FROM refund[^]*FROM payment_attempt AS paid JOIN dispute/);
    }
  });
});
