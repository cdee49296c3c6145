import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { EventId } from '#libs/inventory/ids.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import { batchAfter, nextEventId, own } from './testing/journal.fixtures.js';
import { describeJournal } from './testing/journal.features.js';
import { CommitUnknown, type Batch, type Journal } from './journal.js';
import { openPostgresJournal } from './postgres-journal.js';
import { openPostgresHarness, type PostgresHarness } from './testing/postgres-harness.js';
import { verifyChain } from './verify-chain.js';

let server: TestPostgres;
beforeAll(async () => {
  server = await startTestPostgres();
});
afterAll(() => server.stop());

describeJournal('the journal in Postgres', () => openPostgresHarness(server));

describe('the journal in Postgres under failures', () => {
  let harness: PostgresHarness;
  let impatient: Journal;
  beforeAll(async () => {
    harness = await openPostgresHarness(server);
    impatient = openPostgresJournal({ url: harness.url, appendTimeoutMs: 400 });
  });
  afterAll(async () => {
    await impatient.close();
    await harness.close();
  });

  async function newEvent(): Promise<EventId> {
    const eventId = nextEventId();
    await harness.register(eventId, null);
    return eventId;
  }

  /** Somebody else's open transaction has the place of `batch`: whoever wants it must wait. */
  async function blockPlaceOf(batch: Batch, applicationName = 'test'): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: harness.url,
      application_name: applicationName,
    });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('BEGIN');
    await client.query(
      `INSERT INTO journal (event_id, batch_no, epoch, first_seq, last_seq, prev_hash, hash, facts)
       VALUES ($1, $2, $3, $4, $5, $6, $7, '')`,
      [
        batch.eventId,
        batch.batchNo,
        batch.epoch,
        batch.firstSeq,
        batch.lastSeq,
        batch.prevHash,
        batch.hash,
      ],
    );
    return client;
  }

  async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
    const deadline = Date.now() + 10_000;
    while (!(await condition())) {
      if (Date.now() > deadline) throw new Error(`did not happen: ${what}`);
    }
  }
  async function waiting(applicationName: string): Promise<boolean> {
    const { rowCount } = await harness.pool.query(
      `SELECT 1 FROM pg_stat_activity
       WHERE application_name = $1 AND wait_event_type = 'Lock'`,
      [applicationName],
    );
    return rowCount === 1;
  }
  async function isThere(applicationName: string): Promise<boolean> {
    const { rowCount } = await harness.pool.query(
      'SELECT 1 FROM pg_stat_activity WHERE application_name = $1',
      [applicationName],
    );
    return rowCount !== 0;
  }

  it('gives up an append that is not answered in time, and ends its backend', async () => {
    const eventId = await newEvent();
    const batch = batchAfter(await own(harness.journal, eventId, 'shard-slow'), eventId);
    const writer = await impatient.openWriter('shard-slow');
    const blocker = await blockPlaceOf(batch);
    const startedMs = performance.now();
    await expect(writer.append([batch])).rejects.toThrow('no answer within 400 ms');
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(await waiting('hf-writer shard-slow')).toBe(true);
    await writer.reopen();
    expect(await waiting('hf-writer shard-slow')).toBe(false);
    await blocker.query('ROLLBACK');
    await blocker.end();
    expect(await writer.settle(batch)).toBe('appended');
    expect(await verifyChain(harness.journal, eventId)).toMatchObject({ ok: true, batches: 2 });
    await writer.close();
  });

  it('ends the old backend before it waits for the table, and does not wait for ever', async () => {
    const eventId = await newEvent();
    const batch = batchAfter(await own(harness.journal, eventId, 'shard-lock'), eventId);
    const writer = await impatient.openWriter('shard-lock');
    const blocker = await blockPlaceOf(batch);
    await expect(writer.append([batch])).rejects.toThrow('no answer');
    // Waits for the append's backend, and then for the blocker; who comes later waits behind it.
    const locker = await harness.pool.connect();
    const locked = locker.query('BEGIN; LOCK TABLE journal IN ACCESS EXCLUSIVE MODE');
    await until(() => waiting('test'), 'the lock waits');
    await expect(writer.reopen()).rejects.toThrow('no answer');
    await blocker.query('ROLLBACK');
    await blocker.end();
    await locked;
    await locker.query('ROLLBACK');
    locker.release();
    await writer.reopen();
    expect(await writer.settle(batch)).toBe('appended');
    await writer.close();
  });

  it('settles after the backend of the writer was ended in the middle', async () => {
    const eventId = await newEvent();
    const batch = batchAfter(await own(harness.journal, eventId, 'shard-term'), eventId);
    const writer = await harness.journal.openWriter('shard-term');
    const blocker = await blockPlaceOf(batch);
    const append = writer.append([batch]);
    const unknown = expect(append).rejects.toBeInstanceOf(CommitUnknown);
    await until(() => waiting('hf-writer shard-term'), 'the append waits');
    await harness.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'hf-writer shard-term'`,
    );
    await unknown;
    await blocker.query('ROLLBACK');
    await blocker.end();
    await writer.reopen();
    expect(await writer.settle(batch)).toBe('appended');
    await writer.close();
  });

  it('notices a connection that broke while idle', async () => {
    const eventId = await newEvent();
    const batch = batchAfter(await own(harness.journal, eventId, 'shard-idle'), eventId);
    const writer = await harness.journal.openWriter('shard-idle');
    await harness.pool.query(
      `SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity
       WHERE application_name = 'hf-writer shard-idle'`,
    );
    await expect(writer.append([batch])).rejects.toBeInstanceOf(CommitUnknown);
    await writer.reopen();
    expect(await writer.append([batch])).toEqual(['appended']);
    await writer.close();
  });

  it('is not held up by a writer whose transaction does not end', async () => {
    const eventId = await newEvent();
    const old = await own(harness.journal, eventId, 'shard-stopped');
    const zombie = await blockPlaceOf(batchAfter(old, eventId), 'hf-writer shard-stopped');
    const startedMs = performance.now();
    const announce = await own(harness.journal, eventId, 'shard-new');
    expect(performance.now() - startedMs).toBeLessThan(3_000);
    expect(announce).toMatchObject({ epoch: 2, batchNo: 2 });
    expect(await isThere('hf-writer shard-stopped')).toBe(false);
    await zombie.end();
  });

  it('announces behind a row that came in while the announce waited for its place', async () => {
    const eventId = await newEvent();
    const batch = batchAfter(await own(harness.journal, eventId, 'shard-late'), eventId);
    const late = await blockPlaceOf(batch);
    const announced = harness.pool.query<{ batch_no: number; epoch: number }>(
      'SELECT batch_no, epoch FROM journal_announce($1, 2, 2)',
      [eventId],
    );
    await until(() => waiting('test'), 'the announce waits');
    await late.query('COMMIT');
    await late.end();
    expect((await announced).rows).toEqual([{ batch_no: batch.batchNo + 1, epoch: 2 }]);
  });

  it('is not held up by an old owner that never stops appending', async () => {
    const eventId = await newEvent();
    let epochs = 0;
    for (let round = 0; round < 10; round++) {
      const incarnation = `shard-busy-${round}`;
      let tail = batchAfter(await own(harness.journal, eventId, incarnation), eventId);
      const writer = await harness.journal.openWriter(incarnation);
      const busy = (async () => {
        for (;;) {
          const [verdict] = await writer.append([tail]);
          if (verdict !== 'appended') return verdict;
          tail = batchAfter(tail, eventId);
        }
      })();
      const enough = tail.batchNo + 3;
      while (tail.batchNo < enough) await new Promise<void>((go) => setImmediate(go));
      epochs = (await own(harness.journal, eventId, 'shard-next')).epoch;
      expect(await busy).toBe('fenced');
      await writer.close();
    }
    expect(epochs).toBe(20);
  });

  it('lets another taker go on when one dies between its two steps', async () => {
    const eventId = await newEvent();
    await own(harness.journal, eventId, 'shard-a');
    await harness.pool.query(
      `UPDATE ownership SET shard = 'shard-dead', epoch = 2 WHERE event_id = $1`,
      [eventId],
    );
    expect(await own(harness.journal, eventId, 'shard-b')).toMatchObject({ epoch: 3, batchNo: 2 });
  });

  it('brings up an ownership row that was set back, and never shares an epoch', async () => {
    const eventId = await newEvent();
    await own(harness.journal, eventId, 'shard-a');
    await own(harness.journal, eventId, 'shard-b');
    for (const epoch of [0, 1]) {
      await harness.pool.query(
        'UPDATE ownership SET shard = NULL, epoch = $2 WHERE event_id = $1',
        [eventId, epoch],
      );
      const request = { eventId, incarnation: 'shard-c', fromEpoch: epoch };
      expect(await harness.journal.takeOver(request)).toMatchObject({
        kind: 'lost',
        ownership: { owner: null, epoch: 2 },
      });
    }
    expect(await own(harness.journal, eventId, 'shard-c')).toMatchObject({ epoch: 3, batchNo: 3 });
  });

  it('finds the first changed batch of a history', async () => {
    const eventId = await newEvent();
    const first = batchAfter(await own(harness.journal, eventId, 'shard-a'), eventId);
    const second = batchAfter(first, eventId);
    const writer = await harness.journal.openWriter('shard-a');
    await writer.append([first]);
    await writer.append([second]);
    await writer.close();
    const change = (sql: string) => harness.pool.query(`UPDATE journal SET ${sql}`, [eventId]);
    await change(`facts = facts || '\\x00' WHERE event_id = $1 AND batch_no = 3`);
    expect(await verifyChain(harness.journal, eventId)).toEqual({
      ok: false,
      batchNo: 3,
      problem: 'its content does not match its hash',
    });
    await change(`hash = sha256('x') WHERE event_id = $1 AND batch_no = 2`);
    expect(await verifyChain(harness.journal, eventId)).toMatchObject({ ok: false, batchNo: 2 });
    await harness.pool.query('DELETE FROM journal WHERE event_id = $1 AND batch_no = 1', [eventId]);
    expect(await verifyChain(harness.journal, eventId)).toMatchObject({ ok: false, batchNo: 1 });
  });

  it('rejects what the database cannot store, and only that', async () => {
    const ids = [await newEvent(), await newEvent()];
    const bad = { topic: 'mail', key: 'k', payload: 'zero: \u0000' };
    const group = [
      batchAfter(await own(harness.journal, ids[0], 'shard-a'), ids[0], {
        projection: { outbox: [bad] },
      }),
      batchAfter(await own(harness.journal, ids[1], 'shard-a'), ids[1]),
    ];
    const writer = await harness.journal.openWriter('shard-a');
    expect(await writer.append(group)).toEqual(['rejected', 'appended']);
    await writer.close();
  });

  it('finds the truth of 100 appends whose connection was cut at any moment', async () => {
    const eventId = await newEvent();
    let tail = batchAfter(await own(harness.journal, eventId, 'shard-cut'), eventId);
    const writer = await harness.journal.openWriter('shard-cut');
    const count = { answered: 0, wasIn: 0, wasNot: 0 };
    for (let round = 0; round < 100; round++) {
      // Most cuts come at a moment of chance; some come where they are sure to hit either side.
      if (round % 10 === 0) harness.proxy.cutBeforeNextRequest();
      if (round % 10 === 5) harness.proxy.cutBeforeNextAnswer();
      const append = writer.append([tail]).then(
        () => true,
        () => false,
      );
      const cutAtMs = performance.now() + (round % 30) / 20;
      while (round % 5 !== 0 && performance.now() < cutAtMs)
        await new Promise<void>((go) => setImmediate(go));
      if (round % 5 !== 0) harness.proxy.cutAll();
      if (await append) count.answered++;
      else {
        await writer.reopen();
        const before = await harness.pool.query(
          'SELECT 1 FROM journal WHERE event_id = $1 AND batch_no = $2',
          [eventId, tail.batchNo],
        );
        if (before.rowCount === 1) count.wasIn++;
        else count.wasNot++;
        expect(await writer.settle(tail)).toBe('appended');
      }
      await writer.reopen();
      tail = batchAfter(tail, eventId);
    }
    await writer.close();
    expect(count.answered + count.wasIn + count.wasNot).toBe(100);
    expect(Math.min(count.wasIn, count.wasNot)).toBeGreaterThan(0);
    expect(await verifyChain(harness.journal, eventId)).toMatchObject({ ok: true, batches: 101 });
  });

  it('does not believe a commit that gave up waiting for its standby (G2)', async () => {
    const eventId = await newEvent();
    const batch = batchAfter(await own(harness.journal, eventId, 'shard-sync'), eventId);
    const writer = await impatient.openWriter('shard-sync');
    const standby = async (names: string) => {
      await harness.pool.query(`ALTER SYSTEM SET synchronous_standby_names = '${names}'`);
      await harness.pool.query('SELECT pg_reload_conf()');
      await until(async () => {
        const { rows } = await harness.pool.query<{ now: string }>(
          `SELECT setting AS now FROM pg_settings WHERE name = 'synchronous_standby_names'`,
        );
        return rows[0].now === names;
      }, 'the setting is in force');
      // It is the checkpointer that tells all backends whether there is a standby to wait for.
      await harness.pool.query('CHECKPOINT');
    };
    await harness.pool.query('SET synchronous_commit = local');
    await standby('nobody');
    const append = expect(writer.append([batch])).rejects.toThrow('canceling wait');
    await until(async () => {
      const { rowCount } = await harness.pool.query(
        `SELECT pg_cancel_backend(pid) FROM pg_stat_activity
         WHERE application_name = 'hf-writer shard-sync' AND wait_event = 'SyncRep'`,
      );
      return rowCount === 1;
    }, 'the append waits for a standby');
    await append;
    // In doubt it writes nothing, though its connection works.
    await expect(writer.append([batch])).rejects.toBeInstanceOf(CommitUnknown);
    // It is there for all to see, and still not certain: settling has to wait for the standby too.
    expect((await harness.journal.tail(eventId))?.batchNo).toBe(2);
    await writer.reopen();
    await expect(writer.settle(batch)).rejects.toThrow('no answer within');
    await standby('');
    await writer.reopen();
    expect(await writer.settle(batch)).toBe('appended');
    await writer.close();
  });
});

describe('the journal in Postgres over a restart of the server', () => {
  it('settles an append that an immediate stop interrupted', async () => {
    const own1 = await startTestPostgres();
    try {
      const harness = await openPostgresHarness(own1);
      const eventId = nextEventId();
      await harness.register(eventId, null);
      const writer = await harness.journal.openWriter('shard-a');
      let tail = batchAfter(await own(harness.journal, eventId, 'shard-a'), eventId);
      for (let round = 0; round < 3; round++) {
        let acknowledged = 0;
        const appends = (async () => {
          for (;;) {
            await writer.append([tail]);
            acknowledged = tail.batchNo;
            tail = batchAfter(tail, eventId);
          }
        })();
        const failed = expect(appends).rejects.toBeInstanceOf(CommitUnknown);
        const enough = tail.batchNo + 20;
        while (acknowledged < enough) await new Promise<void>((go) => setImmediate(go));
        await own1.kill('SIGQUIT');
        await failed;
        await expect(writer.reopen()).rejects.toThrow();
        await own1.restart();
        await writer.reopen();
        expect(await writer.settle(tail)).toBe('appended');
        expect(await verifyChain(harness.journal, eventId)).toMatchObject({
          ok: true,
          batches: tail.batchNo,
        });
        tail = batchAfter(tail, eventId);
      }
      await writer.close();
      await harness.close();
    } finally {
      await own1.stop();
    }
  });
});
