import type { Setting } from './hold-store.js';
import type { PostgresWay } from './stores/postgres.js';

/** Which store a front opens; crosses a process border as JSON. */
export type StoreSpec =
  | { readonly store: 'postgres'; readonly way: PostgresWay }
  | { readonly store: 'postgres-batched' }
  | { readonly store: 'redis-set-nx' | 'redis-lua' | 'redis-lua-batched' | 'redis-same-job' }
  | { readonly store: 'sqlite' | 'memory' | 'sells-twice' };

export interface PeerEntry {
  /** As --only takes it. */
  readonly name: string;
  readonly title: string;
  readonly spec: StoreSpec;
  /** What is safe when a hold is answered. */
  readonly durability: string;
  /** What it does for a hold, in words that can be compared. */
  readonly job: string;
  /** appendfsync of the Redis it needs; null: it needs none. */
  readonly appendfsync: 'always' | 'everysec' | null;
  /** Tried by --sweep; the first is used without. */
  readonly settings: readonly Setting[];
  /** False: it is here to be found out, and has no place in a table of figures. */
  readonly claimsSafety: boolean;
}

const connections: readonly Setting[] = [
  { width: 16 },
  { width: 8 },
  { width: 32 },
  { width: 8, pipelined: true },
  { width: 16, pipelined: true },
  { width: 32, pipelined: true },
];
const batches: readonly Setting[] = [{ width: 1 }, { width: 2 }, { width: 4 }];
const none: readonly Setting[] = [{ width: 1 }];

const sqlFsync = 'Postgres, fsync before the answer';
const aofAlways = 'Redis, fsync before the answer';
const aofEverysec = 'Redis, up to a second is lost with the machine';
const deadline = 'seat, deadline';
const seatOnly = 'seat';
const whole = 'seat, deadline, buyer limit, idempotency, order row, diffs';

const perHold = (name: string, title: string, way: PostgresWay): PeerEntry => ({
  name,
  title,
  spec: { store: 'postgres', way },
  durability: sqlFsync,
  job: deadline,
  appendfsync: null,
  settings: connections,
  claimsSafety: true,
});

const redis = (entry: Pick<PeerEntry, 'name' | 'title' | 'spec' | 'appendfsync' | 'settings'>) => ({
  durability: entry.appendfsync === 'always' ? aofAlways : aofEverysec,
  job: seatOnly,
  claimsSafety: true,
  ...entry,
});

/** Strongest first. */
export const peers: readonly PeerEntry[] = [
  redis({
    name: 'redis-lua-batched-always',
    title: 'Redis Lua, all of a tick',
    spec: { store: 'redis-lua-batched' },
    appendfsync: 'always',
    settings: batches,
  }),
  {
    ...redis({
      name: 'redis-same-job',
      title: 'Redis Lua + Postgres order',
      spec: { store: 'redis-same-job' },
      appendfsync: 'always',
      settings: [{ width: 2 }, { width: 1 }, { width: 4 }],
    }),
    durability: 'Redis and Postgres, fsync before the answer',
    job: whole,
  },
  redis({
    name: 'redis-lua-batched-everysec',
    title: 'Redis Lua, all of a tick',
    spec: { store: 'redis-lua-batched' },
    appendfsync: 'everysec',
    settings: batches,
  }),
  {
    ...perHold('postgres-batched', 'Postgres UPDATE, batched', 'update'),
    spec: { store: 'postgres-batched' },
    settings: [{ width: 1 }, { width: 2 }],
  },
  redis({
    name: 'redis-lua-always',
    title: 'Redis Lua per hold',
    spec: { store: 'redis-lua' },
    appendfsync: 'always',
    settings: none,
  }),
  redis({
    name: 'redis-lua-everysec',
    title: 'Redis Lua per hold',
    spec: { store: 'redis-lua' },
    appendfsync: 'everysec',
    settings: none,
  }),
  {
    ...redis({
      name: 'redis-set-nx',
      title: 'Redis SET NX, order behind',
      spec: { store: 'redis-set-nx' },
      appendfsync: 'everysec',
      settings: [{ width: 2 }],
    }),
    job: deadline,
  },
  {
    ...perHold('sqlite-batched', 'SQLite, batched', 'insert'),
    spec: { store: 'sqlite' },
    durability: 'SQLite WAL, synchronous=FULL before the answer',
    settings: none,
  },
  perHold('postgres-update', 'Postgres UPDATE per hold', 'update'),
  perHold('postgres-insert', 'Postgres INSERT ON CONFLICT', 'insert'),
  perHold('postgres-skip-locked', 'Postgres SKIP LOCKED', 'skip-locked'),
  perHold('postgres-row-lock', 'Postgres SELECT FOR UPDATE', 'row-lock'),
  perHold('postgres-serializable', 'Postgres SERIALIZABLE, retry', 'serializable'),
  {
    name: 'actor-without-journal',
    title: 'our actor, no journal',
    spec: { store: 'memory' },
    durability: 'none',
    job: 'seat, deadline, buyer limit, idempotency',
    appendfsync: null,
    settings: none,
    claimsSafety: true,
  },
  {
    name: 'sells-twice',
    title: 'looks, then takes (broken)',
    spec: { store: 'sells-twice' },
    durability: 'none',
    job: seatOnly,
    appendfsync: null,
    settings: none,
    claimsSafety: false,
  },
];
