import { bookingIdOf } from '#libs/contracts/ids.js';
import type { BookingId } from '#libs/inventory/ids.js';

/** Where a page of bookings ended; opaque to clients. */
export interface BookingCursor {
  readonly createdAtMs: number;
  readonly bookingId: BookingId;
}

export const encodeCursor = (cursor: BookingCursor): string =>
  Buffer.from(`${cursor.createdAtMs}:${cursor.bookingId}`, 'utf8').toString('base64url');

/** null: not one of ours. */
export function decodeCursor(text: string): BookingCursor | null {
  const match = /^(\d{1,15}):(.+)$/.exec(Buffer.from(text, 'base64url').toString('utf8'));
  if (match === null) return null;
  const bookingId = bookingIdOf(match[2]);
  return bookingId === null ? null : { createdAtMs: Number(match[1]), bookingId };
}
