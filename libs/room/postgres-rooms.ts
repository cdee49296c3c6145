import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '#libs/database/transaction.js';
import type { EventId, UserId } from '#libs/inventory/ids.js';
import { createPostgresAdmissions } from './postgres-admissions.js';
import type { Place, Room, RoomCounts, RoomSettings } from './room.js';
import { roomColumns, roomOf, type RoomRow } from './room-rows.js';
import {
  endedHeardMs,
  settledSample,
  turnoutSample,
  type Call,
  type Growth,
  type RoomChange,
  type RoomStore,
} from './room-store.js';
import { sweepOldest } from './sweep-rooms.js';
import type { RoomKeys } from './signed.js';

/** Waiting rooms in Postgres; what needs their lock is in functions of the migration. */
export function createPostgresRooms(pool: Pool): RoomStore {
  const rowsOf = async <Row extends object>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<Row[]> => {
    const { rows } = await pool.query<Row>({ name: `room-${name}`, text, values: [...values] });
    return rows;
  };
  const firstOf = async <Row extends object, Of>(
    name: string,
    text: string,
    values: readonly unknown[],
    read: (row: Row) => Of,
  ): Promise<Of | null> => {
    const rows = await rowsOf<Row>(name, text, values);
    return rows.length === 0 ? null : read(rows[0]);
  };
  return {
    async rooms(sinceMs) {
      return (await rowsOf<RoomRow>('list', listRooms, [sinceMs])).map(roomOf);
    },
    open: (eventId, settings, keys) => openRoom(pool, eventId, settings, keys),
    change: (room, change) => changeRoom(pool, room, change),
    async endLobby({ roomNo, revision }) {
      return (await rowsOf('end-lobby', endLobby, [roomNo, revision])).length === 1;
    },
    async join(roomNo, people) {
      const values = [
        roomNo,
        people.map(({ userId }) => userId),
        people.map(({ nonce }) => nonce),
        people.map(({ party }) => party),
        people.map(({ entry }) => entry),
      ];
      return (await rowsOf<PlaceRow>('join', joinRoom, values)).map(placeOf);
    },
    place: (roomNo, userId) => firstOf('place', findPlace, [roomNo, userId], placeOf),
    lowerParty: (roomNo, userId, party) =>
      firstOf('lower-party', lowerParty, [roomNo, userId, party], placeOf),
    requeue: (roomNo, userId, before, nowMs) =>
      firstOf('requeue', requeue, [roomNo, userId, before, nowMs], placeOf),
    async entries(roomNo, from, most) {
      const values = [roomNo, from, from + most];
      const rows = await rowsOf<{ entry: Buffer }>('entries', readEntries, values);
      return rows.map(({ entry }) => entry);
    },
    grow: (room, growth) => grow(pool, room, growth),
    async tiles(roomNo, names) {
      const values = [roomNo, names.map(({ level }) => level), names.map(({ tile }) => tile)];
      const rows = await rowsOf<{ hashes: Buffer | null }>('tiles', readTiles, values);
      return rows.map(({ hashes }) => hashes ?? Buffer.alloc(0));
    },
    async call(room, call) {
      const values = callValues(room, call);
      const [{ called }] = await rowsOf<{ called: boolean }>('call', callMore, values);
      return called;
    },
    calledAt: (roomNo, position) =>
      firstOf('called-at', calledAt, [roomNo, position], ({ at }: { at: Date }) => at.getTime()),
    ...createPostgresAdmissions(pool),
    async counts({ roomNo, claimMs }, nowMs) {
      const heardMs = nowMs - endedHeardMs;
      const values = [roomNo, nowMs, nowMs - claimMs, turnoutSample, heardMs, settledSample];
      const [row] = await rowsOf<RoomCounts>('counts', countRoom, values);
      return row;
    },
    sweep: (closedBeforeMs, most) => sweepOldest(pool, closedBeforeMs, most),
  };
}

/** How many rooms there can be at once; what is more waits until others are closed. */
const roomsMax = 1_000;

const listRooms = `
  SELECT DISTINCT ON (event_id) ${roomColumns} FROM room
   WHERE closed_at IS NULL OR closed_at >= to_timestamp($1::float8 / 1000)
   ORDER BY event_id, room_no DESC LIMIT ${roomsMax}`;

