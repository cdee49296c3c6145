import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeBody, encodeAnswer } from '#libs/bus/control-call.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import { encodeBeat } from '#libs/contracts/wire-codec.js';
import { factLevelNewest, factLevelOf, factLevelOldest } from '#libs/inventory/inventory.js';
import { systemClock } from '#libs/platform/clock.js';
import { until } from '#libs/testing/until.js';
import { startOneShard, type OneShard, type Said } from './testing/one-shard.js';

let system: OneShard;

beforeAll(async () => {
  system = await startOneShard({ factLevel: factLevelOldest });
}, 60_000);
afterAll(() => system?.close(), 30_000);

const run = (...args: string[]): Promise<Said> => system.run(...args);
const json = async (...args: string[]): Promise<unknown> =>
  JSON.parse((await run(...args, '--json')).out);

/**
 * A shard of the release before: it is alive, by its beats and by its lease, and describes itself
 * without a word of levels.
 */
async function startOlderShard(answers: boolean): Promise<() => Promise<void>> {
  const { bus } = system;
  const incarnation = answers ? 'shard-old-1' : 'shard-mute-1';
  const beat = (): void => {
    const said = { shardId: 'shard-old', incarnation, state: 'cordoned', weight: 1 } as const;
    const counts = { pid: 7, events: 0, commandsPerSecond: 0 } as const;
    const sentAtMs = systemClock.nowMs();
    bus.publish(subjects.beats, encodeBeat({ ...said, ...counts, host: 'old-host', sentAtMs }));
  };
  const description = { shardId: 'shard-old', incarnation, events: [], more: false };
  const asked = bus.subscribe(subjects.control(incarnation, 'describe'), (message) => {
    expect(decodeBody(message.payload)).toMatchObject({ limit: 1 });
    if (answers && message.replyTo !== undefined) {
      bus.publish(message.replyTo, encodeAnswer(description));
    }
  });
  await lease(incarnation);
  beat();
  const stop = systemClock.every(limits.heartbeatMs, beat);
  return async () => {
    stop();
    asked.unsubscribe();
    await noLease(incarnation);
  };
}

/** Fresh for as long as the spec runs, however late its own process is. */
async function lease(incarnation: string): Promise<void> {
  await system.pool.query(
    `INSERT INTO shard_lease (incarnation, shard_id, host, pid, renewed_at)
     VALUES ($1, $1, 'h', 1, clock_timestamp() + interval '1 hour')`,
    [incarnation],
  );
}

const noLease = (incarnation: string): Promise<unknown> =>
  system.pool.query('DELETE FROM shard_lease WHERE incarnation = $1', [incarnation]);

/**
 * Refused however late everybody is, and in the end for this reason; before that perhaps because a
 * shard was not heard in time.
 */
async function refused(why: string, ...options: string[]): Promise<Said> {
  let said: Said | undefined;
  await until(
    async () => {
      said = await run('upgrade', 'finalize', ...options);
      expect(said).toMatchObject({ code: 3, out: '' });
      return said.err.includes(why);
    },
    () => `${why}; said: ${said?.err}`,
  );
  if (said === undefined) throw new Error('nothing was said');
  return said;
}

async function journalLevels(): Promise<number[]> {
  const { rows } = await system.pool.query<{ facts: Buffer }>(
    'SELECT facts FROM journal WHERE event_id = $1 ORDER BY batch_no',
    [system.eventId],
  );
  return rows.map(({ facts }) => factLevelOf(facts));
}

async function whoClosed(): Promise<unknown> {
  const told = await json('event', 'history', system.eventId, '--what', 'SaleClosed');
  return (told as { entries: { by: unknown }[] }).entries.at(-1)?.by;
}

const close = (name: string): Promise<Said> =>
  run('event', 'close-sale', system.eventId, '--as', name);

/** In the order of an upgrade. */
describe('holdfastctl upgrade', () => {
  it('says that a database of the release before is not finalized', async () => {
    const status = await json('upgrade', 'status');
    expect(status).toMatchObject({
      written: factLevelOldest,
      newest: factLevelNewest,
      finalized: false,
      readers: [{ reads: factLevelNewest, writes: factLevelOldest }],
      in_the_way: [],
    });
    expect((await run('upgrade', 'status')).out).toContain('not finalized');
    expect((await run('status')).out).toContain('an upgrade is not finalized');
    expect(await json('status')).toMatchObject({ upgrade: 'not_finalized' });
  });

  it('has facts written that say nothing of who caused them', async () => {
    expect((await run('event', 'open-sale', system.eventId)).code).toBe(0);
    expect((await close('alice@box-office')).code).toBe(0);
    expect(Math.max(...(await journalLevels()))).toBe(factLevelOldest);
    expect(await whoClosed()).toEqual({ role: 'operator', name: '' });
  });

  it('does not finalize while a shard of the release before is there, and names it', async () => {
    const leave = await startOlderShard(true);
    const why = `shard-old-1 reads only up to level ${factLevelOldest}`;
    await until(async () => (await run('upgrade', 'status')).out.includes(why), why);
    for (const option of [[], ['--dry-run']]) {
      expect((await refused(why, ...option)).err).toBe(`holdfastctl: not finalized: ${why}\n`);
    }
    expect(JSON.parse((await refused(why, '--json')).err)).toMatchObject({
      error: { details: expect.arrayContaining([expect.objectContaining({ reads: 1 })]) },
    });
    await leave();
    await gone(why);
  });

  it('does not finalize while a shard does not answer', async () => {
    const leave = await startOlderShard(false);
    const why = 'shard-mute-1 is alive and does not answer';
    await refused(why, '--dry-run');
    await leave();
    await gone(why);
  });

  it('does not finalize while the lease of a shard is fresh that nobody hears', async () => {
    await lease('shard-deaf-1');
    await refused('shard-deaf-1 is alive and does not answer');
    await noLease('shard-deaf-1');
  });

  it('finalizes, and from then on history has names', async () => {
    const would = { result: 'dry_run', before: factLevelOldest, written: factLevelNewest };
    expect(await json('upgrade', 'finalize', '--dry-run')).toEqual(would);
    expect(await json('upgrade', 'status')).toMatchObject({ finalized: false });
    expect(await json('upgrade', 'finalize')).toEqual({ ...would, result: 'done' });
    const writes = { finalized: true, readers: [{ writes: factLevelNewest }] };
    await until(async () => matches(await json('upgrade', 'status'), writes), 'the shard heard');
    await close('alice@box-office');
    expect((await journalLevels()).at(-1)).toBeGreaterThan(factLevelOldest);
    expect(await whoClosed()).toEqual({ role: 'operator', name: 'alice@box-office' });
    expect((await run('event', 'verify', system.eventId)).code).toBe(0);
  });

  it('is done once', async () => {
    const again = {
      result: 'nothing_to_do',
      before: factLevelNewest,
      written: factLevelNewest,
    };
    expect(await json('upgrade', 'finalize')).toEqual(again);
    expect(await json('status')).toMatchObject({ upgrade: 'finalized' });
  });
});

const gone = (why: string): Promise<void> =>
  until(async () => !(await run('upgrade', 'status')).out.includes(why), `no more: ${why}`);

function matches(value: unknown, expected: object): boolean {
  try {
    expect(value).toMatchObject(expected);
    return true;
  } catch {
    return false;
  }
}
