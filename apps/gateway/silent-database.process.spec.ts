import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';

import { createPostgresCatalogue } from '#libs/catalogue/postgres-catalogue.js';
import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import { startTcpProxy, type TcpProxy } from '#libs/testing/tcp-proxy.js';

import { startHarness, type Harness, type Reply } from './testing/harness.js';

const answerWithinMs = 1_000;
/** A connection and an answer, and a busy machine: a dead line itself takes minutes. */
const boundMs = 8_000;
let postgres: TestPostgres;
let proxy: TcpProxy;
let pool: Pool;
let harness: Harness;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const url = new URL(await postgres.createDatabase());
  await migrate(url.href);
  proxy = await startTcpProxy(postgres.port);
  url.port = String(proxy.port);
  pool = openPool(url.href, { applicationName: 'hf-gateway', max: 2, answerWithinMs });
  harness = await startHarness({ catalogue: createPostgresCatalogue(pool) });
}, 60_000);

afterAll(async () => {
  proxy.flow();
  await harness.stop();
  await pool.end();
  await proxy.close();
  await postgres.stop();
});

describe('a database that falls silent', () => {
  const ask = async (method: string, path: string, body?: unknown): Promise<Reply> => {
    const startedMs = performance.now();
    const { token } = await harness.session();
    const reply = await harness.call(method, path, { token, ...(body ? { body } : {}) });
    expect(performance.now() - startedMs).toBeLessThan(boundMs);
    return reply;
  };
  const hold = { event_id: 'evt_other', seat_ids: ['A-1'] };

  it('makes who needs it hear 503 in its time, and everything goes on behind it', async () => {
    expect((await ask('GET', '/v1/events')).status).toBe(200);
    proxy.jam();
    const replies = await Promise.all([
      // What was found before is kept for a while.
      ask('GET', '/v1/events?keyword=other'),
      ask('GET', '/v1/events/evt_other'),
      ask('GET', '/v1/events/evt_other/seats'),
      ask('POST', '/v1/reservations', hold),
    ]);
    for (const reply of replies) {
      expect(reply).toMatchObject({ status: 503, code: 'unavailable' });
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    proxy.flow();
    expect((await ask('GET', '/v1/events')).status).toBe(200);
    expect((await ask('POST', '/v1/reservations', hold)).code).toBe('event_not_found');
  });
});
