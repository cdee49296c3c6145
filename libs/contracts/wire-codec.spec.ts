import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CommandId, EventId, UserId } from '#libs/inventory/ids.js';
import { refusalCodes } from '#libs/inventory/refusals.js';
import { limits } from './limits.js';
import {
  BatchEncoder,
  decodeBeat,
  decodeCommandBatch,
  decodeDiff,
  decodeReplyBatch,
  encodeBeat,
  encodeCommandBatch,
  encodeDiff,
  encodeReplyBatch,
  MalformedFrame,
  ReplyEncoder,
  Unencodable,
} from './wire-codec.js';
import type { CommandBatch, CommandItem, Reply, ReplyBatch, SeatDiff, ShardBeat } from './wire.js';

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }).filter((t) => Buffer.byteLength(t) <= 160),
);
const count = fc.oneof(fc.nat({ max: 300 }), fc.nat(), fc.maxSafeNat());
const time = fc.nat({ max: 2 ** 31 }).map((n) => n * 1_000);
const seats = fc.array(fc.nat({ max: limits.seatsPerPlanMax }), { maxLength: 12 });
const areas = fc.array(fc.record({ area: count, quantity: count }), { maxLength: 3 });
const optional = { requiredKeys: [] as [] };
const wish = fc
  .record(
    {
      category: count,
      section: count,
      wheelchairs: count,
      priceMax: count,
      maySplit: fc.boolean(),
    },
    optional,
  )
  .chain((filters) => count.map((quantity) => ({ quantity, ...filters })));

const type = <Name extends string>(name: Name) => ({ type: fc.constant(name) });
const request = fc.oneof(
  fc.record(type('OpenSale')),
  fc.record(type('CloseSale')),
  fc.record(type('Tick')),
  fc.record(type('GetSeatMap')),
  fc.record(type('DescribeEvent')),
  fc.record({ ...type('GetHold'), holdId: text }),
  fc.record({
    ...type('HoldSeats'),
    holdId: text,
    seats,
    areas,
    best: fc.array(wish, { maxLength: 3 }),
  }),
  fc.record(
    { ...type('ExtendHold'), holdId: text, byMs: count },
    { requiredKeys: ['type', 'holdId'] },
  ),
  fc.record(
    { ...type('ReleaseHold'), holdId: text, seats, areas },
    { requiredKeys: ['type', 'holdId'] },
  ),
  fc.record({ ...type('BeginPayment'), holdId: text, attemptId: text }),
  fc.record({ ...type('FailPayment'), holdId: text, attemptId: text }),
  fc.record({ ...type('BookHold'), holdId: text, bookingId: text, attemptId: text }),
  fc.record(
    { ...type('CancelBooking'), bookingId: text, seats },
    { requiredKeys: ['type', 'bookingId'] },
  ),
  fc.record({ ...type('BlockSeats'), seats, areas, reason: text }),
  fc.record({ ...type('UnblockSeats'), seats, areas }),
);

const item = fc.record({
  correlation: count,
  eventId: fc.constantFrom('evt_one', 'evt_two', 'evt_three'),
  commandId: text,
  keyed: fc.boolean(),
  userId: text,
  deadlineMs: time,
  request,
});
const commandBatch = fc.record({
  clientId: text,
  batchNo: count,
  items: fc.array(item, { maxLength: 20 }),
}) as unknown as fc.Arbitrary<CommandBatch>;

