import { holdMs, type BatchStore } from '../hold-store.js';

/** What Node's own SQLite and better-sqlite3 have in common. */
interface Sqlite {
  exec(sql: string): unknown;
  prepare(sql: string): {
    run(...values: number[]): { changes: number | bigint };
    get(...values: number[]): unknown;
  };
  close(): void;
}

/** Node's own from Node 22.13; null before. */
export function nodeSqlite(): (new (file: string) => Sqlite) | null {
  const found = process.getBuiltinModule('node:sqlite') as
    | { readonly DatabaseSync: new (file: string) => Sqlite }
    | undefined;
  return found?.DatabaseSync ?? null;
}

/** In the front's own process, one transaction for all holds of a tick, fsync at its commit. */
export function sqliteBatched(file: string): BatchStore {
  const Database = nodeSqlite();
  if (Database === null) throw new Error('this Node has no SQLite');
  const database = new Database(file);
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  database.exec(`CREATE TABLE seat (event INTEGER, seat INTEGER, buyer INTEGER, until INTEGER,
    PRIMARY KEY (event, seat)) WITHOUT ROWID`);
  const take = database.prepare(`INSERT INTO seat VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT DO UPDATE SET buyer = ?3, until = ?4 WHERE seat.until < ?5`);
  const count = database.prepare('SELECT count(*) AS held FROM seat WHERE event = ?');
  return {
    kind: 'batch',
    addEvent: () => Promise.resolve(),
    holdAll(holds) {
      const nowMs = Date.now();
      database.exec('BEGIN IMMEDIATE');
      const held = holds.map(
        ({ event, seat, buyer }) =>
          Number(take.run(event, seat, buyer, nowMs + holdMs, nowMs).changes) === 1,
      );
      database.exec('COMMIT');
      return Promise.resolve(held);
    },
    held: (event) => Promise.resolve((count.get(event) as { held: number }).held),
    stop() {
      database.close();
      return Promise.resolve();
    },
  };
}
