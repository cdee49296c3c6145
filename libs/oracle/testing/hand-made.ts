import type { Fact } from '#libs/inventory/facts.js';
import { fact } from '#libs/testing/commands.js';
import { hashOfRow } from '../chain.js';
import type { Evidence } from '../evidence.js';
import type { BookedSeatRow, BookingRow, EventHistory, JournalRow } from '../history.js';
import { judge, type Case } from '../oracle.js';
import type { CheckName, Verdict } from '../verdict.js';

/**
 * Histories made by hand, good by default, for specs that break one thing at a time. Facts are
 * JSON here: what the oracle makes of bytes is the decoder's business.
 */
export const eventId = 'evt_test';
export const plan = {
  seatIds: ['A-1', 'A-2', 'A-3', 'A-4'],
  areaCapacities: [10],
  categoryOfSeat: [0, 0, 1, 0],
  flagsOfSeat: [0, 0, 0, 1],
};
export const decodeJson = (bytes: Uint8Array) =>
  (JSON.parse(Buffer.from(bytes).toString()) as readonly Fact[]).map(fact);

/** A batch before it has its place in the chain; without facts it is an announce. */
export interface LooseBatch {
  readonly epoch: number;
  readonly facts: readonly object[];
}

export const announce = (epoch: number): LooseBatch => ({ epoch, facts: [] });
export const batch = (epoch: number, ...facts: readonly object[]): LooseBatch => ({ epoch, facts });

export function chained(batches: readonly LooseBatch[]): JournalRow[] {
  const rows: JournalRow[] = [];
  for (const { epoch, facts } of batches) {
    const before = rows.at(-1);
    const firstSeq = (before?.lastSeq ?? 0) + 1;
    rows.push(
      sealed({
        batchNo: (before?.batchNo ?? 0) + 1,
        epoch,
        firstSeq,
        lastSeq: firstSeq + facts.length - 1,
        prevHash: before?.hash ?? new Uint8Array(32),
        hash: new Uint8Array(32),
        facts: facts.length === 0 ? new Uint8Array(0) : Buffer.from(JSON.stringify(facts)),
        writtenAtMs: 1_000,
      }),
    );
  }
  return rows;
}

/** The row with the hash that belongs to its contents. */
export const sealed = (row: JournalRow): JournalRow => ({
  ...row,
  hash: hashOfRow(eventId, row, row.prevHash),
});

export interface Tables {
  readonly bookedSeats?: readonly BookedSeatRow[];
  readonly bookings?: readonly BookingRow[];
}

export const history = (rows: readonly JournalRow[], tables: Tables = {}): EventHistory => ({
  eventId,
  rows,
  bookedSeats: tables.bookedSeats ?? [],
  bookings: tables.bookings ?? [],
});

/** Judges batches of facts; `tables` default to empty. */
export function verdictOf(
  batches: readonly LooseBatch[],
  rest: Tables & { readonly evidence?: Evidence } = {},
): Verdict {
  const given: Case = {
    history: history(chained(batches), rest),
    plan,
    decodeFacts: decodeJson,
    ...(rest.evidence === undefined ? {} : { evidence: rest.evidence }),
  };
  return judge(given);
}

/** Names of the checks that found something wrong. */
export const broken = (verdict: Verdict): CheckName[] =>
  verdict.checks.filter((check) => check.wrong > 0).map((check) => check.name);

// Facts. Times are small numbers so that they can be read.

let commands = 0;
const cause = () => ({ commandId: `command-${++commands}`, fingerprint: 1 });

export const held = (
  holdId: string,
  userId: string,
  seats: readonly number[],
  more: object = {},
) => ({
  type: 'SeatsHeld',
  atMs: 100,
  cause: cause(),
  holdId,
  userId,
  seats,
  areas: [],
  deadlineMs: 200,
  totalMinor: 100,
  ...more,
});

export const extended = (holdId: string, deadlineMs: number) => ({
  type: 'HoldExtended',
  atMs: 110,
  cause: cause(),
  holdId,
  deadlineMs,
});

export const released = (holdId: string, seats: readonly number[], more: object = {}) => ({
  type: 'HoldReleased',
  atMs: 120,
  cause: cause(),
  holdId,
  seats,
  areas: [],
  totalMinor: 0,
  ...more,
});

export const expired = (holdId: string, atMs: number) => ({ type: 'HoldExpired', atMs, holdId });

export const paying = (holdId: string, attemptId: string, deadlineMs = 300) => ({
  type: 'PaymentBegun',
  atMs: 130,
  cause: cause(),
  holdId,
  attemptId,
  deadlineMs,
});

export const payFailed = (holdId: string, attemptId: string, deadlineMs = 200) => ({
  type: 'PaymentFailed',
  atMs: 140,
  cause: cause(),
  holdId,
  attemptId,
  deadlineMs,
});

export const booked = (
  bookingId: string,
  holdId: string,
  userId: string,
  seats: readonly number[],
  attemptId: string,
) => ({
  type: 'SeatsBooked',
  atMs: 150,
  cause: cause(),
  holdId,
  bookingId,
  attemptId,
  userId,
  seats,
  areas: [],
  totalMinor: 100,
});

/** Of a hold that expired; `more`: what else it says. */
export const bookedLate = (
  bookingId: string,
  holdId: string,
  userId: string,
  seats: readonly number[],
  more: object = {},
) => ({
  ...booked(bookingId, holdId, userId, seats, `pay-${holdId}`),
  type: 'SeatsBookedLate',
  atMs: 400,
  insteadOf: [],
  ...more,
});

export const cancelled = (bookingId: string, seats: readonly number[]) => ({
  type: 'BookingCancelled',
  atMs: 160,
  cause: cause(),
  bookingId,
  seats,
  areas: [],
});

export const blocked = (seats: readonly number[], more: object = {}) => ({
  type: 'SeatsBlocked',
  atMs: 100,
  cause: cause(),
  seats,
  areas: [],
  reason: 'camera',
  ...more,
});

export const unblocked = (seats: readonly number[]) => ({
  type: 'SeatsUnblocked',
  atMs: 170,
  cause: cause(),
  seats,
  areas: [],
});

/** A hold that was paid: facts, and the rows that the tables must have. */
export function sale(bookingId: string, holdId: string, userId: string, seats: readonly number[]) {
  return {
    facts: [
      held(holdId, userId, seats),
      paying(holdId, `pay-${holdId}`),
      booked(bookingId, holdId, userId, seats, `pay-${holdId}`),
    ],
    tables: {
      bookedSeats: seats.map((seat) => ({ seat, bookingId })),
      bookings: [{ bookingId, holdId, userId, seats, cancelled: false }],
    },
  };
}
