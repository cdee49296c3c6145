import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { systemClock } from '#libs/platform/clock.js';
import { startTcpProxy, type TcpProxy } from '#libs/testing/tcp-proxy.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import { DatabaseTimeout, isDatabaseAway } from './answer-deadline.js';
import { openPool } from './pool.js';

/** Generous to a busy machine; far below the minutes that a dead line takes by itself. */
const answerWithinMs = 1_500;
const boundMs = 3 * answerWithinMs;
let server: TestPostgres;
let proxy: TcpProxy;
let pool: pg.Pool;

beforeAll(async () => {
  server = await startTestPostgres();
});

afterAll(() => server.stop());

beforeEach(async () => {
  proxy = await startTcpProxy(server.port);
  const url = new URL(server.url);
  url.port = String(proxy.port);
  pool = openPool(url.href, { applicationName: 'test', max: 2, answerWithinMs });
});

afterEach(async () => {
  proxy.flow();
  await pool.end();
  await proxy.close();
});

/** null: there was none. */
const errorOf = async (work: Promise<unknown>): Promise<unknown> => {
  let cancel = (): void => undefined;
  const late = new Promise<never>((_resolve, reject) => {
    cancel = systemClock.after(boundMs, () => reject(new Error('it does not end')));
  });
  const error = work.then(
    () => null,
    (reason: unknown) => reason,
  );
  return Promise.race([error, late]).finally(() => cancel());
};

const backendOf = async (on: pg.Pool | pg.PoolClient): Promise<number> =>
  (await on.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0].pid;

describe('a statement without an answer', () => {
  it('ends in its time, its outcome unknown, and the next one has a new connection', async () => {
    const before = await backendOf(pool);
    proxy.jam();
    const error = await errorOf(pool.query('SELECT 1'));
    expect(error).toBeInstanceOf(DatabaseTimeout);
    expect(error).toMatchObject({ name: 'DatabaseTimeout', outcome: 'unknown' });
    expect(isDatabaseAway(error)).toBe(true);
    proxy.flow();
    expect(await backendOf(pool)).not.toBe(before);
  });

  it('ends in a transaction too, and does not end the process', async () => {
    const client = await pool.connect();
    await client.query('BEGIN');
    proxy.jam();
    expect(await errorOf(client.query('SELECT 1'))).toBeInstanceOf(DatabaseTimeout);
    expect(isDatabaseAway(await errorOf(client.query('SELECT 1')))).toBe(true);
    client.release(true);
  });

  it('has its time from when it was asked, however busy its connection was before', async () => {
    const statement = `SELECT pg_sleep(${answerWithinMs / 4_000})`;
    const worker = async (): Promise<void> => {
      for (let count = 0; count < 4; count += 1) await pool.query(statement);
    };
    // One more than there are connections, so that each goes from hand to hand.
    await Promise.all([worker(), worker(), worker()]);
    expect(pool.totalCount).toBe(2);
  });

  it('is given up by the server first, where it can be heard', async () => {
    const error = await errorOf(pool.query('SELECT pg_sleep(30)'));
    expect(error).toMatchObject({ code: '57014' });
    expect(isDatabaseAway(error)).toBe(true);
  });
});

describe('a connection', () => {
  it('that cannot be made is an error in its time', async () => {
    proxy.jam();
    expect(isDatabaseAway(await errorOf(pool.query('SELECT 1')))).toBe(true);
  });

  it('that everybody else has is an error in its time', async () => {
    const clients = [await pool.connect(), await pool.connect()];
    expect(isDatabaseAway(await errorOf(pool.query('SELECT 1')))).toBe(true);
    for (const client of clients) client.release();
  });

  it('that is lost in the hands of its user does not end the process', async () => {
    const client = await pool.connect();
    const failing = errorOf(client.query('SELECT pg_sleep(30)'));
    proxy.cutAll();
    expect(isDatabaseAway(await failing)).toBe(true);
    client.release(true);
    expect(await backendOf(pool)).toBeGreaterThan(0);
  });

  it('that is refused is an error at once', async () => {
    const nobody = await startTcpProxy(server.port);
    const { port } = nobody;
    await nobody.close();
    const url = new URL(server.url);
    url.port = String(port);
    const nowhere = openPool(url.href, { applicationName: 'test', max: 1, answerWithinMs });
    expect(isDatabaseAway(await errorOf(nowhere.query('SELECT 1')))).toBe(true);
    await nowhere.end();
  });
});

describe('an answer that says no', () => {
  it.each(['SELEKT 1', 'SELECT 1/0', "SELECT 'a'::int"])('to %s is one', async (statement) => {
    expect(isDatabaseAway(await errorOf(pool.query(statement)))).toBe(false);
  });
});
