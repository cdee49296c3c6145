import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CommandId, EventId, UserId } from '#libs/inventory/ids.js';
import { beat, commandBatch, diff, replyBatch } from '#libs/testing/wire-arbitraries.js';
import { limits } from './limits.js';
import {
  BatchEncoder,
  decodeBeat,
  decodeCommandBatch,
  decodeDiff,
  decodeReplyBatch,
  encodeReplyFrames,
  encodeBeat,
  encodeCommandBatch,
  encodeDiff,
  encodeReplyBatch,
  MalformedFrame,
  ReplyEncoder,
  type FrameVersion,
  Unencodable,
  UnknownFrameVersion,
} from './wire-codec.js';
import type { CommandItem, Reply } from './wire.js';

/** Where it does not matter. */
const version: FrameVersion = 1;

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
    const batch = {
      version,
      incarnation: 's',
      releasedBatchNo: 0,
      replies: [{ correlation: 1, reply }],
    };
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
        // A tail may end after any of its entries: see wire-frame.spec.ts.
        fc.pre(payload[0] === 1);
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
        for (const version of [1, 2]) {
          const frame = Uint8Array.from([version, k, ...noise]);
          expect(refusesOrReads(() => decode(frame))).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are refused when they are of another version or kind, the version by its number', () => {
    const payload = encodeCommandBatch({ version, clientId: 'a', batchNo: 1, items: [] });
    for (const found of [0, 3, 255]) {
      const other = Uint8Array.from([found, ...payload.subarray(1)]);
      expect(() => decodeCommandBatch(other)).toThrow(new UnknownFrameVersion(found));
    }
    expect(() => decodeReplyBatch(payload)).toThrow(/kind 1 instead of 2/);
    expect(() => decodeCommandBatch(new Uint8Array(0))).toThrow(MalformedFrame);
  });

  it('are refused when they spell a value as no writer does', () => {
    const diff = (...eventId: number[]): Uint8Array => {
      return Uint8Array.from([1, 3, ...eventId, 0, 0, 0, 0, 0, 0, 0]);
    };
    expect(decodeDiff(diff(2, 0x61)).eventId).toBe('a');
    expect(decodeDiff(diff(5, 0xc3, 0xa9)).eventId).toBe('é');
    const wrong = [
      [0x82, 0, 0x61],
      [3, 0x61],
      [2, 0xe9],
      [3, 0xe9],
      [5, 0xc1, 0xa1],
    ];
    for (const eventId of wrong) expect(() => decodeDiff(diff(...eventId))).toThrow(MalformedFrame);
    const twice = encodeCommandBatch({ version, clientId: '', batchNo: 1, items: [someItem(1)] });
    const item = twice.subarray(5);
    const second = Uint8Array.from(item);
    second[1] = 1;
    const both = Uint8Array.from([...twice.subarray(0, 4), 2, ...item, ...second]);
    expect(() => decodeCommandBatch(both)).toThrow(/named twice/);
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
    const payload = encoder.finish('gw', 7, version);
    expect(decodeCommandBatch(payload)).toEqual({
      version,
      clientId: 'gw',
      batchNo: 7,
      items: [someItem(1), someItem(2)],
    });
    expect([encoder.itemCount, encoder.byteLength]).toEqual([0, 0]);
    encoder.append(someItem(3));
    expect(decodeCommandBatch(encoder.finish('gw', 8, version)).items).toEqual([someItem(3)]);
    expect(decodeCommandBatch(payload).batchNo).toBe(7);
  });

  it('refuses an item over the bound on items and takes it after finish', () => {
    const encoder = new BatchEncoder();
    for (let i = 0; i < limits.batchItemsMax; i++) expect(encoder.append(someItem(i))).toBe(true);
    expect(encoder.append(someItem(0))).toBe(false);
    expect(decodeCommandBatch(encoder.finish('gw', 1, version)).items).toHaveLength(
      limits.batchItemsMax,
    );
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
    const { items } = decodeCommandBatch(encoder.finish('gw', 1, version));
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
    const { items } = decodeCommandBatch(encoder.finish('gw', 1, version));
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
    expect(decodeCommandBatch(encoder.finish('gw', 1, version)).items).toHaveLength(1);
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
      frames.push(encoder.finish('s1', 0, version));
      expect(encoder.append(correlation, map)).toBe(true);
    }
    frames.push(encoder.finish('s1', 5, version));
    expect(frames.length).toBeGreaterThan(2);
    expect(frames.every((frame) => frame.length <= limits.busPayloadBytesMax)).toBe(true);
    const all = frames.map(decodeReplyBatch).flatMap((batch) => batch.replies);
    expect(all.map((one) => one.correlation)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('do not take along what an earlier frame could not be made of', () => {
    const moved: Reply = { kind: 'moved', owner: null, epoch: 1 };
    const replies = [
      { correlation: 1, reply: moved },
      { correlation: 2, reply: { kind: 'found', view: null } as unknown as Reply },
    ];
    const batch = { version, incarnation: 's1', releasedBatchNo: 1, replies };
    expect(() => encodeReplyFrames(batch, refuse)).toThrow(TypeError);
    const fine = { ...batch, replies: [{ correlation: 3, reply: moved }] };
    expect(encodeReplyFrames(fine, refuse).map(decodeReplyBatch)).toEqual([fine]);
  });

  it('hold an error in place of a reply that fits no frame, and the others as they are', () => {
    const moved: Reply = { kind: 'moved', owner: null, epoch: 1 };
    const longText = 'x'.repeat(limits.idBytesMax + 1);
    const longOwner: Reply = { kind: 'moved', owner: longText, epoch: 1 };
    const statuses = new Uint8Array(limits.busPayloadBytesMax);
    const map = { type: 'seat_map', epoch: 1, version: 1, saleStatus: 'open', statuses, areas: [] };
    const tooLarge = { kind: 'found', view: map } as unknown as Reply;
    const all = [moved, longOwner, moved, tooLarge, moved];
    const replies = all.map((reply, correlation) => ({ correlation, reply }));
    const told: string[] = [];
    const batch = { version, incarnation: 's1', releasedBatchNo: 4, replies };
    const frames = encodeReplyFrames(batch, ({ message }) => told.push(message));
    expect(told).toEqual(['a text is too long', 'the frame is too large']);
    const found = frames.map(decodeReplyBatch);
    expect(found.map(({ releasedBatchNo }) => releasedBatchNo).slice(0, 2)).toEqual([4, 0]);
    expect(found.flatMap((frame) => frame.replies).map(({ reply }) => reply)).toEqual([
      moved,
      { kind: 'unavailable', retryAfterMs: 60_000, executed: 'unknown' },
      moved,
      { kind: 'unavailable', retryAfterMs: 60_000, executed: 'no' },
      moved,
    ]);
  });
});

const refuse = (error: Error): never => {
  throw error;
};

/** A damaged frame may still be a frame; anything else must be refused by name. */
function refusesOrReads(decode: () => unknown): boolean {
  try {
    decode();
    return true;
  } catch (error) {
    return error instanceof MalformedFrame;
  }
}
