import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { TestPostgres } from '#libs/testing/postgres.js';
import { until } from '#libs/testing/until.js';
import { now } from '../demo/api.js';
import type { Fault, FaultContext, Faults } from './fault.js';
import { operatorSays } from './owners.js';

/**
 * A synchronous standby is promoted while the primary lives; then the shards are given the address
 * of the old primary for a moment, whose journal ends too early: they must put their events in
 * quarantine, and an operator who gave them the right address again releases them (G2).
 */
export const standbyFaults: Faults<'promote-standby'> = {
  'promote-standby': (context) => new Promotion(context),
};

const followsWithinMs = 20_000;
const oldPrimaryMs = 2_500;
/** A mark that could not be written is written later, and may be: the operator comes again. */
const operatorWatchesMs = 25_000;
const operatorPauseMs = 250;
const isSync = `SELECT 1 FROM pg_stat_replication
  WHERE state = 'streaming' AND sync_state = 'sync'`;

class Promotion implements Fault {
  readonly what = 'the standby is promoted, and later the old primary has the address for a moment';
  readonly lastsMs: number;
  readonly #old: TestPostgres;
  #standby: TestPostgres | null = null;
  #promoted = false;
  #ending: Promise<void> | null = null;

  constructor(private readonly context: FaultContext) {
    this.lastsMs = context.random.between(500, 5_000);
    this.#old = context.system.postgres;
  }

  async begin(): Promise<void> {
    const { system } = this.context;
    this.#standby = await system.startStandby();
    await on(this.#old, `ALTER SYSTEM SET synchronous_standby_names = 'standby'`);
    await on(this.#old, 'SELECT pg_reload_conf()');
    const following = async () => (await on(this.#old, isSync)) > 0;
    await until(following, 'the standby is synchronous', followsWithinMs);
    await on(this.#standby, 'SELECT pg_promote(wait => true)');
    this.#promoted = true;
    system.failOver(this.#standby);
  }

  end(): Promise<void> {
    return (this.#ending ??= this.#promoted ? this.#oldPrimaryIsBack() : this.#giveUp());
  }

  async #oldPrimaryIsBack(): Promise<void> {
    const { system } = this.context;
    const shards = system.of('shard');
    system.pointAt(this.#old, shards);
    await pause(oldPrimaryMs);
    system.pointAt(system.postgres, shards);
    await this.#old.stop();
  }

  /** Releases what is put in quarantine, and only after this fault: any other is a finding. */
  async afterwards(): Promise<void> {
    const { system } = this.context;
    const givesUpAtMs = now() + operatorWatchesMs;
    const sql = 'SELECT event_id AS id FROM ownership WHERE quarantined IS NOT NULL';
    while (now() < givesUpAtMs) {
      // The database may be away: something else is being broken by now.
      const found = await system.pool.query<{ id: string }>(sql).catch(() => ({ rows: [] }));
      for (const { id } of found.rows) {
        await operatorSays(system, ['event', 'release-quarantine', id]);
      }
      await pause(operatorPauseMs);
    }
  }

  /** The primary must not wait for ever for a standby that is gone. */
  async #giveUp(): Promise<void> {
    if (this.#old.running) {
      await on(this.#old, 'ALTER SYSTEM RESET synchronous_standby_names');
      await on(this.#old, 'SELECT pg_reload_conf()');
    }
    await this.#standby?.stop();
  }
}

/** How many rows it gave. Past all lines, and not waiting for a standby. */
async function on(server: TestPostgres, sql: string): Promise<number> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    await client.query('SET synchronous_commit = local');
    return (await client.query(sql)).rowCount ?? 0;
  } finally {
    await client.end();
  }
}
