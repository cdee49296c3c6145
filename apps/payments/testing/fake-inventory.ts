import type { Pool, PoolClient } from 'pg';

import { makeHoldId } from '#libs/contracts/ids.js';
import type { BookLate, CancelBooking, Command } from '#libs/inventory/commands.js';
import type { Answer } from '#libs/inventory/rules/decision.js';
import type { AreaIndex, CommandId, HoldId, SeatIndex, UserId } from '#libs/inventory/ids.js';
import type { RefusalCode } from '#libs/inventory/refusal-codes.js';
import type { CallResult, InventoryCall, InventoryClient } from '#libs/routing/inventory-call.js';
import { systemRandom } from '#libs/platform/random.js';

import { showId } from './fake-catalogue.js';

/**
 * An inventory for tests of payments that survives a kill of the payments process as a real owner
 * does: holds and command answers are rows, a booking is written as the journal writes it. Knows
 * the four payment commands and nothing of seats.
 */
export class FakeInventory implements InventoryClient {
  readonly ready = true;
  /** When set, decides instead of the tables: an outage, an unknown outcome. */
  interfere: ((call: InventoryCall) => CallResult | null) | null = null;
  /** Command ids in the order in which they arrived. */
  readonly received: string[] = [];

  constructor(private readonly pool: Pool) {}

  static async create(pool: Pool): Promise<FakeInventory> {
    await pool.query(`
      CREATE TABLE IF NOT EXISTS fake_hold (
        hold_id text PRIMARY KEY, user_id text NOT NULL, seats integer[] NOT NULL,
        total_minor bigint NOT NULL, attempt_id text, deadline_at timestamptz NOT NULL);
      CREATE TABLE IF NOT EXISTS fake_answer (
        command_id text PRIMARY KEY, body text NOT NULL, answer jsonb NOT NULL);
      CREATE TABLE IF NOT EXISTS fake_cancelled ()`);
    return new FakeInventory(pool);
  }

  async hold(options: {
    readonly userId: string;
    readonly seats: readonly number[];
    readonly totalMinor: number;
    readonly ttlMs?: number;
  }): Promise<HoldId> {
    const holdId = makeHoldId(showId, systemRandom.token(20));
    await this.pool.query(
      `INSERT INTO fake_hold VALUES ($1, $2, $3, $4, NULL,
         clock_timestamp() + $5::float8 * interval '1 ms')`,
      [holdId, options.userId, options.seats, options.totalMinor, options.ttlMs ?? 60_000],
    );
    return holdId;
  }

  /** What the owner's timer does: the seats are free again, whoever is paying. */
  async expire(holdId: HoldId): Promise<void> {
    await this.pool.query('DELETE FROM fake_hold WHERE hold_id = $1', [holdId]);
  }

  /** Expired, and sold to somebody else. */
  async takeAway(holdId: HoldId): Promise<void> {
    await this.pool.query(
      `WITH gone AS (DELETE FROM fake_hold WHERE hold_id = $1 RETURNING seats)
       INSERT INTO booked_seat (event_id, seat, booking_id, batch_no)
       SELECT $2, unnest(seats), 'bkg_of_another', 1 FROM gone`,
      [holdId, showId],
    );
  }

  async statusOf(holdId: HoldId): Promise<'held' | 'paying' | 'gone'> {
    const result = await this.pool.query<{ attempt_id: string | null }>(
      'SELECT attempt_id FROM fake_hold WHERE hold_id = $1',
      [holdId],
    );
    if (result.rows.length === 0) return 'gone';
    return result.rows[0].attempt_id === null ? 'held' : 'paying';
  }

  send(call: InventoryCall, done: (result: CallResult) => void): void {
    void this.call(call).then(done);
  }

  async call(call: InventoryCall): Promise<CallResult> {
    this.received.push(call.commandId);
    const interference = this.interfere?.(call) ?? null;
    if (interference !== null) return interference;
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT pg_advisory_xact_lock(77)');
      const result = await answer(client, call);
      await client.query('COMMIT');
      return result;
    } finally {
      client.release();
    }
  }

  nextCommandId(): CommandId {
    return `fake.${systemRandom.token(12)}` as CommandId;
  }

  close(): void {
    this.interfere = null;
  }
}

/** For `interfere`: authorised money, and no seats for it. */
export const refuseBooking = ({ request }: InventoryCall): CallResult | null =>
  request.type === 'BookHold'
    ? { kind: 'answered', answer: refused('payment_attempt_mismatch'), replayed: false }
    : null;

async function answer(client: PoolClient, call: InventoryCall): Promise<CallResult> {
  const body = JSON.stringify(call.request);
  const known = await client.query<{ body: string; answer: Answer }>(
    'SELECT body, answer FROM fake_answer WHERE command_id = $1',
    [call.commandId],
  );
  if (known.rows.length > 0) {
    const first = known.rows[0];
    const replayed = first.body === body ? first.answer : refused('command_id_reused');
    return { kind: 'answered', answer: replayed, replayed: true };
  }
  const decided = await decide(client, call.userId, call.request as Command);
  await client.query('INSERT INTO fake_answer VALUES ($1, $2, $3)', [
    call.commandId,
    body,
    JSON.stringify(decided),
  ]);
  return { kind: 'answered', answer: decided, replayed: false };
}

