import type { Pool } from 'pg';

import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';

import type { Difference } from './differences.js';
import type { ProviderBooks } from './provider-books.js';
import { reconcile, type Report } from './reconcile.js';

export interface DailyPorts {
  readonly pool: Pool;
  readonly books: (sinceMs: number) => Promise<ProviderBooks>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Reconciles once a day, in whichever payments process comes first: the day's row in
 * reconciliation is taken before, and says afterwards what was found. One that was taken and is
 * not finished in limits.booksTakesMsMax is another's: its process died.
 */
export class DailyReconciliation {
  private running: Promise<void> | null = null;

  constructor(private readonly ports: DailyPorts) {}

  /** Ends when today's work is done here, or nothing was to be done. */
  run(): Promise<void> {
    this.running ??= this.once()
      .catch((error: unknown) => {
        this.ports.log.error({ err: error }, 'the money could not be reconciled');
      })
      .finally(() => {
        this.running = null;
      });
    return this.running;
  }

  private async once(): Promise<void> {
    const { pool, books, clock } = this.ports;
    const taken = await pool.query<{ day: string }>(takeStatement, [limits.booksTakesMsMax]);
    if (taken.rows.length === 0) return;
    const sinceMs = await sinceOf(pool, clock.nowMs());
    const report = await reconcile(pool, { sinceMs, eventId: null, books });
    const shown = report.differences.slice(0, limits.booksShownMax);
    await pool.query(
      `UPDATE reconciliation SET ended_at = clock_timestamp(), looked = $2, pending = $3,
         found = $4, differences = $5 WHERE day = $1`,
      [
        taken.rows[0].day,
        report.looked,
        report.pending,
        report.differences.length,
        JSON.stringify(shown),
      ],
    );
    this.tell(report, shown);
  }

  private tell(
    { looked, pending, totals, differences }: Report,
    shown: readonly Difference[],
  ): void {
    const { log } = this.ports;
    const summary = { looked, pending, totals, found: differences.length };
    if (differences.length === 0) log.info(summary, 'the money was reconciled: it adds up');
    else log.error({ ...summary, differences: shown }, 'the money does not add up');
  }
}

/**
 * All but one of the days looked at come before the last run that ended began, or the first that
 * was tried: what was under way then is looked at again, and days without a run are none without a
 * look.
 */
async function sinceOf(pool: Pool, nowMs: number): Promise<number> {
  const { rows } = await pool.query<{ lastMs: number }>(lastStatement);
  const days = limits.booksDays * dayMs;
  return Math.min(nowMs - days, rows[0].lastMs - days + dayMs);
}

export interface LastReconciled {
  /** Differences. */
  readonly found: number;
  /** Since it ended. */
  readonly ageMs: number;
}

/** Of the last day that was finished; null: none was. */
export async function lastReconciled(pool: Pool): Promise<LastReconciled | null> {
  const { rows } = await pool.query<LastReconciled>(`
    SELECT found, extract(epoch FROM clock_timestamp() - ended_at)::float8 * 1000 AS "ageMs"
    FROM reconciliation WHERE ended_at IS NOT NULL ORDER BY day DESC LIMIT 1`);
  return rows.at(0) ?? null;
}

const dayMs = 86_400_000;

const lastStatement = `
  SELECT extract(epoch FROM coalesce(max(begun_at) FILTER (WHERE ended_at IS NOT NULL),
    min(begun_at)))::float8 * 1000 AS "lastMs" FROM reconciliation`;

const takeStatement = `
  INSERT INTO reconciliation (day) VALUES ((clock_timestamp() AT TIME ZONE 'UTC')::date)
  ON CONFLICT (day) DO UPDATE SET begun_at = clock_timestamp()
    WHERE reconciliation.ended_at IS NULL
      AND reconciliation.begun_at < clock_timestamp() - $1 * interval '1 ms'
  RETURNING day::text`;
