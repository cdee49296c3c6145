import type pg from 'pg';
import type { UserId } from '#libs/inventory/ids.js';
import { placedAt, type Place, type Room } from '#libs/room/room.js';
import { Checks, type Check } from '../loadfaults/checks.js';
import type { Claimers } from './claimers.js';

const nextWithinMs = 2_000;

/** All places of a room as its table has them. */
export class Places {
  constructor(readonly all: ReadonlyMap<string, Pick<Place, 'index' | 'position' | 'nonce'>>) {}

  /** Who stands where after the draw. */
  at(room: Room): { readonly userId: string; readonly position: number }[] {
    return [...this.all].map(([userId, place]) => ({
      userId,
      position: placedAt(room, place as Place) ?? -1,
    }));
  }
}

export async function placesOf(pool: pg.Pool, roomNo: number): Promise<Places> {
  const { rows } = await pool.query<Pick<Place, 'index' | 'position' | 'nonce'> & { who: string }>(
    `SELECT user_id AS who, place_index AS index, position, nonce
       FROM room_place WHERE room_no = $1`,
    [roomNo],
  );
  return new Places(new Map(rows.map(({ who, ...place }) => [who, place])));
}

/** When which part was there no more; Postgres: when it was there again. */
export interface Killed {
  readonly what: string;
  readonly atMs: number;
}

export interface Trial {
  /** Before anything was killed. */
  readonly places: Places;
  readonly claimers: Claimers;
  readonly kills: readonly Killed[];
  readonly users: readonly (readonly string[])[];
  readonly userIdOf: (user: readonly string[]) => string;
}

interface AdmissionRow {
  readonly position: number;
  readonly user_id: UserId;
  readonly until: Date;
}

/** What the tables have at the end, beside what people were told. */
export async function judgeTrial(pool: pg.Pool, drawn: Room, trial: Trial): Promise<Check[]> {
  const { places, claimers, users, userIdOf } = trial;
  const checks = new Checks('room');
  const after = await placesOf(pool, drawn.roomNo);
  const moved = [...places.all].filter(([who, before]) => {
    const now = after.all.get(who);
    return now?.index !== before.index || now.position !== before.position;
  });
  checks.never('places lost, or elsewhere', moved.length);
  checks.never('places too many', after.all.size - places.all.size);
  const { rows: calls } = await pool.query<{ upto: number; at: Date }>(
    'SELECT upto, at FROM room_call WHERE room_no = $1 ORDER BY upto',
    [drawn.roomNo],
  );
  checks.never(
    'calls that went back',
    calls.filter((one, i) => i > 0 && one.at < calls[i - 1].at).length,
  );
  const { rows: admissions } = await pool.query<AdmissionRow>(
    'SELECT position, user_id, until FROM room_admission WHERE room_no = $1',
    [drawn.roomNo],
  );
  const standing = new Map(places.at(drawn).map(({ userId, position }) => [userId, position]));
  const others = admissions.filter((one) => standing.get(one.user_id) !== one.position);
  checks.never('admitted elsewhere than drawn', others.length);
  const people = new Set(admissions.map((one) => one.user_id));
  checks.never('admitted twice', admissions.length - people.size);
  const kept = new Map(admissions.map((one) => [one.user_id as string, one.until.toISOString()]));
  const lost = claimers.claimed.filter(({ user, until }) => {
    return kept.get(userIdOf(users[user])) !== new Date(until).toISOString();
  });
  checks.never('told to be admitted, and not on record', lost.length);
  checks.never('told something else', claimers.wrong.length);
  checks.some('admitted', admissions.length);
  for (const { what, atMs } of trial.kills) {
    const next = nextAfter(calls, claimers, atMs);
    checks.atMost(`next call and admission after ${what}`, next - atMs, nextWithinMs, 'ms');
  }
  return checks.list;
}

/** When the first was admitted who was called after that moment; Infinity: nobody. */
function nextAfter(
  calls: readonly { readonly upto: number; readonly at: Date }[],
  { claimed }: Claimers,
  atMs: number,
): number {
  const before = calls.filter(({ at }) => at.getTime() <= atMs).at(-1)?.upto ?? 0;
  const later = claimed.filter(({ position }) => position >= before);
  return Math.min(...later.map(({ admittedAtMs }) => admittedAtMs));
}
