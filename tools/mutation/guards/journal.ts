import { edit, type Mutation } from '../mutation.js';

/** The fence and its neighbours in SQL. fence.process.spec.ts removes some as well, under load. */
const sql = 'libs/journal/sql.ts';
const tables = 'libs/database/migrations/0001_journal.sql';
const writer = 'libs/journal/postgres-writer.ts';
const specs = ['libs/journal/postgres-journal.process.spec.ts'];
/** The suite that both journals pass; its tests need no server of their own. */
const features = 'postgres journal';

export const postgresJournal: readonly Mutation[] = [
  {
    name: 'sql-epoch',
    guarantee: 'G1',
    guard: "the predecessor's epoch check of an append",
    file: sql,
    edits: edit('SELECT p.epoch = i.epoch\n', 'SELECT true\n'),
    specs,
  },
  {
    name: 'sql-hash',
    guarantee: 'G9',
    guard: "the predecessor's hash check of an append",
    file: sql,
    edits: edit('      AND p.hash = substring($8::bytea FROM i.start FOR 32)\n', ''),
    specs,
  },
  {
    name: 'sql-sequence',
    guarantee: 'G6',
    guard: 'the check that versions have no gap',
    file: sql,
    edits: edit('      AND p.last_seq + 1 = i.first_seq\n', ''),
    specs,
  },
  {
    name: 'sql-conflict',
    guarantee: 'G1',
    guard: 'ON CONFLICT: a collision costs its event only',
    file: sql,
    edits: edit('  ON CONFLICT (event_id, batch_no) DO NOTHING\n  RETURNING j', '  RETURNING j'),
    specs,
  },
  {
    name: 'sql-cas',
    guarantee: 'G1',
    guard: 'the compare of the compare-and-set',
    file: sql,
    edits: edit('WHERE event_id = $1 AND epoch = $3`', 'WHERE event_id = $1 AND $3::int >= 0`'),
    specs,
  },
  {
    name: 'sql-projection',
    guarantee: 'G1',
    guard: 'bookings go in only if their batch did',
    file: sql,
    edits: edit(
      'total_minor bigint, at_ms float8)\n    WHERE (event_id IN' +
        ' (SELECT event_id FROM inserted)) IS TRUE',
      'total_minor bigint, at_ms float8)',
    ),
    specs,
  },
  {
    name: 'sql-catch-up',
    guarantee: 'G7',
    guard: 'an ownership row behind the journal is brought up',
    file: sql,
    edits: edit('(epoch < $2 OR (epoch', '(false AND $2::int > 0 OR (epoch'),
    specs,
  },
  {
    name: 'sql-snapshot',
    guarantee: 'G9',
    guard: 'a snapshot is of a batch that the journal has',
    file: sql,
    edits: edit(
      'WHERE EXISTS (\n    SELECT 1 FROM journal',
      'WHERE true OR EXISTS (\n    SELECT 1 FROM journal',
    ),
    specs,
  },
  {
    name: 'announce-epoch',
    guarantee: 'G1',
    guard: 'an announce follows a smaller epoch only',
    file: tables,
    edits: edit('EXIT WHEN tail.epoch >= new_epoch;', ''),
    specs,
  },
  {
    name: 'announce-conflict',
    guarantee: 'G1',
    guard: 'an announce that collides reads again',
    file: tables,
    edits: edit('    EXIT WHEN FOUND;\n', '    EXIT;\n'),
    specs,
  },
  {
    name: 'unique-seat',
    guarantee: 'G1',
    guard: 'the unique index on live booked seats',
    file: tables,
    edits: edit('CREATE UNIQUE INDEX booked_seat_live', 'CREATE INDEX booked_seat_live'),
    specs,
  },
  {
    name: 'settle-identity',
    guarantee: 'G2',
    guard: 'commit unknown: the row must be the identical batch',
    file: writer,
    edits: edit('epoch === batch.epoch && hash.equals(batch.hash)', 'epoch > 0 && hash.length > 0'),
    specs,
  },
  {
    name: 'standby-warning',
    guarantee: 'G2',
    guard: 'a commit with a warning is not believed',
    file: writer,
    edits: edit('if (this.#warning !== null) throw', 'if (this.#closed) throw'),
    specs,
    tests: 'standby',
  },
  {
    name: 'writer-doubt',
    guarantee: 'G2',
    guard: 'after a failure the writer refuses until it is opened again',
    file: writer,
    edits: edit(
      '      this.#drop();\n      throw new CommitUnknown',
      '      throw new CommitUnknown',
    ),
    specs,
    tests: `${features}|backend|in time`,
  },
];

const store = 'libs/journal/memory-store.ts';
const memory = 'libs/journal/memory-journal.ts';
const memorySpecs = ['libs/journal/memory-journal.spec.ts'];

/** The same rules in the twin that the simulator and most specs run on. */
export const memoryJournal: readonly Mutation[] = [
  {
    name: 'memory-epoch',
    guarantee: 'G1',
    guard: "the predecessor's epoch check (memory)",
    file: store,
    edits: edit('      tail.epoch === batch.epoch &&\n', ''),
    specs: memorySpecs,
  },
  {
    name: 'memory-key',
    guarantee: 'G1',
    guard: 'a batch number is used once (memory)',
    file: store,
    edits: edit('      tail.batchNo + 1 === batch.batchNo &&\n', ''),
    specs: memorySpecs,
  },
  {
    name: 'memory-hash',
    guarantee: 'G9',
    guard: "the predecessor's hash check (memory)",
    file: store,
    edits: edit(
      'tail.lastSeq + 1 === batch.firstSeq &&\n      sameBytes(tail.hash, batch.prevHash);',
      'tail.lastSeq + 1 === batch.firstSeq;',
    ),
    specs: memorySpecs,
  },
  {
    name: 'memory-sequence',
    guarantee: 'G6',
    guard: 'the check that versions have no gap (memory)',
    file: store,
    edits: edit('      tail.lastSeq + 1 === batch.firstSeq &&\n', ''),
    specs: memorySpecs,
  },
  {
    name: 'memory-sold',
    guarantee: 'G1',
    guard: 'no live seat is sold twice (memory)',
    file: store,
    edits: edit("if (this.#sellsASoldSeat(batch)) return 'rejected';", ''),
    specs: memorySpecs,
  },
  {
    name: 'memory-settle',
    guarantee: 'G2',
    guard: 'commit unknown: the identical batch (memory)',
    file: store,
    edits: edit(
      'row !== undefined && row.epoch === epoch && sameBytes(row.hash, hash);\n  }\n\n  announce',
      'row !== undefined && epoch > 0 && hash.length > 0;\n  }\n\n  announce',
    ),
    specs: memorySpecs,
  },
  {
    name: 'memory-cas',
    guarantee: 'G1',
    guard: 'the compare of the compare-and-set (memory)',
    file: memory,
    edits: edit('const won = found.epoch === fromEpoch;', 'const won = true;'),
    specs: memorySpecs,
  },
  {
    name: 'memory-announce',
    guarantee: 'G1',
    guard: 'an announce follows a smaller epoch only (memory)',
    file: memory,
    edits: edit(
      'if (tail !== null && tail.epoch >= epoch) {',
      'if (tail !== null && tail.epoch > epoch) {',
    ),
    specs: memorySpecs,
  },
];