/** A pool, or a client's transaction, where what is done is on record with it. */
type Queries = Pick<PoolClient, 'query'>;

export async function openRoom(
  queries: Queries,
  eventId: EventId,
  settings: RoomSettings,
  { secret, signKey, verifyKey }: RoomKeys,
): Promise<Room | null> {
  const { opensAtMs, drawsAtMs, ratePerMinute, activeMax, claimMs, admissionMs } = settings;
  const times = [opensAtMs, drawsAtMs, ratePerMinute, activeMax, claimMs, admissionMs];
  const { partyMax, scope = 'hold', failsOpen = false } = settings;
  const keys = [secret, signKey, verifyKey];
  const values = [eventId, ...times, partyMax, ...keys, scope, failsOpen];
  const { rows } = await queries.query<RoomRow>(insertRoom, values);
  return rows.length === 0 ? null : roomOf(rows[0]);
}

/** Of this event, open or closed; null: it never had one. */
export async function newestRoom(queries: Queries, eventId: EventId): Promise<Room | null> {
  const { rows } = await queries.query<RoomRow>(
    `SELECT ${roomColumns} FROM room WHERE event_id = $1 ORDER BY room_no DESC LIMIT 1`,
    [eventId],
  );
  return rows.length === 0 ? null : roomOf(rows[0]);
}

/** False: the room is another by now (RS3). */
export async function changeRoom(
  queries: Queries,
  { roomNo, revision }: Room,
  change: RoomChange,
): Promise<boolean> {
  const fields = Object.entries(change) as [keyof RoomChange, unknown][];
  const sets = fields.map(([field], i) => changeable[field].replace('$', `$${i + 3}`));
  const { rowCount } = await queries.query(
    `UPDATE room SET ${[...sets, 'revision = revision + 1'].join(', ')} WHERE ${unchanged}`,
    [roomNo, revision, ...fields.map(([, value]) => value)],
  );
  return rowCount === 1;
}

const insertRoom = `
  INSERT INTO room (event_id, opens_at, draws_at, rate_per_minute, active_max, claim_ms,
                    admission_ms, party_max, secret, sign_key, verify_key, scope, fails_open)
  VALUES ($1, to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000), $4, $5, $6, $7, $8,
          $9, $10, $11, $12, $13)
  ON CONFLICT (event_id) WHERE closed_at IS NULL DO NOTHING RETURNING ${roomColumns}`;

const unchanged = 'room_no = $1 AND revision = $2 AND closed_at IS NULL';

const endLobby = `
  UPDATE room SET entrants = next_index, revision = revision + 1
   WHERE ${unchanged} AND entrants IS NULL RETURNING room_no`;

const joinRoom = `SELECT * FROM room_join($1, $2::text[], $3::text[], $4::smallint[], $5::bytea[])`;
const requeue = `SELECT * FROM room_requeue($1, $2, $3, to_timestamp($4::float8 / 1000))`;
const lowerParty = `
  UPDATE room_place SET party = least(party, $3) WHERE room_no = $1 AND user_id = $2 RETURNING *`;
const findPlace = `SELECT * FROM room_place WHERE room_no = $1 AND user_id = $2`;

const readEntries = `
  SELECT entry FROM room_place WHERE room_no = $1 AND place_index >= $2 AND place_index < $3
   ORDER BY place_index`;

const readTiles = `
  SELECT t.hashes FROM unnest($2::smallint[], $3::integer[]) WITH ORDINALITY AS n (level, tile, at)
    LEFT JOIN room_tile t ON t.room_no = $1 AND t.level = n.level AND t.tile_no = n.tile
   ORDER BY n.at`;

const callMore = `
  SELECT room_call($1, $2, $3, to_timestamp($4::float8 / 1000), to_timestamp($5::float8 / 1000),
                   $6, $7) AS called`;

const callValues = (
  { roomNo, revision }: Room,
  { serving, pacedUntilMs, atMs, counted }: Call,
): readonly number[] => {
  const { lapsedBelow, claimedLapsing } = counted;
  return [roomNo, revision, serving, pacedUntilMs, atMs, lapsedBelow, claimedLapsing];
};

const calledAt = `
  SELECT at FROM room_call WHERE room_no = $1 AND upto > $2 ORDER BY upto LIMIT 1`;

