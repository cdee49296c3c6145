import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { BestAvailable } from '#libs/inventory/commands.js';
import type { By } from '#libs/inventory/by.js';
import type { CommandId, EventId, HoldId, UserId } from '#libs/inventory/ids.js';
import {
  beat,
  commandBatch,
  diff,
  replyBatch,
  unknownTail,
  withTail,
} from '#libs/testing/wire-arbitraries.js';
import { limits } from './limits.js';
import {
  BatchEncoder,
  commonVersion,
  decodeBeat,
  decodeCommandBatch,
  decodeDiff,
  decodeReplyBatch,
  decodeUnreadable,
  decodeVersions,
  encodeBeat,
  encodeCommandBatch,
  encodeDiff,
  encodeReplyBatch,
  encodeUnreadable,
  encodeVersions,
  frameVersions,
  isUnreadable,
  MalformedFrame,
  Unencodable,
} from './wire-codec.js';
import type { CommandBatch, CommandItem, ReplyBatch, SeatDiff, ShardBeat } from './wire.js';

const trace = '0af7651916cd43dd8448eb211c80319c';
const alice: By = { role: 'operator', name: 'alice@desk' };

const someItem = (correlation: number, says: Partial<CommandItem> = {}): CommandItem => ({
  correlation,
  eventId: 'evt_one' as EventId,
  commandId: `c${correlation}` as CommandId,
  keyed: false,
  userId: 'usr_one' as UserId,
  deadlineMs: 1_800_000_000_000,
  request: { type: 'GetSeatMap' },
  ...says,
});

const batchOf = (version: 1 | 2, ...items: CommandItem[]): CommandBatch => ({
  version,
  clientId: 'gw',
  batchNo: 7,
  items,
});

function withoutFlags(block: BestAvailable): BestAvailable {
  const plain: { having?: unknown; avoiding?: unknown } = { ...block };
  delete plain.having;
  delete plain.avoiding;
  return plain as BestAvailable;
}

function withoutNotes({ items, ...batch }: CommandBatch): CommandBatch {
  const plain = items.map((item) => {
    const copy = { ...item };
    delete (copy as { by?: By }).by;
    delete (copy as { trace?: string }).trace;
    delete (copy as { address?: string }).address;
    delete (copy as { span?: string }).span;
    if (item.request.type !== 'HoldSeats') return copy;
    const { type, holdId, seats, areas, best } = item.request;
    return { ...copy, request: { type, holdId, seats, areas, best: best.map(withoutFlags) } };
  });
  return { ...batch, items: plain };
}

/** Frames as the release before tags wrote them, once and for all. Never written anew. */
const golden = JSON.parse(
  readFileSync(new URL('./golden/frames.json', import.meta.url), 'utf8'),
  (key, value: unknown) =>
    key === 'statuses' ? new Uint8Array(Buffer.from(value as string, 'hex')) : value,
) as { kind: keyof typeof codecs; hex: string; value: object }[];

const codecs = {
  commands: {
    read: decodeCommandBatch,
    write: (value: object) => encodeCommandBatch({ ...(value as CommandBatch), version: 1 }),
  },
  replies: {
    read: decodeReplyBatch,
    write: (value: object) => encodeReplyBatch({ ...(value as ReplyBatch), version: 1 }),
  },
  diff: { read: decodeDiff, write: (value: object) => encodeDiff(value as SeatDiff) },
  beat: { read: decodeBeat, write: (value: object) => encodeBeat(value as ShardBeat) },
};

describe('frames of version 1', () => {
  it('are read as the release before wrote them', () => {
    expect(new Set(golden.map(({ kind }) => kind)).size).toBe(4);
    for (const { kind, hex, value } of golden) {
      const read = codecs[kind].read(new Uint8Array(Buffer.from(hex, 'hex')));
      const isVersioned = kind === 'commands' || kind === 'replies';
      expect(read).toEqual(isVersioned ? { ...value, version: 1 } : value);
    }
  });

  it('are written byte by byte as the release before wrote them', () => {
    for (const { kind, hex, value } of golden) {
      expect(Buffer.from(codecs[kind].write(value)).toString('hex')).toBe(hex);
    }
  });

  it('leave out what they cannot say, and nothing else', () => {
    fc.assert(
      fc.property(commandBatch, (batch) => {
        const old = encodeCommandBatch({ ...batch, version: 1 });
        expect(decodeCommandBatch(old)).toEqual({ ...withoutNotes(batch), version: 1 });
      }),
    );
  });

  it('have no tail', () => {
    const [batch] = golden.filter(({ kind }) => kind === 'commands');
    const frame = Uint8Array.from([...Buffer.from(batch.hex, 'hex'), 100, 0]);
    expect(() => decodeCommandBatch(frame)).toThrow(/left over/);
    expect(() => decodeCommandBatch(withTail(frame, new Uint8Array()))).not.toThrow();
  });

  it('are what everybody hears: diffs and beats', () => {
    fc.assert(fc.property(diff, (value) => expect(encodeDiff(value)[0]).toBe(1)));
    fc.assert(fc.property(beat, (value) => expect(encodeBeat(value)[0]).toBe(1)));
  });
});

