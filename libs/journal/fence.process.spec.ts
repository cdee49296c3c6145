import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import type { EventId } from '#libs/inventory/ids.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import {
  newEvidence,
  plainTaker,
  productionStatements,
  tooEagerTaker,
  torture,
  type Evidence,
  type Statements,
  type Taker,
} from '#libs/testing/fence/fence-torture.js';
import { findViolations } from '#libs/testing/fence/fence-violations.js';
import { nextEventId } from './testing/journal.fixtures.js';
import type { Journal } from './journal.js';
import { openPostgresJournal } from './postgres-journal.js';
import { verifyChain } from './verify-chain.js';

/**
 * The safety argument (docs/architecture.md#the-journal), tried: six owners, four events, pipelined
 * appends.
 * Then each guard is taken out, one at a time; a test that could not tell would be worth nothing.
 */
const ownersCount = 6;
/** The full run ends after so many take-overs, or when its time is up. */
const takeOversEnough = 4_000;
const takeOversMin = 1_000;
const fullRunMsMax = 45_000;
const baseRunMs = 1_500;
const mutantMsMax = 10_000;
const roundMs = 300;

let server: TestPostgres;
let url: string;
let pool: pg.Pool;
let journal: Journal;

beforeAll(async () => {
  server = await startTestPostgres();
  url = await server.createDatabase();
  await migrate(url);
  pool = openPool(url, { applicationName: 'fence', max: 12, answerWithinMs: 10_000 });
  journal = openPostgresJournal({ url, poolMax: 12 });
});
afterAll(async () => {
  await journal.close();
  await pool.end();
  await server.stop();
});

async function fourEvents(): Promise<readonly EventId[]> {
  const events = Array.from({ length: 4 }, () => nextEventId());
  for (const eventId of events) {
    await pool.query('INSERT INTO ownership (event_id) VALUES ($1)', [eventId]);
    // An event that was owned before, so that every taker finds a journal.
    await journal.takeOver({ eventId, incarnation: 'first', fromEpoch: 0 });
  }
  return events;
}

interface Run {
  readonly statements: Statements;
  readonly taker: Taker;
  readonly forMs: number;
  /** Ends the run early. */
  readonly until?: () => boolean;
}

async function run(
  events: readonly EventId[],
  evidence: Evidence,
  { statements, taker, forMs, until = () => false }: Run,
): Promise<readonly string[]> {
  const endMs = performance.now() + forMs;
  const goesOn = () => performance.now() < endMs && !until();
  await torture({ url, events, owners: ownersCount, statements, taker, evidence, goesOn });
  return findViolations(pool, events, evidence);
}

const productionTaker: Taker = async (request) => {
  const result = await journal.takeOver(request);
  if (result.kind !== 'taken') return null;
  return { eventId: request.eventId, epoch: result.epoch, tail: result.announce };
};

/** Production SQL with one piece replaced; a piece that is not found fails the test. */
function without(statement: string, piece: string | RegExp, instead = ''): string {
  const changed = statement.replace(piece, instead);
  expect(changed).not.toBe(statement);
  return changed;
}

/** Both forms of the append without a piece. */
function appendWithout(piece: string | RegExp, instead = '') {
  const { appendGroup, appendSingle } = productionStatements;
  return {
    appendGroup: without(appendGroup, piece, instead),
    appendSingle: without(appendSingle, piece, instead),
  };
}

/** The announce with a function of its own that lacks a piece. */
async function announceWithout(piece: string, instead = ''): Promise<string> {
  const { rows } = await pool.query<{ source: string }>(
    `SELECT pg_get_functiondef('journal_announce'::regproc) AS source`,
  );
  const source = without(rows[0].source, piece, instead);
  await pool.query(without(source, 'journal_announce', 'weak_announce'));
  return without(productionStatements.announce, 'journal_announce', 'weak_announce');
}

const predecessorCheck = /WHERE \(\s*SELECT p\.epoch = i\.epoch[\s\S]*?\)\s*ON CONFLICT/;
const onConflict = 'ON CONFLICT (event_id, batch_no) DO NOTHING';

