import type { EventHistory } from './history.js';
import { sameMembers, type Model } from './model.js';
import type { Findings } from './verdict.js';

/** The tables that were written with the batches must say what the journal says (G1). */
export function checkProjections(history: EventHistory, model: Model, findings: Findings): void {
  checkBookedSeats(history, model, findings);
  checkBookings(history, model, findings);
}

function checkBookedSeats(history: EventHistory, model: Model, findings: Findings): void {
  findings.touch('booked_seat_table');
  const table = new Map<number, string>();
  for (const { seat, bookingId } of history.bookedSeats) {
    const other = table.get(seat);
    findings.expect(
      'booked_seat_table',
      other === undefined,
      () => `seat ${seat} is sold twice: ${other} and ${bookingId}`,
    );
    table.set(seat, bookingId);
  }
  for (const [seat, state] of model.seats) {
    if (state.word !== 'booked') continue;
    findings.expect(
      'booked_seat_table',
      table.get(seat) === state.owner,
      () => `seat ${seat} is of ${state.owner}, the table says ${table.get(seat) ?? 'not sold'}`,
    );
    table.delete(seat);
  }
  for (const [seat, bookingId] of table) {
    findings.expect(
      'booked_seat_table',
      false,
      () => `seat ${seat} of ${bookingId} is in the table, but not sold in the journal`,
    );
  }
}

function checkBookings(history: EventHistory, model: Model, findings: Findings): void {
  findings.touch('booking_table');
  const rows = new Map(history.bookings.map((row) => [row.bookingId, row]));
  for (const [bookingId, booking] of model.bookings) {
    const row = rows.get(bookingId);
    findings.expect(
      'booking_table',
      row !== undefined &&
        row.holdId === booking.holdId &&
        row.userId === booking.userId &&
        row.cancelled === booking.cancelled &&
        sameMembers(row.seats, booking.sold),
      () => `${bookingId} of the journal is ${row === undefined ? 'missing' : 'different'}`,
    );
    rows.delete(bookingId);
  }
  for (const bookingId of rows.keys()) {
    findings.expect('booking_table', false, () => `${bookingId} is not in the journal`);
  }
}