describe('the tail of a frame', () => {
  it('takes no byte when there is nothing to say', () => {
    const items = [someItem(1), someItem(2)];
    const [old, young] = [batchOf(1, ...items), batchOf(2, ...items)].map(encodeCommandBatch);
    expect(young).toEqual(Uint8Array.from([2, ...old.subarray(1)]));
  });

  it('costs two bytes for an item whose trace was named before', () => {
    const size = (...items: CommandItem[]) => encodeCommandBatch(batchOf(2, ...items)).length;
    const plain = size(someItem(1), someItem(2), someItem(3));
    const one = size(someItem(1), someItem(2, { trace }), someItem(3));
    expect(one - plain).toBe(16 + 2 + 2);
    expect(size(someItem(1), someItem(2, { trace }), someItem(3, { trace })) - one).toBe(2);
  });

  it('says of each item who asked and under which trace', () => {
    const items = [
      someItem(1),
      someItem(2, { trace, by: alice }),
      someItem(3, { by: { role: 'system' } }),
      someItem(4, { trace, by: alice }),
      someItem(5, { trace: 'f'.repeat(32) }),
    ];
    const batch = batchOf(2, ...items);
    expect(decodeCommandBatch(encodeCommandBatch(batch))).toEqual(batch);
  });

  it('may have entries that nobody knows here, in every kind of frame', () => {
    const all: [fc.Arbitrary<Uint8Array>, (payload: Uint8Array) => object][] = [
      [commandBatch.map(encodeCommandBatch), decodeCommandBatch],
      [replyBatch.map(encodeReplyBatch), decodeReplyBatch],
      [diff.map(encodeDiff), decodeDiff],
      [beat.map(encodeBeat), decodeBeat],
    ];
    for (const [frames, decode] of all) {
      fc.assert(
        fc.property(frames, unknownTail, (frame, tail) => {
          const plain = decode(withTail(frame, new Uint8Array()));
          expect(decode(withTail(frame, tail))).toEqual(plain);
        }),
      );
    }
  });

  it('that is cut short is refused, or says less and nothing else', () => {
    fc.assert(
      fc.property(commandBatch, fc.nat(), (batch, at) => {
        const whole = { ...batch, version: 2 as const };
        const body = encodeCommandBatch({ ...batch, version: 1 }).length;
        const frame = encodeCommandBatch(whole);
        const cut = frame.subarray(0, body + (at % (frame.length - body + 1)));
        const { items } = readOr(cut, whole);
        expect(withoutNotes({ ...whole, items })).toEqual(withoutNotes(whole));
      }),
    );
  });

  const wrong: [string, number[]][] = [
    ['tags that fall', [2, 3, 0, 0, 1, 1, 3, 0, 0, 1]],
    ['a tag twice', [100, 0, 100, 0]],
    ['tag zero', [0, 0]],
    ['an entry longer than the frame', [100, 5, 1]],
    ['an entry without a note', [2, 0]],
    ['a note for no item', [2, 3, 2, 0, 1]],
    ['a value that was not spelt out', [2, 2, 0, 1]],
    ['a value that is spelt twice', [2, 6, 0, 0, 1, 0, 1, 1]],
    ['a role nobody has', [2, 3, 0, 0, 9]],
    ['a trace of zeros', [1, 18, 0, 0, ...Array<number>(16).fill(0)]],
    ['a trace that is cut short', [1, 10, 0, 0, ...Array<number>(8).fill(7)]],
    ['bytes behind its last note', [2, 4, 0, 0, 1, 5]],
  ];
  it.each(wrong)('is refused with %s', (_name, tail) => {
    const frame = encodeCommandBatch(batchOf(2, someItem(1), someItem(2)));
    const damaged = Uint8Array.from([...frame, ...tail]);
    expect(() => decodeCommandBatch(damaged)).toThrow(MalformedFrame);
  });

  it('is refused with wishes for nothing, which no writer says', () => {
    const holdId = 'rsv_one_x' as HoldId;
    const best = [{ quantity: 2 }];
    const request = { type: 'HoldSeats', holdId, seats: [], areas: [], best } as const;
    const frame = encodeCommandBatch(batchOf(2, someItem(1, { request })));
    const damaged = Uint8Array.from([...frame, 5, 5, 0, 0, 2, 0, 0]);
    expect(() => decodeCommandBatch(damaged)).toThrow('wishes for nothing');
  });

  it('is not begun for what its reader would refuse; the batch is as it was', () => {
    const encoder = new BatchEncoder();
    encoder.append(someItem(1, { trace }));
    const names = ['x'.repeat(limits.operatorNameBytesMax + 1), 'é'.repeat(51), '\ud800'];
    const refused: Partial<CommandItem>[] = [
      ...names.map((name) => ({ by: { role: 'operator', name } as const, trace })),
      ...['', 'F'.repeat(32), '0'.repeat(32), 'f'.repeat(31)].map((text) => ({ trace: text })),
    ];
    for (const says of refused) {
      const eventId = 'evt_two' as EventId;
      expect(() => encoder.append(someItem(2, { ...says, eventId }))).toThrow(Unencodable);
    }
    encoder.append(someItem(3, { by: alice }));
    const { items } = decodeCommandBatch(encoder.finish('gw', 1, 2));
    expect(items).toEqual([someItem(1, { trace }), someItem(3, { by: alice })]);
    encoder.append(someItem(4));
    expect(decodeCommandBatch(encoder.finish('gw', 2, 2)).items).toEqual([someItem(4)]);
  });

  it('of a full batch fits the bus with a name and a trace for each item', () => {
    const encoder = new BatchEncoder();
    const name = (i: number) => String(i).padStart(limits.operatorNameBytesMax, 'x');
    for (let i = 0; i < limits.batchItemsMax; i += 1) {
      const says = { trace: String(i + 1).padStart(32, '0'), by: { ...alice, name: name(i) } };
      expect(encoder.append(someItem(i, says))).toBe(true);
    }
    const frame = encoder.finish('gw', 1, 2);
    expect(frame.length).toBeLessThan(limits.busPayloadBytesMax - limits.batchBytesMax / 2);
    expect(decodeCommandBatch(frame).items).toHaveLength(limits.batchItemsMax);
  });
});

