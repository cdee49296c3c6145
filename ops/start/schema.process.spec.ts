import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { migrate } from '#libs/database/migrate.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import { projectRoot } from '../system/paths.js';
import { setup } from '../setup.mjs';

let server: TestPostgres;
let empty: string;
let newer: string;

beforeAll(async () => {
  [server] = await Promise.all([startTestPostgres(), setup()]);
  [empty, newer] = await Promise.all([server.createDatabase(), server.createDatabase()]);
  await migrate(newer);
  const client = new pg.Client({ connectionString: newer });
  await client.connect();
  await client.query("INSERT INTO schema_migration VALUES ('9000_later.sql', 'x')");
  await client.end();
}, 240_000);

afterAll(() => server.stop());

const endsWithinMs = 20_000;

/** A role of the build; what it wrote until it ended. */
async function started(program: string, databaseUrl: string): Promise<[number | null, string]> {
  const child = spawn(process.execPath, [path.join(projectRoot, 'dist', program)], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      NATS_URL: 'nats://127.0.0.1:1',
      HOLDFAST_SHARD_ID: 'shard-a',
      HOLDFAST_TOKEN_SECRET: 's'.repeat(32),
      STRIPE_SECRET_KEY: 'sk_test_x',
      STRIPE_API_BASE: 'http://127.0.0.1:1',
      HOLDFAST_DATA_FILE: '/nonexistent/stripe.json',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const timer = setTimeout(() => child.kill('SIGKILL'), endsWithinMs);
  const log = await text(child.stdout);
  clearTimeout(timer);
  return [await ended, log];
}

const programs = [
  'apps/gateway/main.js',
  'apps/inventory-shard/main.js',
  'apps/payments/main.js',
  'ops/start/single.js',
];

describe('a process of a release', () => {
  it('does not serve on a schema that is newer than it can serve, and names it (SV2)', async () => {
    for (const [code, log] of await Promise.all(programs.map((one) => started(one, newer)))) {
      expect([code, log.includes('HOLDFAST_READY')]).toEqual([1, false]);
      expect(log).toContain('it does not know 9000_later.sql');
    }
  });

  it('does not serve on a database without a schema, and says what to do (SV1)', async () => {
    const [code, log] = await started('apps/inventory-shard/main.js', empty);
    expect([code, log.includes('HOLDFAST_READY')]).toEqual([1, false]);
    expect(log).toContain('the database has no Holdfast schema: run \\"holdfastctl migrate');
  });
});
