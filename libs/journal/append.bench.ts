import { limits } from '#libs/contracts/limits.js';
import { openPool } from '#libs/database/pool.js';
import { migrate } from '#libs/database/migrate.js';
import type { EventId } from '#libs/inventory/ids.js';
import { startTestPostgres } from '#libs/testing/postgres.js';
import { batchAfter, booked, own, type BatchParts } from './testing/journal.fixtures.js';
import type { Tail } from './journal.js';
import { openPostgresJournal } from './postgres-journal.js';

/**
 * Latency of a group append on a Postgres of its own with fsync on, one append in flight.
 * `npm run build && node dist/libs/journal/append.bench.js`
 */
interface Case {
  readonly name: string;
  readonly events: number;
  readonly bytes: number;
  readonly rounds: number;
  readonly parts?: (round: number, eventId: EventId) => BatchParts;
}

const warmUpRounds = 50;
const cases: readonly Case[] = [
  { name: '1 event, a hold', events: 1, bytes: 110, rounds: 1_500 },
  { name: '1 event, 64 holds', events: 1, bytes: 64 * 110, rounds: 1_500 },
  { name: '1 event, 256 holds', events: 1, bytes: 256 * 110, rounds: 1_000 },
  { name: '16 events, 64 holds each', events: 16, bytes: 64 * 110, rounds: 400 },
  { name: '256 events, 4 holds each', events: 256, bytes: 4 * 110, rounds: 200 },
  {
    name: '1 event, 64 holds, wake time',
    events: 1,
    bytes: 64 * 110,
    rounds: 1_000,
    parts: (round) => ({ wakeAtMs: 1_700_000_000_000 + round }),
  },
  {
    name: '1 event, 8 bookings of 2',
    events: 1,
    bytes: 8 * 150,
    rounds: 1_000,
    parts: (round, eventId) => ({ projection: eightBookings(round, eventId) }),
  },
];

function eightBookings(round: number, eventId: EventId) {
  const rows = Array.from({ length: 8 }, (_, index) => {
    const seat = (round * 8 + index) * 2;
    return booked(`${eventId}_${seat}`, [seat, seat + 1]);
  });
  const outbox = rows.map((row) => ({
    topic: 'booking.confirmed',
    key: row.bookingId,
    payload: {},
  }));
  return { booked: rows, outbox };
}

const server = await startTestPostgres({ durable: true });
const url = await server.createDatabase();
await migrate(url);
const pool = openPool(url, {
  applicationName: 'bench',
  max: 1,
  answerWithinMs: limits.operatorAnswerMs,
});
const journal = openPostgresJournal({ url });
const writer = await journal.openWriter('bench');

for (const [number, { name, events, bytes, rounds, parts }] of cases.entries()) {
  const facts = crypto.getRandomValues(new Uint8Array(bytes));
  const tails = new Map<EventId, Tail>();
  for (let index = 0; index < events; index++) {
    const eventId = `evt_bench${number}n${index}` as EventId;
    await pool.query('INSERT INTO ownership (event_id) VALUES ($1)', [eventId]);
    tails.set(eventId, await own(journal, eventId, 'bench'));
  }
  const tookMs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const group = [...tails].map(([eventId, tail]) =>
      batchAfter(tail, eventId, { facts, ...parts?.(round, eventId) }),
    );
    const startedMs = performance.now();
    const verdicts = await writer.append(group);
    tookMs.push(performance.now() - startedMs);
    if (verdicts.some((verdict) => verdict !== 'appended'))
      throw new Error(`${name}: not appended`);
    for (const batch of group) tails.set(batch.eventId, batch);
  }
  const sorted = tookMs.slice(warmUpRounds).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)].toFixed(2).padStart(7);
  console.log(`${name.padEnd(30)} p50 ${at(0.5)}  p90 ${at(0.9)}  p99 ${at(0.99)} ms`);
}

await writer.close();
await journal.close();
await pool.end();
await server.stop();