describe('what two processes say of the frames they read', () => {
  it('comes out as it went in, and what a later release adds to it is not looked at', () => {
    const reads = { oldest: 2, newest: 300 };
    const unreadable = { found: 77, reads };
    for (const more of [[], [1, 2, 3]]) {
      expect(decodeVersions(Uint8Array.from([...encodeVersions(reads), ...more]))).toEqual(reads);
      const frame = Uint8Array.from([...encodeUnreadable(unreadable), ...more]);
      expect(decodeUnreadable(frame)).toEqual(unreadable);
      expect([isUnreadable(frame), frame[0]]).toEqual([true, 1]);
    }
  });

  it('is version 1 where a ping is answered with nothing', () => {
    expect(decodeVersions(new Uint8Array(0))).toEqual({ oldest: 1, newest: 1 });
  });

  it('is refused when it is no range', () => {
    for (const [oldest, newest] of [
      [0, 1],
      [3, 2],
    ]) {
      const frame = Uint8Array.from([1, 6, oldest, newest]);
      expect(() => decodeVersions(frame)).toThrow(MalformedFrame);
    }
    expect(() => decodeVersions(Uint8Array.from([1, 6, 1]))).toThrow(MalformedFrame);
  });

  it('gives the newest version that both read, or none', () => {
    const { newest } = frameVersions;
    expect(commonVersion({ oldest: 1, newest: 1 }, newest)).toBe(1);
    expect(commonVersion({ oldest: 1, newest: 9 }, newest)).toBe(2);
    expect(commonVersion({ oldest: 1, newest: 9 }, 1)).toBe(1);
    expect(commonVersion({ oldest: 2, newest: 9 }, 1)).toBeNull();
    expect(commonVersion({ oldest: 3, newest: 9 }, newest)).toBeNull();
  });
});

function readOr(frame: Uint8Array, otherwise: CommandBatch): CommandBatch {
  try {
    return decodeCommandBatch(frame);
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedFrame);
    return otherwise;
  }
}
