import path from 'node:path';
import { systemRandom } from '#libs/platform/random.js';
import { BareServer } from '../bare.js';
import { benchSeats } from '../bench-events.js';
import { processesOf } from '../measured-system.js';
import { seatsHeld } from '../safety.js';
import type { PeerEntry } from './peers.js';
import type { Competitor, NotRun, Place } from './competitor.js';
import { Front } from './front.js';
import { describeSetting, type Setting } from './hold-store.js';
import { redisAdvice, RedisServer } from './redis-server.js';
import { nodeSqlite } from './stores/sqlite.js';

/** A peer with the servers it needs, tuned as told. */
export async function startPeer(
  entry: PeerEntry,
  place: Place,
  setting: Setting = entry.settings[0],
): Promise<Competitor | NotRun> {
  const { name, title, durability, job, claimsSafety, spec } = entry;
  if (spec.store === 'sqlite' && nodeSqlite() === null) {
    return { name, title, reason: `Node ${process.versions.node} has no SQLite` };
  }
  const { appendfsync } = entry;
  const redis = appendfsync === null ? null : await RedisServer.start(place.folder, appendfsync);
  if (appendfsync !== null && redis === null) return { name, title, reason: redisAdvice };
  const servers = {
    databaseUrl: place.postgres.url,
    redisPort: redis?.port ?? 0,
    file: path.join(place.folder, `peer-${systemRandom.token(8)}.sqlite`),
  };
  const front = await Front.start({ spec, setting, servers, answer: place.answer }, place.core);
  let events = 0;
  return {
    ...{ name, title, durability, job, claimsSafety },
    setting: settingOf(entry, setting),
    port: front.port,
    processes: [
      { name: 'front', pid: front.pid },
      ...(redis === null ? [] : [{ name: 'redis', pid: redis.pid }]),
      ...(usesPostgres(entry) ? [{ name: 'postgres', pid: place.postgres.pid }] : []),
    ],
    async addEvent() {
      const event = ++events;
      await front.addEvent(event, benchSeats);
      return `evt_benchpeers${String(event).padStart(4, '0')}_${event}`;
    },
    held: (eventId) => front.held(Number(eventId.slice(eventId.lastIndexOf('_') + 1))),
    wrongIn: () => Promise.resolve([]),
    async stop() {
      await front.stop();
      await redis?.stop();
    },
  };
}

const usesPostgres = ({ spec }: PeerEntry): boolean =>
  ['postgres', 'postgres-batched', 'redis-set-nx', 'redis-same-job'].includes(spec.store);

/** Only what the peer's sweep varies is worth a word. */
function settingOf({ spec, settings }: PeerEntry, setting: Setting): string {
  if (settings.length < 2) return '';
  return describeSetting(spec.store === 'postgres' ? 'single' : 'batch', setting);
}

export function holdfastAsCompetitor(
  place: Pick<Place, 'holdfast' | 'events'>,
  pool: Parameters<typeof seatsHeld>[0],
): Competitor {
  const { holdfast, events } = place;
  return {
    name: 'holdfast',
    title: 'Holdfast',
    durability: 'Postgres journal, fsync before the answer',
    job: 'seat, deadline, buyer limit, idempotency, order row, diffs, tokens checked',
    setting: '',
    claimsSafety: true,
    port: Number(new URL(holdfast.system.gatewayUrls[0]).port),
    processes: processesOf(holdfast),
    addEvent: () => events.add(),
    held: async (eventId) => (await seatsHeld(pool, eventId)).made,
    wrongIn: async (eventId) => (await seatsHeld(pool, eventId)).wrong,
    stop: () => Promise.resolve(),
  };
}

export async function bareAsCompetitor({ answer, core }: Place): Promise<Competitor> {
  const bare = await BareServer.start(answer, core);
  return {
    name: 'bare',
    title: 'bare server',
    durability: 'none',
    job: 'nothing: parses, answers',
    setting: '',
    claimsSafety: false,
    port: bare.port,
    processes: [{ name: 'front', pid: bare.pid }],
    addEvent: () => Promise.resolve('evt_benchpeers0001_1'),
    held: () => Promise.resolve(null),
    wrongIn: () => Promise.resolve([]),
    stop: () => bare.stop(),
  };
}
