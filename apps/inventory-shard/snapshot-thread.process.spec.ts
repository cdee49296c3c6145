import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type pg from 'pg';
import { recover } from '#libs/actor/recovery.js';
import { createPostgresCatalogue } from '#libs/catalogue/postgres-catalogue.js';
import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import {
  digest,
  bySystem,
  encodeFacts,
  factLevelNewest,
  type EventId,
  type Fact,
  type TimeMs,
} from '#libs/inventory/inventory.js';
import { batchAfter, own } from '#libs/journal/testing/journal.fixtures.js';
import type { Journal } from '#libs/journal/journal.js';
import { openPostgresJournal } from '#libs/journal/postgres-journal.js';
import { silentLog } from '#libs/platform/log.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import { importSmallEvent } from '#libs/testing/sale.js';
import { root, setup } from '../../ops/setup.mjs';

/** The thread as a shard has it, in a process of its own. */
const eventId = 'evt_threaded' as EventId;
let server: TestPostgres;
let databaseUrl: string;
let pool: pg.Pool;
let journal: Journal;

beforeAll(async () => {
  await setup();
  server = await startTestPostgres();
  databaseUrl = await server.createDatabase();
  await migrate(databaseUrl);
  pool = openPool(databaseUrl, { applicationName: 'spec', max: 2, answerWithinMs: 10_000 });
  journal = openPostgresJournal({ url: databaseUrl });
  await importSmallEvent(pool, eventId, 60_000);
}, 240_000);

afterAll(async () => {
  await journal?.close();
  await pool?.end();
  await server?.stop();
}, 30_000);

/**
 * Asks a new process's thread for snapshots of `events`, and says how many were stored when
 * `expected` were, or after half a minute.
 */
async function storedOf(events: readonly EventId[], expected: number): Promise<number> {
  const thread = pathToFileURL(`${root}/dist/apps/inventory-shard/snapshot-thread.js`);
  const script = `
    import { setTimeout as wait } from 'node:timers/promises';
    import { startSnapshotThread } from '${thread.href}';
    const log = new Proxy({}, { get: () => (...told) => process.stderr.write(String(told)) });
    const snapshots = startSnapshotThread({ databaseUrl: '${databaseUrl}', name: 'spec', log });
    ${JSON.stringify(events)}.forEach((eventId) => snapshots.request(eventId));
    for (let tries = 0; tries < 1500 && snapshots.stored < ${expected}; tries++) await wait(20);
    process.stdout.write(String(snapshots.stored));
    await snapshots.close();
  `;
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-snapshots-'));
  try {
    const program = path.join(folder, 'ask.mjs');
    await writeFile(program, script);
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program]);
    expect(stderr).toBe('');
    return Number(stdout);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const opened: Fact = { type: 'SaleOpened', atMs: 1_000 as TimeMs, by: bySystem };

describe('the snapshot thread', () => {
  it('stores what the journal has, and nothing for an event that nobody knows', async () => {
    const tail = await own(journal, eventId, 'spec-1');
    const writer = await journal.openWriter('spec-1');
    const batch = batchAfter(tail, eventId, { facts: encodeFacts([opened], factLevelNewest) });
    expect(await writer.append([batch])).toEqual(['appended']);
    await writer.close();
    const folded = await recovered();
    expect(folded.factsSinceSnapshot).toBe(1);

    expect(await storedOf(['evt_nobody' as EventId, eventId], 1)).toBe(1);
    const again = await recovered();
    expect(again.factsSinceSnapshot).toBe(0);
    expect(again.batchNo).toBe(batch.batchNo);
    expect(digest(again.state)).toBe(digest(folded.state));
  }, 60_000);
});

async function recovered() {
  const inventory = await createPostgresCatalogue(pool).inventoryOf(eventId);
  if (inventory === null) throw new Error('the event was imported');
  return recover(journal, { ...inventory, eventId }, silentLog());
}
