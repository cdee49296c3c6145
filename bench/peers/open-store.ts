import type { StoreSpec } from './peers.js';
import type { HoldStore, Setting } from './hold-store.js';
import { actorWithoutJournal, sellsTwice } from './stores/memory.js';
import { postgresBatched } from './stores/postgres-batched.js';
import { postgresPerHold } from './stores/postgres.js';
import { redisSameJob, type Publish } from './stores/redis-same-job.js';
import { redisLua, redisLuaBatched, redisSetNx } from './stores/redis.js';
import { sqliteBatched } from './stores/sqlite.js';

/** Where a front finds the servers that its store needs. */
export interface Servers {
  readonly databaseUrl: string;
  readonly redisPort: number;
  /** A file that does not exist yet, beside the data of the others. */
  readonly file: string;
}

export async function openStore(
  spec: StoreSpec,
  setting: Setting,
  { databaseUrl, redisPort, file }: Servers,
  publish: Publish,
): Promise<HoldStore> {
  switch (spec.store) {
    case 'postgres':
      return postgresPerHold(databaseUrl, spec.way, setting);
    case 'postgres-batched':
      return postgresBatched(databaseUrl, setting);
    case 'redis-set-nx':
      return redisSetNx(redisPort, databaseUrl, setting);
    case 'redis-lua':
      return redisLua(redisPort);
    case 'redis-lua-batched':
      return redisLuaBatched(redisPort);
    case 'redis-same-job':
      return redisSameJob(redisPort, databaseUrl, setting, publish);
    case 'sqlite':
      return sqliteBatched(file);
    case 'memory':
      return actorWithoutJournal();
    case 'sells-twice':
      return sellsTwice();
  }
}