const refused = (code: RefusalCode): Answer => ({ kind: 'refused', refusal: { code } });

async function decide(client: PoolClient, userId: UserId, command: Command): Promise<Answer> {
  if (command.type === 'CancelBooking') return cancel(client, command);
  if (command.type === 'CancelEvent') return cancelEvent(client);
  const cancelled = await client.query('SELECT FROM fake_cancelled');
  if (cancelled.rows.length > 0 && command.type !== 'FailPayment') {
    return refused('event_cancelled');
  }
  if (command.type === 'BookLate') return bookLate(client, userId, command);
  if (
    command.type !== 'BeginPayment' &&
    command.type !== 'FailPayment' &&
    command.type !== 'BookHold'
  ) {
    throw new Error(`the fake inventory does not know ${command.type}`);
  }
  const found = await client.query<{
    seats: SeatIndex[];
    total_minor: string;
    attempt_id: string | null;
    deadline_at: Date;
    late: boolean;
  }>(
    `SELECT *, deadline_at < clock_timestamp() AS late FROM fake_hold
     WHERE hold_id = $1 AND user_id = $2`,
    [command.holdId, userId],
  );
  if (found.rows.length === 0) return refused('hold_not_found');
  const hold = found.rows[0];
  if (hold.late) return refused('hold_expired');
  const attempt = command.type === 'BeginPayment' ? command.attemptId : null;
  if (command.type === 'BeginPayment') {
    const other = hold.attempt_id !== null && hold.attempt_id !== attempt;
    if (other) return refused('payment_in_progress');
  } else if (hold.attempt_id !== command.attemptId) {
    return refused(
      hold.attempt_id === null ? 'no_payment_in_progress' : 'payment_attempt_mismatch',
    );
  }
  if (command.type === 'BookHold') {
    await book(client, userId, command, hold.seats, hold.total_minor);
  } else {
    await client.query('UPDATE fake_hold SET attempt_id = $2 WHERE hold_id = $1', [
      command.holdId,
      attempt,
    ]);
  }
  const common = { seats: hold.seats, areas: [], totalMinor: Number(hold.total_minor) };
  const outcome =
    command.type === 'BookHold'
      ? { type: 'booking', bookingId: command.bookingId, holdId: command.holdId, ...common }
      : { type: 'hold', holdId: command.holdId, deadlineMs: hold.deadline_at.getTime(), ...common };
  return { kind: 'accepted', outcome } as unknown as Answer;
}

/** Of the ladder only the first rung: all seats are free, or the money goes back. */
async function bookLate(client: PoolClient, userId: UserId, command: BookLate): Promise<Answer> {
  const taken = await client.query(
    'SELECT FROM booked_seat WHERE seat = ANY($1) AND cancelled_batch IS NULL',
    [command.seats],
  );
  if (taken.rows.length > 0) return refused('seats_unavailable');
  const { seats, totalMinor, bookingId, holdId } = command;
  await book(client, userId, command, seats, String(totalMinor));
  const outcome = { type: 'booking', bookingId, holdId, seats, areas: [], totalMinor };
  return { kind: 'accepted', outcome } as unknown as Answer;
}

/** The rows that the journal writes with the batch; its unique index is the judge of G1. */
async function book(
  client: PoolClient,
  userId: UserId,
  command: Extract<Command, { type: 'BookHold' | 'BookLate' }>,
  seats: readonly SeatIndex[],
  totalMinor: string,
): Promise<void> {
  await client.query(
    `INSERT INTO booking (booking_id, event_id, batch_no, hold_id, attempt_id, user_id, seats,
       areas, total_minor, booked_at)
     VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, clock_timestamp())`,
    [
      command.bookingId,
      showId,
      command.holdId,
      command.attemptId,
      userId,
      seats,
      JSON.stringify([{ area: 0 as AreaIndex, quantity: 1 }]),
      totalMinor,
    ],
  );
  await client.query(
    `INSERT INTO booked_seat (event_id, seat, booking_id, batch_no)
     SELECT $1, seat, $2, 1 FROM unnest($3::int[]) AS seat`,
    [showId, command.bookingId, seats],
  );
  await client.query('DELETE FROM fake_hold WHERE hold_id = $1', [command.holdId]);
}

async function cancel(client: PoolClient, command: CancelBooking): Promise<Answer> {
  const { bookingId, seats } = command;
  const freed = await client.query(
    `UPDATE booked_seat SET cancelled_batch = 2
     WHERE booking_id = $1 AND cancelled_batch IS NULL AND ($2::int[] IS NULL OR seat = ANY ($2))`,
    [bookingId, seats ?? null],
  );
  if (freed.rowCount === 0) return refused('booking_not_found');
  await client.query(
    `UPDATE booking SET cancelled_at = clock_timestamp() WHERE booking_id = $1 AND NOT EXISTS (
       SELECT FROM booked_seat WHERE booking_id = $1 AND cancelled_batch IS NULL)`,
    [bookingId],
  );
  return {
    kind: 'accepted',
    outcome: { type: 'cancelled', bookingId, seats: seats ?? [] },
  } as unknown as Answer;
}

async function cancelEvent(client: PoolClient): Promise<Answer> {
  await client.query('INSERT INTO fake_cancelled DEFAULT VALUES');
  return { kind: 'accepted', outcome: { type: 'done' } } as unknown as Answer;
}
