import type { Pool } from 'pg';
import type { UserId } from '#libs/inventory/ids.js';
import type { Admission, EndedAdmission } from './room.js';
import type { RoomStore } from './room-store.js';

/** Who was let in, and what became of it. */
export type AdmissionStore = Pick<
  RoomStore,
  'admit' | 'admission' | 'leave' | 'unsettled' | 'settle' | 'endedSince'
>;

export function createPostgresAdmissions(pool: Pool): AdmissionStore {
  const rowsOf = async <Row extends object>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<Row[]> => {
    const { rows } = await pool.query<Row>({ name: `room-${name}`, text, values: [...values] });
    return rows;
  };
  const admissions = async (name: string, text: string, values: readonly unknown[]) =>
    (await rowsOf<AdmissionRow>(name, text, values)).map(admissionOf);
  return {
    async admit(roomNo, { position, userId, party, untilMs }) {
      const values = [roomNo, position, userId, party, untilMs];
      return (await admissions('admit', admit, values)).at(0) ?? null;
    },
    async admission(roomNo, position) {
      return (await admissions('admission', findAdmission, [roomNo, position])).at(0) ?? null;
    },
    async leave(roomNo, position, nowMs) {
      await rowsOf('leave', leave, [roomNo, position, nowMs]);
    },
    unsettled: (roomNo, most) => admissions('unsettled', unsettled, [roomNo, most]),
    async settle(roomNo, settled, nowMs) {
      const positions = settled.map(({ position }) => position);
      const bought = settled.map((one) => one.bought);
      await rowsOf('settle', settle, [roomNo, positions, bought, nowMs]);
    },
    async endedSince(sinceMs, nowMs) {
      return (await rowsOf<EndedRow>('ended', findEnded, [sinceMs, nowMs])).map(endedOf);
    },
  };
}

const columns = 'position, user_id, party, coalesce(ended_at, until) AS until';

const admit = `
  SELECT ${columns}
    FROM room_admit($1, $2, $3, $4::smallint, to_timestamp($5::float8 / 1000))`;

const findAdmission = `SELECT ${columns} FROM room_admission WHERE room_no = $1 AND position = $2`;

const leave = `
  UPDATE room_admission SET ended_at = least(until, to_timestamp($3::float8 / 1000))
   WHERE room_no = $1 AND position = $2 AND ended_at IS NULL`;

const unsettled = `
  SELECT ${columns} FROM room_admission WHERE room_no = $1 AND bought IS NULL
   ORDER BY position LIMIT $2`;

const settle = `
  UPDATE room_admission a
     SET bought = s.bought,
         ended_at = coalesce(a.ended_at, least(a.until, to_timestamp($4::float8 / 1000)))
    FROM unnest($2::integer[], $3::smallint[]) AS s (position, bought)
   WHERE a.room_no = $1 AND a.position = s.position AND a.bought IS NULL`;

const findEnded = `
  SELECT room_no, user_id, until FROM room_admission
   WHERE ended_at >= to_timestamp($1::float8 / 1000) AND until > to_timestamp($2::float8 / 1000)`;

interface AdmissionRow {
  readonly position: number;
  readonly user_id: UserId;
  readonly party: number;
  readonly until: Date;
}

const admissionOf = ({ position, user_id: userId, party, until }: AdmissionRow): Admission => ({
  ...{ position, userId, party, untilMs: until.getTime() },
});

interface EndedRow {
  readonly room_no: number;
  readonly user_id: UserId;
  readonly until: Date;
}

const endedOf = ({ room_no: roomNo, user_id: userId, until }: EndedRow): EndedAdmission => ({
  ...{ roomNo, userId, givenUntilMs: until.getTime() },
});
