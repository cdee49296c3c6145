import { positionOf, seedOf } from '#libs/room/draw.js';
import { changeRoom, newestRoom } from '#libs/room/postgres-rooms.js';
import type { Room } from '#libs/room/room.js';
import type { LoadPlan } from '../load/plan.js';
import { spread } from '../summary.js';
import type { Figure } from '../suite/suite-report.js';
import { figure } from './figures.js';
import type { RoomBenchOptions } from './options.js';
import { pollsToBare } from './reads.js';
import { RoomCrowd } from './room-crowd.js';
import { drawNow, fill, memoryOf, newRoom, type RoomScene } from './scene.js';

type Users = readonly (readonly string[])[];

const settings = {
  ...{ ratePerMinute: 0, activeMax: 100, claimMs: 60_000, admissionMs: 60_000, partyMax: 20 },
};
/** As gateways do, of which each has one statement on its way. */
const gateways = { lines: 4, each: 500 };
const words = 5;
const proofs = 200;

/** What so many who wait in one room cost, before the draw and behind it. */
export async function largeRoom(
  scene: RoomScene,
  options: RoomBenchOptions,
  users: Users,
): Promise<Figure[]> {
  const { waiting, people } = options;
  const room = await newRoom(scene, settings);
  const idle = memoryOf(scene);
  const joins = await joinAll(scene, room, users);
  const [filledMs] = await timed(() => fill(scene, room, waiting - people, gateways));
  const isWhole = (head: unknown) => (head as { size: number } | null)?.size === waiting;
  const treeMs = await scene.line.until(room.eventId, ({ head }) => isWhole(head));
  const full = memoryOf(scene);
  const [drawnMs] = await timed(() => drawNow(scene, room));
  return [
    figure('joins over HTTP, one gateway', 'a second', joins),
    figure('joins by four writers', 'a second', ((waiting - people) * 1_000) / filledMs),
    figure('the tree has everybody, after the last join', 'ms', treeMs),
    figure('gateway above idle', 'MiB', full.gateway - idle.gateway, { atMost: 50 }),
    figure('keeper above idle', 'MiB', full.shard - idle.shard, { atMost: 50 }),
    figure('Postgres, a place', 'bytes', await bytesEach(scene, waiting)),
    figure('final head published, after the hour of the draw', 'ms', drawnMs),
    ...positionFigures(waiting),
    await proofFigure(scene, room, users),
    ...(await wordFigures(scene, room, options.sockets)),
    ...(await pollFigures(scene, room, options)),
  ];
}

/** Joins a second: each user once or a few times, each time with another nonce. */
export async function joinAll(scene: RoomScene, room: Room, users: Users): Promise<number> {
  const { generators, url, line } = scene;
  const plan: LoadPlan = {
    ...{ host: url.hostname, port: Number(url.port), warmUpMs: 0, measureMs: 120_000 },
    ...{ connections: Math.min(256, users.length), timeoutMs: 10_000 },
    arrivals: { kind: 'closed' },
    requests: {
      ...{ method: 'POST', path: `/v1/events/${room.eventId}/queue`, users },
      ...{ bodyBefore: '{"party":20,"nonce":"nonce-', bodyAfter: '"}' },
      values: users.map((_, i) => String(i).padStart(12, '0')),
    },
  };
  const { total, measuredMs } = await generators[0].run(plan);
  // Whose connection was quick has come twice, and his neighbour not at all.
  for (const user of users) {
    await line.ask('POST', plan.requests.path, user, { nonce: 'nonce-of-the-last', party: 20 });
  }
  await line.until(room.eventId, ({ joined }) => joined === users.length);
  return (total.accepted * 1_000) / measuredMs;
}

async function bytesEach({ pool }: RoomScene, waiting: number): Promise<number> {
  const { rows } = await pool.query<{ bytes: string }>(
    `SELECT pg_total_relation_size('room_place') + pg_total_relation_size('room_tile') AS bytes`,
  );
  return Number(rows[0].bytes) / waiting;
}