const countRoom = `
  WITH lapsed AS (
    SELECT coalesce(max(upto), 0) AS below, greatest(0, coalesce(max(upto), 0) - $4) AS since
      FROM room_call WHERE room_no = $1 AND at <= to_timestamp($3::float8 / 1000)
  ), active AS (
    SELECT count(*)::integer AS parties, coalesce(sum(party), 0)::integer AS people
      FROM room_admission WHERE room_no = $1 AND until > to_timestamp($2::float8 / 1000)
       AND (ended_at IS NULL OR ended_at > to_timestamp($5::float8 / 1000))
  ), settled AS (
    SELECT count(*)::integer AS sample, coalesce(sum(party), 0)::integer AS settled_people,
           coalesce(sum(bought), 0)::integer AS places
      FROM (SELECT party, bought FROM room_admission
             WHERE room_no = $1 AND bought IS NOT NULL ORDER BY position DESC LIMIT $6) AS last
  ), recent AS (
    SELECT count(*) FILTER (WHERE position >= below)::integer AS claimed_since,
           count(*) FILTER (WHERE position < below)::integer AS claimed_sample
      FROM lapsed JOIN room_admission ON room_no = $1 AND position >= since
  ), lapsing AS (
    SELECT count(position)::integer AS claimed_lapsing
      FROM lapsed JOIN room ON room_no = $1
        LEFT JOIN room_admission AS admission ON admission.room_no = $1
          AND position >= lapsed_below AND position < below
  )
  SELECT parties AS active, people AS "activePeople", below AS "lapsedBelow",
         claimed_since AS "claimedSince", claimed_lapsing AS "claimedLapsing",
         below - since AS "lapsedSample",
         claimed_sample AS "claimedSample", sample AS "settledSample",
         settled_people AS "settledPeople", places AS "boughtPlaces"
    FROM lapsed, active, recent, lapsing, settled`;

/** Column by field, and how its value is written. */
const changeable: Readonly<Record<keyof RoomChange, string>> = {
  ratePerMinute: 'rate_per_minute = $',
  activeMax: 'active_max = $',
  paused: 'paused = $',
  drainUpto: 'drain_upto = $',
  message: 'message = $',
  placesFree: 'places_free = $',
  placesHeld: 'places_held = $',
  placesPaying: 'places_paying = $',
  together: 'together = $',
  pacePercent: 'pace_percent = $',
  soldOut: 'sold_out = $',
  closedAtMs: 'closed_at = to_timestamp($::float8 / 1000)',
};

/** Tiles and head are one: a head whose leaves are not there would be a proof for nobody. */
function grow(pool: Pool, { roomNo, revision }: Room, growth: Growth): Promise<boolean> {
  const { head, peaks, hashes } = growth;
  const { size, root, atMs, final, signature } = head;
  return inTransaction(pool, async (client) => {
    const moved = await client.query({
      name: 'room-head',
      text: `UPDATE room SET head_size = $3, head_root = $4, head_final = $5, head_signature = $6,
               head_at = to_timestamp($7::float8 / 1000), peaks = $8, revision = revision + 1
              WHERE ${unchanged}`,
      values: [roomNo, revision, size, root, final, signature, atMs, peaks],
    });
    if (moved.rowCount !== 1) return false;
    await client.query({
      name: 'room-grow',
      text: `INSERT INTO room_tile AS t (room_no, level, tile_no, hashes)
             SELECT $1, * FROM unnest($2::smallint[], $3::integer[], $4::bytea[])
             ON CONFLICT (room_no, level, tile_no) DO UPDATE
                SET hashes = t.hashes || EXCLUDED.hashes`,
      values: [
        roomNo,
        hashes.map(({ level }) => level),
        hashes.map(({ tile }) => tile),
        hashes.map((tile) => Buffer.concat(tile.hashes)),
      ],
    });
    return true;
  });
}

interface PlaceRow {
  readonly place_index: number;
  readonly position: number | null;
  readonly party: number;
  readonly nonce: string;
  readonly user_id: UserId;
  readonly entry: Buffer;
}

const placeOf = ({ place_index: index, user_id: userId, ...row }: PlaceRow): Place => ({
  ...{ index, userId, position: row.position, party: row.party },
  ...{ nonce: row.nonce, entry: row.entry },
});