const outcome = fc.oneof(
  fc.record(type('done')),
  fc.record(
    {
      ...type('hold'),
      holdId: text,
      seats,
      areas,
      totalMinor: count,
      deadlineMs: time,
      attemptId: text,
    },
    { requiredKeys: ['type', 'holdId', 'seats', 'areas', 'totalMinor', 'deadlineMs'] },
  ),
  fc.record({ ...type('booking'), bookingId: text, holdId: text, seats, areas, totalMinor: count }),
  fc.record({ ...type('cancelled'), bookingId: text, seats }),
);
const refusal = fc.record(
  {
    code: fc.constantFrom(...refusalCodes),
    seats,
    areas: fc.array(count, { maxLength: 3 }),
    alternative: seats,
    limit: count,
    left: fc.integer(),
    field: text,
  },
  { requiredKeys: ['code'] },
);
const saleStatus = fc.constantFrom('scheduled', 'open', 'closed');
const view = fc.oneof(
  fc.record({
    ...type('hold_view'),
    holdId: text,
    userId: text,
    status: fc.constantFrom('held', 'paying'),
    seats,
    areas,
    totalMinor: count,
    deadlineMs: time,
  }),
  fc.record({
    ...type('seat_map'),
    epoch: count,
    version: count,
    saleStatus,
    statuses: fc.uint8Array({ max: 3, maxLength: 500 }),
    areas: fc.array(fc.record({ held: count, booked: count, blocked: count }), { maxLength: 4 }),
  }),
  fc.record({
    ...type('event_view'),
    incarnation: text,
    epoch: count,
    version: count,
    batchNo: count,
    mailbox: count,
    holds: count,
    free: count,
    held: count,
    booked: count,
    blocked: count,
    saleStatus,
  }),
);
const kind = <Name extends string>(name: Name) => ({ kind: fc.constant(name) });
const reply = fc.oneof(
  fc.record({
    ...kind('answered'),
    replayed: fc.boolean(),
    answer: fc.oneof(
      fc.record({ ...kind('accepted'), outcome }),
      fc.record({ ...kind('refused'), refusal }),
    ),
  }),
  fc.record({ ...kind('found'), view }),
  fc.record({ ...kind('moved'), owner: fc.option(text), epoch: count }),
  fc.record(kind('unknown_event')),
  fc.record({ ...kind('overloaded'), retryAfterMs: count }),
  fc.record({
    ...kind('unavailable'),
    retryAfterMs: count,
    executed: fc.constantFrom('no', 'unknown'),
  }),
  fc.record(kind('too_late')),
);
const replyBatch = fc.record({
  incarnation: text,
  releasedBatchNo: count,
  replies: fc.array(fc.record({ correlation: count, reply }), { maxLength: 20 }),
}) as unknown as fc.Arbitrary<ReplyBatch>;

const note = fc.record({
  userId: text,
  holdId: text,
  what: fc.constantFrom('held', 'extended', 'released', 'expired', 'paying', 'booked', 'cancelled'),
  deadlineMs: time,
});
const diff = fc.record(
  {
    eventId: text,
    epoch: count,
    from: count,
    to: count,
    seats: fc.array(fc.tuple(count, fc.nat({ max: 3 }))).map((pairs) => pairs.flat()),
    areas: fc.array(fc.tuple(count, count, count, count)).map((groups) => groups.flat()),
    saleStatus,
    notes: fc.array(note, { maxLength: 5 }),
  },
  { requiredKeys: ['eventId', 'epoch', 'from', 'to', 'seats', 'areas', 'notes'] },
) as unknown as fc.Arbitrary<SeatDiff>;
const beat = fc.record({
  shardId: text,
  incarnation: text,
  state: fc.constantFrom('active', 'cordoned', 'draining', 'stopped'),
  weight: fc.double({ min: 0, max: 100, noNaN: true }),
  host: text,
  pid: count,
  events: count,
  commandsPerSecond: fc.double({ min: 0, max: 1e7, noNaN: true }),
  sentAtMs: time,
}) as fc.Arbitrary<ShardBeat>;

const someItem = (correlation: number, commandId = `c${correlation}`): CommandItem => ({
  correlation,
  eventId: 'evt_one' as EventId,
  commandId: commandId as CommandId,
  keyed: false,
  userId: 'usr_one' as UserId,
  deadlineMs: 1_800_000_000_000,
  request: { type: 'GetSeatMap' },
});