describe('the fence of the journal', () => {
  it('holds while six owners with appends on their way take events from each other', async () => {
    const events = await fourEvents();
    const evidence = newEvidence();
    const violations = await run(events, evidence, {
      statements: productionStatements,
      taker: productionTaker,
      forMs: fullRunMsMax,
      until: () => evidence.terms.length >= takeOversEnough,
    });
    expect(violations).toEqual([]);
    expect(evidence.terms.length).toBeGreaterThan(takeOversMin);
    expect(evidence.acknowledged.length).toBeGreaterThan(takeOversMin);
    expect(evidence.fenced).toBeGreaterThan(100);
    for (const eventId of events) {
      expect(await verifyChain(journal, eventId)).toMatchObject({ ok: true });
    }
    process.stdout.write(
      `  fence: ${evidence.terms.length} take-overs, ${evidence.acknowledged.length} batches ` +
        `acknowledged, ${evidence.fenced} owners fenced, ${violations.length} violations\n`,
    );
  }, 60_000);

  it('rests on the statements alone, without second looks in the take-over', async () => {
    const evidence = newEvidence();
    const wins: string[] = [];
    const taker = plainTaker(pool, productionStatements, wins);
    const violations = await run(await fourEvents(), evidence, {
      statements: productionStatements,
      taker,
      forMs: baseRunMs,
    });
    expect(violations).toEqual([]);
    expect(new Set(wins).size).toBe(wins.length);
    expect(evidence.terms.length).toBeGreaterThan(20);
  });

  it("holds with the epoch alone: the predecessor's hash is a second line", async () => {
    const append = appendWithout(/AND p\.hash = [\s\S]*?first_seq\n/, '\n');
    const evidence = newEvidence();
    const violations = await run(await fourEvents(), evidence, {
      statements: { ...productionStatements, ...append },
      taker: plainTaker(pool, productionStatements, []),
      forMs: baseRunMs,
    });
    expect(violations).toEqual([]);
    expect(evidence.terms.length).toBeGreaterThan(20);
  });
});

describe('the fence test notices the loss of', () => {
  /** Short rounds until something is wrong. */
  async function provoke(
    statements: Statements,
    taker: Taker,
    alsoWrong: () => boolean = () => false,
  ): Promise<readonly string[]> {
    const giveUpMs = performance.now() + mutantMsMax;
    while (performance.now() < giveUpMs) {
      const evidence = newEvidence();
      const until = () => evidence.failures.length > 0 || alsoWrong();
      const violations = await run(await fourEvents(), evidence, {
        statements,
        taker,
        forMs: roundMs,
        until,
      });
      if (violations.length > 0 || alsoWrong()) return violations;
    }
    return [];
  }

  it('the predecessor check', async () => {
    const append = appendWithout(predecessorCheck, 'ON CONFLICT');
    const statements = { ...productionStatements, ...append };
    const violations = await provoke(statements, plainTaker(pool, statements, []));
    expect(violations.length).toBeGreaterThan(0);
    expect(violations.join()).toMatch(/older epoch|wrote while/);
  });

  it('ON CONFLICT: one event would cost its neighbours', async () => {
    const append = appendWithout(onConflict);
    const statements = { ...productionStatements, ...append };
    const violations = await provoke(statements, plainTaker(pool, statements, []));
    expect(violations.join()).toContain('a group failed: duplicate key');
  });

  it('the compare of the compare-and-set', async () => {
    const compareAndSet = without(
      without(productionStatements.compareAndSet, 'epoch = epoch + 1', 'epoch = $3 + 1'),
      'AND epoch = $3',
    );
    const statements = { ...productionStatements, compareAndSet };
    const wins: string[] = [];
    const sharedEpoch = () => new Set(wins).size < wins.length;
    await provoke(statements, plainTaker(pool, statements, wins), sharedEpoch);
    expect(wins.length - new Set(wins).size).toBeGreaterThan(0);
  });

  it('the rule that an announce follows a smaller epoch', async () => {
    const announce = await announceWithout('tail.epoch >= new_epoch', 'false');
    const statements = { ...productionStatements, announce };
    const violations = await provoke(statements, plainTaker(pool, statements, []));
    expect(violations.join()).toMatch(/older epoch|wrote while/);
  });

  it('the announce before an owner serves', async () => {
    // Without an announce its own first batch must be let in behind the smaller epoch.
    const append = appendWithout('p.epoch = i.epoch', 'p.epoch <= i.epoch');
    const statements = { ...productionStatements, ...append };
    const violations = await provoke(statements, tooEagerTaker(pool));
    expect(violations.join()).toContain('wrote while');
  });

  it('the primary key', async () => {
    const statements = {
      ...productionStatements,
      ...appendWithout(onConflict),
      announce: await announceWithout(onConflict),
    };
    // fourEvents() needs the key for its own announces, so the events are made before it goes.
    const events = await fourEvents();
    await pool.query('ALTER TABLE journal DROP CONSTRAINT journal_pkey');
    await pool.query('CREATE INDEX journal_place ON journal (event_id, batch_no)');
    const evidence = newEvidence();
    let violations: readonly string[] = [];
    const giveUpMs = performance.now() + mutantMsMax;
    while (violations.length === 0 && performance.now() < giveUpMs) {
      const taker = plainTaker(pool, statements, []);
      violations = await run(events, evidence, { statements, taker, forMs: roundMs });
    }
    expect(violations.join()).toContain('exists twice');
  });
});
