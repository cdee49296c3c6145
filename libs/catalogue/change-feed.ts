import type { Pool } from 'pg';
import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { Clock } from '#libs/platform/clock.js';
import { indexStaleEvents } from './search/index-events.js';

/**
 * Tells which events of the catalogue changed, whoever changed them: triggers write a row for each
 * change (catalogue_change), and each gateway looks for new rows every catalogueLookMs. Nothing is
 * published that could be lost.
 *
 * CF1  A change is seen at the first look after its commit: a look asks for transactions at or
 *      after the oldest that was still running at the look before, and what is asked for twice is
 *      told once.
 * CF2  Who looks for the first time, or could not for longer than half the time that rows are
 *      kept, may have missed some, and is told that everything may have changed.
 * CF3  Terms of the search that a change left stale are derived again until that has succeeded,
 *      also when nothing else changes.
 */
export interface ChangeFeed {
  close(): void;
}

export interface ChangeFeedOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  /** null: any may have. */
  readonly changed: (eventId: EventId | null) => void;
  /** The database answered. */
  readonly answered: () => void;
  /** A look that failed; the next one catches up. */
  readonly failed: (error: Error) => void;
}

export function followChanges(options: ChangeFeedOptions): ChangeFeed {
  const feed = new Feed(options);
  const stop = options.clock.every(limits.catalogueLookMs, () => void feed.look());
  void feed.look();
  return { close: stop };
}

interface Look {
  readonly oldest: string;
  readonly changes: readonly { readonly id: string; readonly event: EventId }[] | null;
}

class Feed {
  /** Transactions from this one on may have been invisible at the last look; null: no look yet. */
  private oldest: string | null = null;
  private told = new Set<string>();
  private lookedMs = 0;
  private cleanedMs = 0;
  private termsMayBeStale = false;
  private looking = false;

  constructor(private readonly options: ChangeFeedOptions) {}

  async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      await this.read();
    } catch (error) {
      this.options.failed(error as Error);
    } finally {
      this.looking = false;
    }
  }

  private async read(): Promise<void> {
    const { pool, clock, changed } = this.options;
    const { rows } = await pool.query<Look>({
      name: 'catalogue-changes',
      text: newChanges,
      values: [this.oldest],
    });
    const [{ oldest, changes }] = rows;
    this.options.answered();
    const nowMs = clock.monotonicMs();
    const longAgo = nowMs - this.lookedMs > limits.catalogueChangesKeptMs / 2;
    const missed = this.oldest === null || longAgo;
    this.oldest = oldest;
    this.lookedMs = nowMs;
    if (missed) changed(null);
    const fresh = (changes ?? []).filter(({ id }) => !this.told.has(id));
    this.told = new Set((changes ?? []).map(({ id }) => id));
    for (const eventId of new Set(fresh.map(({ event }) => event))) changed(eventId);
    if (missed || fresh.length > 0) this.termsMayBeStale = true;
    await this.index();
    await this.clean(nowMs);
  }

  private async index(): Promise<void> {
    if (!this.termsMayBeStale) return;
    await indexStaleEvents(this.options.pool);
    this.termsMayBeStale = false;
  }

  private async clean(nowMs: number): Promise<void> {
    if (nowMs - this.cleanedMs < limits.catalogueChangesKeptMs / 4) return;
    this.cleanedMs = nowMs;
    await this.options.pool.query(
      `DELETE FROM catalogue_change
        WHERE changed_at < statement_timestamp() - $1 * interval '1 millisecond'`,
      [limits.catalogueChangesKeptMs],
    );
  }
}

/** The first look asks for none: whatever was read before it may be old. */
const newChanges = `
  SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS oldest,
         (SELECT json_agg(json_build_object('id', change_id::text, 'event', event_id))
            FROM catalogue_change WHERE tx >= $1::text::xid8) AS changes`;