describe('frames on the wire', () => {
  it('come out of a command batch as they went in', () => {
    fc.assert(
      fc.property(commandBatch, (batch) => {
        expect(decodeCommandBatch(encodeCommandBatch(batch))).toEqual(batch);
      }),
      { numRuns: 300 },
    );
  });

  it('come out of a reply batch as they went in', () => {
    fc.assert(
      fc.property(replyBatch, (batch) => {
        expect(decodeReplyBatch(encodeReplyBatch(batch))).toEqual(batch);
      }),
      { numRuns: 300 },
    );
  });

  it('come out of a diff and of a beat as they went in', () => {
    fc.assert(fc.property(diff, (value) => expect(decodeDiff(encodeDiff(value))).toEqual(value)));
    fc.assert(fc.property(beat, (value) => expect(decodeBeat(encodeBeat(value))).toEqual(value)));
  });

  it('carry a whole seat map of the largest plan', () => {
    const statuses = new Uint8Array(limits.seatsPerPlanMax).fill(2);
    const reply = {
      kind: 'found',
      view: { type: 'seat_map', epoch: 1, version: 9, saleStatus: 'open', statuses, areas: [] },
    } as unknown as Reply;
    const batch = { incarnation: 's', releasedBatchNo: 0, replies: [{ correlation: 1, reply }] };
    const payload = encodeReplyBatch(batch);
    expect(payload.length).toBeLessThanOrEqual(limits.busPayloadBytesMax);
    expect(decodeReplyBatch(payload)).toEqual(batch);
  });
});

