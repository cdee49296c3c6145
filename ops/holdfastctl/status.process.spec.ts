import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '#libs/testing/until.js';
import { startOneShard, type OneShard } from './testing/one-shard.js';
import { writeProblem } from './write-problem.js';

let system: OneShard;

beforeAll(async () => {
  system = await startOneShard();
}, 120_000);

afterAll(() => system.close());

interface Status {
  readonly troubles: readonly string[];
  readonly quarantined: readonly object[];
}

async function status(): Promise<{ code: number; troubles: readonly string[] }> {
  const { code, out, err } = await system.run('--json', 'status');
  const { troubles } = JSON.parse(out) as Status;
  expect(JSON.parse(err === '' ? '{}' : err)).toEqual(
    troubles.length === 0 ? {} : { error: { message: troubles.join('; '), details: troubles } },
  );
  return { code, troubles };
}

const setting = async (name: string, value: string): Promise<void> => {
  await system.pool.query(`ALTER SYSTEM SET ${name} = ${value}`);
  await system.pool.query('SELECT pg_reload_conf()');
};

describe('status', () => {
  it('lists what a buyer lacks, and ends with 1', async () => {
    const { code, troubles } = await status();
    expect([code, troubles]).toEqual([1, ['no gateway answers', 'no payments process is there']]);
    const { out } = await system.run('status');
    expect(out).toContain('TROUBLE   no payments process is there');
  });

  it('lists events in quarantine; show, verify and move say why', async () => {
    const { eventId, pool } = system;
    const run = (...words: string[]) => system.run(...words);
    await run('event', 'open-sale', eventId);
    await pool.query("UPDATE ownership SET quarantined = 'behind memory' WHERE event_id = $1", [
      eventId,
    ]);
    const why = `${eventId} is in quarantine: behind memory`;
    expect((await status()).troubles).toContain(why);
    const shown = JSON.parse((await run('--json', 'event', 'show', eventId)).out) as object;
    expect(shown).toMatchObject({ quarantined: 'behind memory', source: 'journal' });
    const verified = await run('event', 'verify', eventId);
    expect(verified).toMatchObject({ code: 0, err: '' });
    expect(verified.out).toContain('IN QUARANTINE: behind memory');
    const moved = await run('event', 'move', eventId);
    expect([moved.code, moved.err]).toEqual([
      3,
      `holdfastctl: ${eventId} is in quarantine and stays where it is: behind memory\n`,
    ]);
    await pool.query('UPDATE ownership SET quarantined = NULL');
  });

  it('says that a write waits for a standby that is away, and holds no connection', async () => {
    expect(await writeProblem(system.pool)).toBeNull();
    await setting('synchronous_standby_names', "'nobody'");
    await until(async () => (await writeProblem(system.pool)) !== null, 'the setting is read');
    expect((await status()).troubles[0]).toMatch(/^a write is not acknowledged within 2 s/);
    const waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND query LIKE $1";
    const left = await system.pool.query(waiting, ['%emit_message%']);
    expect(left.rowCount).toBe(0);
    await setting('synchronous_standby_names', "''");
    await until(async () => (await writeProblem(system.pool)) === null, 'writes go on');
  }, 60_000);
});
