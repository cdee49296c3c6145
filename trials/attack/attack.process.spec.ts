import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import type { Row } from '#apps/gateway/routes/area.js';
import { routeRows } from '#apps/gateway/routes/table.js';
import { openPool } from '#libs/database/pool.js';
import { WholeSystem } from '#libs/testing/whole-system.js';
import { setup } from '../../ops/setup.mjs';
import { AttackIssuer } from './issuer.js';
import { tryEveryRoute } from './matrix.js';
import { holesOf, reportLines } from './report.js';
import { attack, attackedEnvironment } from './run-attack.js';
import { samples } from './samples.js';
import { openScene, type Scene } from './scene.js';

/** The quick form of `npm run attack`: all of it, against one system of the build. */
let system: WholeSystem;
let pool: pg.Pool;
let scene: Scene;
let issuer: AttackIssuer;

beforeAll(async () => {
  await setup();
  issuer = await AttackIssuer.start();
  system = await WholeSystem.start({
    ...attackedEnvironment,
    ...issuer.environment,
    HOLDFAST_LOOPBACK_UNLIMITED: 'false',
  });
  const { url, tokenSecret, databaseUrl } = system;
  pool = openPool(databaseUrl, { applicationName: 'attack', max: 2, answerWithinMs: 10_000 });
  scene = await openScene({ url, pool, tokenSecret, issuer });
}, 240_000);

afterAll(async () => {
  await pool?.end();
  await system?.stop();
  await issuer?.stop();
});

describe('an attack', () => {
  it('has a sample for every route, and none for others', () => {
    const operations = routeRows.map(({ operationId }) => operationId).sort();
    expect(Object.keys(samples).sort()).toEqual(operations);
  });

  it('finds each route open to whom its row says, and to nobody else', async () => {
    const { url, tokenSecret } = system;
    const report = await attack({ url, pool, tokenSecret, issuer }, true);
    expect(holesOf(report)).toEqual([]);
    expect(report.matrix.rows).toHaveLength(routeRows.length);
    expect(report.doors.map(({ name }) => name)).toEqual([
      'forged tokens',
      'methods that a path has not',
      'bodies that are none',
      'ids that are none',
      'many faces of one address',
      'holds that never end',
      'cards tried on one reservation',
      'forged X-Forwarded-For',
      'bodies that end in two ways',
    ]);
    expect(reportLines(report).at(-1)).toBe('no hole found');
  });

  it('calls a hole what lets in others than its row says, or what nobody tries', async () => {
    const said = (operationId: string, change: Partial<Row>): Row => ({
      ...(routeRows.find((row) => row.operationId === operationId) as Row),
      ...change,
    });
    const { rows, holes } = await tryEveryRoute(scene, [
      said('listOfficeEvents', { auth: { roles: ['sre'] } }),
      said('showEvent', { auth: 'user' }),
      said('livez', { operationId: 'brandNew' }),
    ]);
    expect(rows.map(({ answers }) => [answers.finance, answers.nobody])).toEqual([
      ['in !', 'who?'],
      ['in', 'in !'],
    ]);
    expect(holes).toHaveLength(4 + 1 + 1);
    expect(holes.at(-1)).toContain('nobody tries it');
  });
});
