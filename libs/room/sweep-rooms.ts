import type { Pool } from 'pg';

/**
 * Removes what is left of the room that was closed first, if that was before; the row of the room
 * itself last, so that whatever ends it on the way leaves a room that the next look goes on with.
 * Of two at once each row is removed by one. Nothing writes to a closed room.
 */
export async function sweepOldest(
  pool: Pool,
  closedBeforeMs: number,
  most: number,
): Promise<number> {
  const { rows } = await pool.query<{ room_no: number }>({
    name: 'room-oldest',
    text: `SELECT room_no FROM room WHERE closed_at < to_timestamp($1::float8 / 1000)
            ORDER BY closed_at LIMIT 1`,
    values: [closedBeforeMs],
  });
  if (rows.length === 0) return 0;
  let removed = 0;
  for (const table of tables) {
    const { rowCount } = await pool.query({
      name: `room-sweep-${table}`,
      text: `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
               SELECT ctid FROM ${table} WHERE room_no = $1 LIMIT $2))`,
      values: [rows[0].room_no, most - removed],
    });
    removed += rowCount ?? 0;
  }
  return removed;
}

/** \`room\` last. */
const tables = ['room_place', 'room_tile', 'room_call', 'room_admission', 'room'] as const;
