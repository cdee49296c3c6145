import type pg from 'pg';
import { holdMs, type BatchStore, type Hold, type Setting } from '../hold-store.js';
import { addSeats, countHeld, createSeats, seatPool } from './postgres.js';

/** One conditional UPDATE for all holds of a tick: what a database can do at its best here. */
export async function postgresBatched(url: string, setting: Setting): Promise<BatchStore> {
  const table = 'seat_batched';
  const pool = seatPool(url, setting);
  await createSeats(pool, table);
  return {
    kind: 'batch',
    addEvent: (event, seats) => addSeats(pool, table, event, seats),
    holdAll: (holds) => updateAll(pool, table, holds),
    held: (event) => countHeld(pool, table, event),
    stop: () => pool.end(),
  };
}

async function updateAll(
  pool: pg.Pool,
  table: string,
  holds: readonly Hold[],
): Promise<readonly boolean[]> {
  // In order, so that two batches in flight lock their rows in the same order.
  const wanted = [...firstOfEach(holds)].sort(
    ([, a], [, b]) => a.event - b.event || a.seat - b.seat,
  );
  const column = (of: (hold: Hold) => number) =>
    `{${wanted.map(([, hold]) => of(hold)).join(',')}}`;
  const nowMs = Date.now();
  const { rows } = await pool.query<[number, number]>({
    name: 'update-all',
    rowMode: 'array',
    text: `UPDATE ${table} AS s SET buyer = w.buyer, until = $4
      FROM unnest($1::int[], $2::int[], $3::int[]) AS w (event, seat, buyer)
      WHERE s.event = w.event AND s.seat = w.seat AND (s.buyer IS NULL OR s.until < $5)
      RETURNING s.event, s.seat`,
    values: [
      column(({ event }) => event),
      column(({ seat }) => seat),
      column(({ buyer }) => buyer),
      nowMs + holdMs,
      nowMs,
    ],
  });
  const won = new Set(rows.map(([event, seat]) => seatKey(event, seat)));
  const first = new Map(wanted);
  return holds.map((hold) => {
    const key = seatKey(hold.event, hold.seat);
    return first.get(key) === hold && won.has(key);
  });
}

/** Of several in one batch that want the same seat, the first. */
function firstOfEach(holds: readonly Hold[]): Map<number, Hold> {
  const first = new Map<number, Hold>();
  for (const hold of holds) {
    const key = seatKey(hold.event, hold.seat);
    if (!first.has(key)) first.set(key, hold);
  }
  return first;
}

const seatsMax = 2 ** 20;
const seatKey = (event: number, seat: number): number => event * seatsMax + seat;