describe('frames that are none', () => {
  const frames: [string, fc.Arbitrary<Uint8Array>, (payload: Uint8Array) => unknown][] = [
    ['command batch', commandBatch.map(encodeCommandBatch), decodeCommandBatch],
    ['reply batch', replyBatch.map(encodeReplyBatch), decodeReplyBatch],
    ['diff', diff.map(encodeDiff), decodeDiff],
    ['beat', beat.map(encodeBeat), decodeBeat],
  ];

  it.each(frames)('are refused when a %s is cut short at any byte', (_name, frame, decode) => {
    fc.assert(
      fc.property(frame, fc.nat(), (payload, at) => {
        expect(() => decode(payload.subarray(0, at % payload.length))).toThrow(MalformedFrame);
      }),
    );
  });

  it.each(frames)('are refused when bytes follow a %s', (_name, frame, decode) => {
    fc.assert(
      fc.property(frame, (payload) => {
        expect(() => decode(Uint8Array.from([...payload, 0]))).toThrow(MalformedFrame);
      }),
    );
  });

  it.each(frames)('never do worse than MalformedFrame: damaged %s', (_name, frame, decode) => {
    fc.assert(
      fc.property(frame, fc.nat(), fc.nat({ max: 255 }), (payload, at, byte) => {
        const damaged = Uint8Array.from(payload);
        damaged[at % damaged.length] = byte;
        expect(refusesOrReads(() => decode(damaged))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it.each(frames)('never do worse than MalformedFrame: noise as a %s', (_name, _frame, decode) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(1, 2, 3, 4), (noise, k) => {
        expect(refusesOrReads(() => decode(Uint8Array.from([1, k, ...noise])))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('are refused when they are of another version or kind', () => {
    const payload = encodeCommandBatch({ clientId: 'a', batchNo: 1, items: [] });
    expect(() => decodeCommandBatch(Uint8Array.from([2, ...payload.subarray(1)]))).toThrow(
      /version 2/,
    );
    expect(() => decodeReplyBatch(payload)).toThrow(/kind 1 instead of 2/);
    expect(() => decodeCommandBatch(new Uint8Array(0))).toThrow(MalformedFrame);
  });

  it('cannot make the receiver allocate more than they bring', () => {
    const hugeCount = [0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
    const frame = Uint8Array.from([1, 1, 2, 97, 1, ...hugeCount, 0, 0]);
    const before = process.memoryUsage().heapUsed;
    expect(() => decodeCommandBatch(frame)).toThrow(/too long/);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(10 * 1024 * 1024);
  });
});

describe('a batch that grows', () => {
  it('knows its items and bytes, and is empty again after finish', () => {
    const encoder = new BatchEncoder();
    expect(encoder.append(someItem(1))).toBe(true);
    const first = encoder.byteLength;
    expect(encoder.append(someItem(2))).toBe(true);
    expect(encoder.itemCount).toBe(2);
    expect(encoder.byteLength).toBeLessThan(2 * first);
    const payload = encoder.finish('gw', 7);
    expect(decodeCommandBatch(payload)).toEqual({
      clientId: 'gw',
      batchNo: 7,
      items: [someItem(1), someItem(2)],
    });
    expect([encoder.itemCount, encoder.byteLength]).toEqual([0, 0]);
    encoder.append(someItem(3));
    expect(decodeCommandBatch(encoder.finish('gw', 8)).items).toEqual([someItem(3)]);
    expect(decodeCommandBatch(payload).batchNo).toBe(7);
  });

  it('refuses an item over the bound on items and takes it after finish', () => {
    const encoder = new BatchEncoder();
    for (let i = 0; i < limits.batchItemsMax; i++) expect(encoder.append(someItem(i))).toBe(true);
    expect(encoder.append(someItem(0))).toBe(false);
    expect(decodeCommandBatch(encoder.finish('gw', 1)).items).toHaveLength(limits.batchItemsMax);
    expect(encoder.append(someItem(0))).toBe(true);
  });

  it('refuses an item over the bound on bytes and is as it was', () => {
    const encoder = new BatchEncoder();
    const large = (correlation: number): CommandItem =>
      ({
        ...someItem(correlation),
        request: { type: 'BlockSeats', seats: Array(100_000).fill(127), areas: [], reason: 'x' },
      }) as unknown as CommandItem;
    let taken = 0;
    while (encoder.append(large(taken))) taken += 1;
    expect(taken).toBeGreaterThan(2);
    expect(encoder.byteLength).toBeLessThanOrEqual(limits.batchBytesMax);
    expect(encoder.append(someItem(99))).toBe(true);
    const { items } = decodeCommandBatch(encoder.finish('gw', 1));
    expect(items.map((one) => one.correlation)).toEqual([...Array(taken).keys(), 99]);
  });

  it('throws on an item no batch could carry, and is as it was', () => {
    const encoder = new BatchEncoder();
    encoder.append(someItem(1));
    const wrong = { ...someItem(2), eventId: 'evt_two' as EventId };
    for (const deadlineMs of [-1, 1.5, Number.NaN, 2 ** 50]) {
      expect(() => encoder.append({ ...wrong, deadlineMs })).toThrow(Unencodable);
    }
    for (const correlation of [-1, 0.5, 2 ** 53]) {
      expect(() => encoder.append({ ...wrong, correlation })).toThrow(Unencodable);
    }
    encoder.append({ ...wrong, correlation: 3 });
    const { items } = decodeCommandBatch(encoder.finish('gw', 1));
    expect(items.map((one) => [one.correlation, one.eventId])).toEqual([
      [1, 'evt_one'],
      [3, 'evt_two'],
    ]);
  });

  it('does not take a text the receiver would refuse', () => {
    const encoder = new BatchEncoder();
    const longest = 'x'.repeat(limits.idBytesMax);
    expect(encoder.append(someItem(1, longest))).toBe(true);
    expect(() => encoder.append(someItem(2, `${longest}x`))).toThrow(Unencodable);
    expect(() => encoder.append(someItem(2, 'é'.repeat(limits.idBytesMax)))).toThrow(Unencodable);
    expect(decodeCommandBatch(encoder.finish('gw', 1)).items).toHaveLength(1);
  });
});

describe('replies that wait for the gate', () => {
  it('go into as many frames as they need', () => {
    const encoder = new ReplyEncoder();
    const statuses = new Uint8Array(200_000);
    const map = {
      kind: 'found',
      view: { type: 'seat_map', epoch: 1, version: 1, saleStatus: 'open', statuses, areas: [] },
    } as unknown as Reply;
    const frames: Uint8Array[] = [];
    for (let correlation = 0; correlation < 7; correlation++) {
      if (encoder.append(correlation, map)) continue;
      frames.push(encoder.finish('s1', 0));
      expect(encoder.append(correlation, map)).toBe(true);
    }
    frames.push(encoder.finish('s1', 5));
    expect(frames.length).toBeGreaterThan(2);
    expect(frames.every((frame) => frame.length <= limits.busPayloadBytesMax)).toBe(true);
    const all = frames.map(decodeReplyBatch).flatMap((batch) => batch.replies);
    expect(all.map((one) => one.correlation)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});

/** A damaged frame may still be a frame; anything else must be refused by name. */
function refusesOrReads(decode: () => unknown): boolean {
  try {
    decode();
    return true;
  } catch (error) {
    return error instanceof MalformedFrame;
  }
}