/** Of one among so many, and among sixteen times as many. */
function positionFigures(waiting: number): Figure[] {
  const seed = seedOf(Buffer.from('secret'), Buffer.from('root'));
  const us = (entrants: number): number => {
    const draws = 2_000;
    const startedMs = performance.now();
    for (let i = 0; i < draws; i += 1) positionOf(seed, entrants, (i * 7_919) % entrants);
    return ((performance.now() - startedMs) * 1_000) / draws;
  };
  // Both above the crowd that is shuffled whole, and both as full a power of four.
  const [small, large] = [4 ** 7, Math.max(4 ** 7, 4 ** Math.ceil(Math.log2(waiting) / 2))];
  us(small);
  const rounds = Array.from({ length: 5 }, () => [us(small), us(large)] as const);
  return [
    figure(
      `a position among ${large.toLocaleString('en-US')}`,
      'us',
      spread(rounds.map(([, b]) => b)),
    ),
    figure(
      `the same to one among ${small.toLocaleString('en-US')}`,
      '',
      spread(rounds.map(([a, b]) => b / a)),
      { atMost: 1.5 },
    ),
  ];
}

async function proofFigure({ line }: RoomScene, room: Room, users: Users): Promise<Figure> {
  const times: number[] = [];
  for (let i = 0; i < proofs; i += 1) {
    const user = users[i % users.length];
    const path = `/v1/events/${room.eventId}/queue/proof`;
    const [ms, { status }] = await timed(() => line.ask('GET', path, user));
    if (status !== 200) throw new Error(`a proof was answered with ${status}`);
    times.push(ms);
  }
  const sorted = times.sort((a, b) => a - b);
  const at = (part: number): number => sorted[Math.floor(part * (sorted.length - 1))];
  const value = { median: at(0.5), min: sorted[0], max: at(0.99) };
  return figure('a proof over HTTP, in the middle, and of a hundred', 'ms', value, { atMost: 5 });
}

/** From a word of the operator to the last of all sockets. */
async function wordFigures(scene: RoomScene, room: Room, sockets: number): Promise<Figure[]> {
  const { pool, url } = scene;
  const crowds = [new RoomCrowd(), new RoomCrowd()];
  const path = `/v1/events/${room.eventId}/live?only=room`;
  const before = memoryOf(scene).gateway;
  const all = Math.ceil(sockets / crowds.length);
  const [lasts, middles]: [number[], number[]] = [[], []];
  try {
    const open = { do: 'open', url: url.href, path, sockets: all } as const;
    await Promise.all(crowds.map((crowd) => crowd.order(open)));
    const each = ((memoryOf(scene).gateway - before) * 1_024) / (all * crowds.length);
    for (let word = 1; word <= words; word += 1) {
      const message = `word ${word} of ${words}`;
      await Promise.all(crowds.map((crowd) => crowd.order({ do: 'expect', text: message })));
      const saidMs = performance.timeOrigin + performance.now();
      const newest = await newestRoom(pool, room.eventId);
      if (newest === null || !(await changeRoom(pool, newest, { message }))) {
        throw new Error('the room was changed by somebody else');
      }
      const heard = await Promise.all(crowds.map((crowd) => crowd.order({ do: 'told' })));
      const lags = heard.flat().map((atMs) => atMs - saidMs);
      lags.sort((a, b) => a - b);
      if (lags.length < all * crowds.length) throw new Error('a socket never heard of it');
      lasts.push(lags[lags.length - 1]);
      middles.push(lags[lags.length >> 1]);
    }
    const shown = (all * crowds.length).toLocaleString('en-US');
    return [
      figure('gateway, a socket of a room', 'KiB', each),
      figure(`a word on half of ${shown} sockets`, 'ms', spread(middles)),
      figure(`a word on all ${shown}`, 'ms', spread(lasts), { atMost: 1_000 }),
    ];
  } finally {
    await Promise.all(crowds.map((crowd) => crowd.stop()));
  }
}

async function pollFigures(
  { generators, url }: RoomScene,
  room: Room,
  options: RoomBenchOptions,
): Promise<Figure[]> {
  const { perSecond, ratio, wrong } = await pollsToBare(generators[0], url, room.eventId, options);
  return [
    figure('polls of how far it is', 'a second', perSecond),
    figure('polls to a bare server', '', ratio, { atLeast: 0.6 }),
    figure('polls that were not answered', '', wrong, { atMost: 0 }),
  ];
}

async function timed<Of>(work: () => Promise<Of>): Promise<[number, Of]> {
  const startedMs = performance.now();
  const result = await work();
  return [performance.now() - startedMs, result];
}
