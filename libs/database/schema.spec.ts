import { describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import { silentLog } from '#libs/platform/log.js';
import {
  migrationNames,
  problemOf,
  requireSchema,
  SchemaRefused,
  type AppliedMigration,
} from './schema.js';

const known = ['0001_one.sql', '0002_two.sql'];
const applied = (...more: readonly AppliedMigration[]) => [
  ...known.map((name) => ({ name, serves_from: null })),
  ...more,
];

describe('a schema', () => {
  it('serves when it is that of the build, also one that does not say whom it serves', () => {
    expect(problemOf(known, applied())).toBeNull();
    expect(problemOf(known, [{ name: '0001_one.sql' }, { name: '0002_two.sql' }])).toBeNull();
  });

  it('that is older is refused with the migration that is missing, and what to do (SV1)', () => {
    expect(problemOf(known, [{ name: '0001_one.sql' }])).toBe(
      'the schema is older than this build, which needs 0002_two.sql: run "holdfastctl migrate"',
    );
  });

  it('that is newer serves as far back as it says, and is refused by name otherwise (SV2)', () => {
    const newer = (serves_from?: string | null) =>
      problemOf(known, applied({ name: '0003_three.sql', serves_from }));
    expect([newer('0000'), newer('0002')]).toEqual([null, null]);
    const refused =
      'the schema is newer than this build can serve: it does not know 0003_three.sql';
    expect([newer('0003'), newer(null), newer()]).toEqual([refused, refused, refused]);
  });
});

describe('a process that starts', () => {
  const names = migrationNames();

  /** A database that gives these answers, one a query. */
  function database(...answers: readonly (Error | readonly string[])[]): Pool {
    const left = [...answers];
    return {
      query: () => {
        const next = left.shift() ?? [];
        if (next instanceof Error) return Promise.reject(next);
        return Promise.resolve({ rows: next.map((name) => ({ row: { name } })) });
      },
    } as unknown as Pool;
  }

  const away = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });

  it('waits for a database that is away, and gives up on one that stays away', async () => {
    const clock = new VirtualClock();
    const ports = { log: silentLog(), clock };
    const waiting = requireSchema(database(away, away, names), ports);
    await clock.advance(1_000);
    await expect(waiting).resolves.toBeUndefined();
    const gone = requireSchema(database(...Array.from({ length: 200 }, () => away)), ports);
    const given = expect(gone).rejects.toBe(away);
    await clock.advance(60_000);
    await given;
  });

  it('ends at once without a schema, or when the database knows no such user', async () => {
    const clock = new VirtualClock();
    const ports = { log: silentLog(), clock };
    const empty = Object.assign(new Error('relation does not exist'), { code: '42P01' });
    const none = requireSchema(database(empty), ports);
    const said = expect(none).rejects.toThrow('no Holdfast schema: run "holdfastctl migrate"');
    const password = Object.assign(new Error('password'), { code: '28P01' });
    const refused = expect(requireSchema(database(password), ports)).rejects.toBe(password);
    await clock.advance(60_000);
    await Promise.all([said, refused]);
    await expect(none).rejects.toThrow(SchemaRefused);
  });
});
