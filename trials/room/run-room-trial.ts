import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { BenchEvents } from '#bench/bench-events.js';
import { openSessions } from '#bench/buyers.js';
import { JsonLine } from '#bench/room/json-line.js';
import type { EventId } from '#libs/inventory/ids.js';
import { newestRoom, openRoom } from '#libs/room/postgres-rooms.js';
import type { Room } from '#libs/room/room.js';
import { createRoomKeys } from '#libs/room/signed.js';
import { chooseShard } from '#libs/routing/placement.js';
import { printText } from '#ops/system/terminal.js';
import { ChaosSystem } from '../chaos/system.js';
import { checkLines, type Check } from '../loadfaults/checks.js';
import { Claimers } from './claimers.js';
import { judgeTrial, placesOf, type Killed } from './judge-trial.js';

const helpText = `npm run room-trial -- [--waiting N]

  --waiting N   people in one room, 1000 to 100000 (20000)

They wait, are drawn by lot and called, a hundred a second, while the shard of the room's keeper,
a gateway and Postgres are killed (kill -9). No place may be lost, no order changed, nobody
admitted twice, and the next must be admitted within two seconds, Postgres' own start aside.
Exit code 1: a check is broken.`;

const settings = {
  ...{ ratePerMinute: 6_000, activeMax: 100_000, partyMax: 4 },
  ...{ claimMs: 60_000, admissionMs: 600_000 },
};
const steadyMs = 4_000;
const afterMs = 6_000;
const joinsAtOnce = 128;
const waitMsMax = 120_000;

/** npm run room-trial. Returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      waiting: { type: 'string', default: '20000' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const waiting = Number(values.waiting);
  if (values.help || !Number.isInteger(waiting) || waiting < 1_000 || waiting > 100_000) {
    printText(helpText);
    return values.help ? 0 : 2;
  }
  const checks = await roomTrial(waiting, printText);
  printText(checkLines(checks).join('\n'));
  return checks.every(({ holds }) => holds) ? 0 : 1;
}

async function roomTrial(waiting: number, say: (line: string) => void): Promise<Check[]> {
  const none = { smallDisk: false, otherHost: false, fakeTime: false, tls: false };
  const system = await ChaosSystem.start(none, say);
  try {
    const urls = system.gatewayUrls.map((url) => new URL(url));
    const eventId = (await BenchEvents.prepare(system.pool).add()) as EventId;
    const users = await openSessions(urls[0].href, waiting);
    const room = await openFor(system, eventId);
    await joinAll(urls, eventId, users);
    say(`${waiting} people wait`);
    const places = await placesOf(system.pool, room.roomNo);
    await draw(system, room, waiting);
    const drawn = await newestRoom(system.pool, eventId);
    if (drawn === null) throw new Error('the room is gone');
    const userOf = new Map(users.map((user, i) => [userIdOf(user), i]));
    const userAt: number[] = [];
    for (const { userId, position } of places.at(drawn)) {
      userAt[position] = userOf.get(userId) ?? -1;
    }
    const claimers = new Claimers(urls, eventId, users, userAt);
    const claiming = claimers.start();
    await pause(steadyMs);
    const kills = await killAll(system, eventId, say);
    claimers.stop();
    await claiming;
    claimers.close();
    return await judgeTrial(system.pool, drawn, { places, claimers, kills, users, userIdOf });
  } finally {
    await system.stop();
  }
}

async function killAll(
  system: ChaosSystem,
  eventId: EventId,
  say: (line: string) => void,
): Promise<Killed[]> {
  const kills: Killed[] = [];
  const killed = (what: string): void => {
    say(what);
    kills.push({ what, atMs: Date.now() });
  };
  const shards = system.of('shard');
  const named = shards.map(({ name }) => ({ shardId: name, incarnation: name, weight: 1 }));
  const home = chooseShard(eventId, named)?.shardId;
  shards.find(({ name }) => name === home)?.signal('SIGKILL');
  killed('keeper');
  await pause(afterMs);
  system.of('gateway')[0].signal('SIGKILL');
  killed('gateway');
  await pause(afterMs);
  await system.postgres.kill('SIGKILL');
  await system.postgres.restart();
  killed('Postgres');
  await pause(afterMs);
  return kills;
}

async function openFor({ pool, gatewayUrls }: ChaosSystem, eventId: EventId): Promise<Room> {
  const nowMs = Date.now();
  const times = { opensAtMs: nowMs - 1_000, drawsAtMs: nowMs + 86_400_000 };
  const room = await openRoom(pool, eventId, { ...settings, ...times }, createRoomKeys());
  if (room === null) throw new Error('the event has a room');
  for (const url of gatewayUrls) {
    const line = new JsonLine(new URL(url));
    await line.until(eventId, ({ phase }) => phase === 'lobby');
    line.close();
  }
  return room;
}

async function joinAll(
  urls: readonly URL[],
  eventId: EventId,
  users: readonly (readonly string[])[],
): Promise<void> {
  const lines = urls.map((url) => new JsonLine(url));
  let next = 0;
  const join = async (): Promise<void> => {
    while (next < users.length) {
      const i = next++;
      const body = { nonce: `nonce-${String(i).padStart(16, '0')}` };
      const path = `/v1/events/${eventId}/queue`;
      const { status } = await lines[i % lines.length].ask('POST', path, users[i], body);
      if (status !== 200) throw new Error(`a join was answered with ${status}`);
    }
  };
  await Promise.all(Array.from({ length: joinsAtOnce }, join));
  for (const line of lines) line.close();
}

async function draw({ pool }: ChaosSystem, room: Room, waiting: number): Promise<void> {
  await pool.query('UPDATE room SET draws_at = now(), revision = revision + 1 WHERE room_no = $1', [
    room.roomNo,
  ]);
  const endMs = performance.now() + waitMsMax;
  for (;;) {
    const now = await newestRoom(pool, room.eventId);
    if (now?.head?.final === true && now.head.size === waiting) return;
    if (performance.now() > endMs) throw new Error('the draw does not come');
    await pause(100);
  }
}

/** The subject of a guest's token, which is readable. */
function userIdOf([header]: readonly string[]): string {
  const [, claims] = header.replace('Authorization: Bearer ', '').split('.');
  const { sub } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sub: string };
  return sub;
}
