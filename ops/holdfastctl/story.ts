import type { Pool } from 'pg';

import { decodeFacts, type Fact } from '#libs/inventory/inventory.js';
import type { LogLine } from './log-lines.js';
import { isoOf } from './numbers.js';

/**
 * What became of a request or a buyer, put together from three witnesses: the logs (what took long
 * or went wrong, and every step of money), the table of payment attempts, and the facts of the
 * journal. Each may be missing; what is told is what is left.
 */
export interface Moment {
  readonly at: string;
  /** A process, or `journal`, or `payment_attempt`. */
  readonly who: string;
  readonly what: string;
  /** That it took; null: it has no length, or nobody measured it. */
  readonly ms: number | null;
}

export interface AttemptRow {
  readonly attempt_id: string;
  readonly booking_id: string;
  readonly user_id: string;
  readonly hold_id: string;
  readonly event_id: string;
  readonly state: string;
  readonly amount_minor: string;
  readonly currency: string;
  readonly why: string | null;
  readonly trace: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const columns = `attempt_id, booking_id, user_id, hold_id, event_id, state, amount_minor, currency,
  coalesce(error, decline_code, reason) AS why, trace, created_at, updated_at`;

export async function attemptsOfTrace(
  pool: Pool,
  trace: string,
  lines: readonly LogLine[],
  days: number,
): Promise<readonly AttemptRow[]> {
  const named = lines.flatMap(({ attempt }) => attempt ?? []);
  const { rows } = await pool.query<AttemptRow>(
    `SELECT ${columns} FROM payment_attempt WHERE attempt_id = ANY ($1)
       OR (trace = $2 AND created_at > clock_timestamp() - make_interval(days => $3))
     ORDER BY created_at`,
    [named, trace, days],
  );
  return rows;
}

export async function attemptsOfBuyer(
  pool: Pool,
  userId: string,
  limit: number,
): Promise<readonly AttemptRow[]> {
  const { rows } = await pool.query<AttemptRow>(
    `SELECT ${columns} FROM payment_attempt WHERE user_id = $1 ORDER BY created_at DESC LIMIT $2`,
    [userId, limit],
  );
  return rows;
}

export const tookMs = ({ created_at, updated_at }: AttemptRow): number =>
  updated_at.getTime() - created_at.getTime();

export function momentsOf(lines: readonly LogLine[]): Moment[] {
  return lines.map((line) => ({
    at: line.time,
    who: line.name,
    what: whatOf(line),
    ms: line.ms ?? null,
  }));
}

function whatOf(line: LogLine): string {
  const { msg, route, status, code, step, from, to, tries, error, reason } = line;
  const said = [
    route === undefined ? msg : `${route} ${status ?? ''}`.trim(),
    code,
    step,
    from === undefined || to === undefined ? undefined : `${from} > ${to}`,
    tries === undefined || tries === 0 ? undefined : `try ${tries}`,
    error ?? reason,
  ];
  return said.filter((one) => one !== undefined).join(', ');
}

export const momentsOfAttempts = (attempts: readonly AttemptRow[]): Moment[] =>
  attempts.flatMap((row) => [
    moment(row.created_at.getTime(), `${row.attempt_id} begun`),
    moment(row.updated_at.getTime(), `${row.state}${row.why === null ? '' : `: ${row.why}`}`),
  ]);

const moment = (ms: number, what: string): Moment => ({
  at: isoOf(ms),
  who: 'payment_attempt',
  what,
  ms: null,
});

/** A hold is made before its payment begins, and can last so long. */
const lookedBackMinutes = 120;

/** What the journal has about the holds of these attempts. */
export async function momentsInJournal(
  pool: Pool,
  attempts: readonly AttemptRow[],
): Promise<Moment[]> {
  const moments: Moment[] = [];
  for (const { event_id, hold_id, booking_id, created_at, updated_at } of attempts) {
    const { rows } = await pool.query<{ facts: Uint8Array }>(
      `SELECT facts FROM journal WHERE event_id = $1
         AND written_at BETWEEN $2::timestamptz - make_interval(mins => $4)
           AND $3::timestamptz + interval '1 minute'
       ORDER BY batch_no`,
      [event_id, created_at, updated_at, lookedBackMinutes],
    );
    const facts = rows.flatMap(({ facts: bytes }) =>
      bytes.length === 0 ? [] : decodeFacts(bytes),
    );
    moments.push(...facts.filter((fact) => isAbout(fact, hold_id, booking_id)).map(momentOf));
  }
  return moments;
}

const isAbout = (fact: Fact, holdId: string, bookingId: string): boolean =>
  ('holdId' in fact && fact.holdId === holdId) ||
  ('bookingId' in fact && fact.bookingId === bookingId);

const momentOf = (fact: Fact): Moment => ({
  at: isoOf(fact.atMs),
  who: 'journal',
  what: fact.type,
  ms: null,
});

/** By time; a journal that wrote first comes first. */
export const inOrder = (moments: readonly Moment[]): Moment[] =>
  [...moments].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));

/** The steps that took longest, the longest first: what a slow request was slow for. */
export const longest = (lines: readonly LogLine[]): LogLine[] =>
  lines
    .filter(({ route, ms }) => route === undefined && ms !== undefined && ms >= worthNamingMs)
    .sort((a, b) => (b.ms ?? 0) - (a.ms ?? 0))
    .slice(0, longestMax);

const worthNamingMs = 100;
const longestMax = 3;
