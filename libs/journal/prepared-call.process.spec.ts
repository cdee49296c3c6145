import { hash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import pg from 'pg';
import { PreparedCall, type CallValues } from './prepared-call.js';

let server: TestPostgres;
let client: pg.Client;
beforeAll(async () => {
  server = await startTestPostgres();
  client = new pg.Client({ connectionString: server.url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query(`
    PREPARE echo AS
      SELECT t.word, t.number + 1, sha256($3::bytea), NULL
      FROM (VALUES ($1::text, $2::int)) AS t (word, number), generate_series(1, t.number);
    PREPARE divide AS SELECT 12 / $1::int;
    PREPARE wait AS SELECT pg_sleep($1::int)`);
});
afterAll(async () => {
  await client.end();
  await server.stop();
});

const call = (name: string, values: CallValues) =>
  client.query(new PreparedCall(name, values)).rows;
const sha256 = (bytes: Uint8Array) => `\\x${hash('sha256', bytes, 'hex')}`;

describe('a call of a prepared statement', () => {
  it('hands text and bytes over as they are, however long, and gives every row', async () => {
    const words = ['none', '', 'Größe 漢字 🎟', 'x'.repeat(70_000)];
    const sizes = [1, 0, 256, 300_000];
    for (const [i, word] of words.entries()) {
      const bytes = Uint8Array.from({ length: sizes[i] }, (_, n) => n);
      const row = [word, String(i + 1), sha256(bytes), null];
      expect(await call('echo', [word, String(i), bytes])).toEqual(Array(i).fill(row));
    }
  });

  it('may wait for the answer of another', async () => {
    const answers = await Promise.all([call('divide', ['3']), call('divide', ['4'])]);
    expect(answers).toEqual([[['4']], [['3']]]);
  });

  it('is refused with the cause, and the connection goes on', async () => {
    await expect(call('divide', ['0'])).rejects.toMatchObject({ code: '22012' });
    await expect(call('divide', ['many'])).rejects.toMatchObject({ code: '22P02' });
    await expect(call('divide', ['1', '2'])).rejects.toMatchObject({ code: '08P01' });
    await expect(call('multiply', [])).rejects.toMatchObject({ code: '26000' });
    expect(await call('divide', ['6'])).toEqual([['2']]);
  });

  it('fails when the connection breaks, and on a broken one', async () => {
    const waiting = call('wait', ['60']);
    client.connection.stream.destroy();
    await expect(waiting).rejects.toThrow('Connection terminated');
    await expect(call('divide', ['6'])).rejects.toThrow('not queryable');
  });
});
