import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import { Batcher } from './batcher.js';
import { peers } from './peers.js';
import type { HoldStore } from './hold-store.js';
import { openStore } from './open-store.js';
import { RedisServer } from './redis-server.js';
import { nodeSqlite } from './stores/sqlite.js';

let postgres: TestPostgres;
let redis: RedisServer | null;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-stores-'));
  [postgres, redis] = await Promise.all([
    startTestPostgres(),
    RedisServer.start(folder, 'everysec'),
  ]);
});

afterAll(async () => {
  await Promise.all([postgres.stop(), redis?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

/** Those whose servers this machine has: Redis and a Node with SQLite may be missing. */
const runsHere = (name: string): boolean =>
  name.startsWith('redis') ? redis !== null : name !== 'sqlite-batched' || nodeSqlite() !== null;

async function rush(
  store: HoldStore,
  event: number,
  buyers: number,
  seats: number,
): Promise<boolean[]> {
  const batcher = store.kind === 'batch' ? new Batcher(store, 2) : store;
  const holds = Array.from({ length: buyers * seats }, (_, n) => {
    return { event, seat: n % seats, buyer: 1 + Math.floor(n / seats), command: `c${event}.${n}` };
  });
  return Promise.all(holds.map(async (hold) => batcher.hold(hold)));
}

describe('Every peer that claims to be safe', () => {
  it('gives each seat to one of those who want it at once, and keeps what it gave', async () => {
    const [buyers, seats] = [6, 20];
    const found: Record<string, unknown> = {};
    const expected: Record<string, unknown> = {};
    for (const [event, { name, spec, settings, claimsSafety }] of peers.entries()) {
      if (!claimsSafety || !runsHere(name)) continue;
      const servers = {
        databaseUrl: await postgres.createDatabase(),
        redisPort: redis?.port ?? 0,
        file: path.join(folder, 'seats.sqlite'),
      };
      const store = await openStore(spec, settings[0], servers, () => undefined);
      await store.addEvent(event, seats);
      const answers = await rush(store, event, buyers, seats);
      const sold = answers.filter((held) => held).length;
      const held = await store.held(event);
      await store.stop();
      found[name] = { sold, held };
      expected[name] = { sold: seats, held: seats };
    }
    expect(found).toEqual(expected);
  });
});
