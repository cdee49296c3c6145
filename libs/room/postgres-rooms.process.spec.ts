import { afterAll, beforeAll } from '@jest/globals';
import type { Pool } from 'pg';
import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import { createPostgresRooms } from './postgres-rooms.js';
import { describeRooms } from './testing/rooms.features.js';

let postgres: TestPostgres;
let pool: Pool;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const url = await postgres.createDatabase();
  await migrate(url);
  pool = openPool(url, { applicationName: 'test', max: 8, answerWithinMs: 10_000 });
}, 60_000);
afterAll(async () => {
  await pool?.end();
  await postgres?.stop();
});

describeRooms('waiting rooms in Postgres', async () => {
  await pool.query('TRUNCATE room, room_place, room_tile, room_call, room_admission');
  return createPostgresRooms(pool);
});
