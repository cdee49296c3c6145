import fc from 'fast-check';
import { decodeBody, encodeBody } from '#libs/bus/control-call.js';
import { FrameReader } from '#libs/contracts/frame-reader.js';
import {
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
  MalformedFrame,
} from '#libs/contracts/wire-codec.js';
import { lastNoteTag } from '#libs/contracts/wire-item-notes.js';
import {
  beat,
  commandBatch,
  diff,
  replyBatch,
  unknownTail,
  withTail,
} from '#libs/testing/wire-arbitraries.js';
import { promise, pureTarget, sameBytes, type FuzzTarget, type Outcome } from '../target.js';

/** What processes say to each other. A frame is refused by name, or is the one way to say it. */
export const frameTargets: readonly FuzzTarget[] = [
  frame('commands', commandBatch, encodeCommandBatch, decodeCommandBatch, lastNoteTag),
  frame('replies', replyBatch, encodeReplyBatch, decodeReplyBatch),
  frame('diffs', diff, encodeDiff, decodeDiff),
  frame('beats', beat, encodeBeat, decodeBeat),
  growing('versions', versions(), encodeVersions, decodeVersions),
  growing('unreadable', unreadable(), encodeUnreadable, decodeUnreadable),
  pureTarget('control', fc.jsonValue().map(encodeBody), controlBody),
];

/** `tagsKnown`: so many tags of its tail are read, from 1 on; the others are skipped. */
function frame<Value extends object>(
  name: string,
  values: fc.Arbitrary<Value>,
  encode: (value: Value) => Uint8Array,
  decode: (bytes: Uint8Array) => Value,
  tagsKnown = 0,
): FuzzTarget {
  const plain = values.map(encode);
  const later = fc.tuple(plain, unknownTail).map(([bytes, tail]) => withTail(bytes, tail));
  return pureTarget(name, fc.oneof(plain, later), (input) => {
    const value = readOrRefuse(() => decode(input));
    if (value === null) return 'refused';
    const body = encode({ ...value, version: 1 });
    const written = encode(value);
    const known = knownEntries(input.subarray(body.length), tagsKnown);
    const same =
      sameBytes(input.subarray(1, body.length), body.subarray(1)) &&
      sameBytes(known, written.subarray(body.length)) &&
      (input[0] === 2 || input.length === body.length);
    promise(same, 'bytes that nobody writes were taken for a frame');
    return 'accepted';
  });
}

/** The entries of a tail that somebody here reads, as they stand there. */
function knownEntries(tail: Uint8Array, tagsKnown: number): Uint8Array {
  const input = new FrameReader(tail);
  const known: Uint8Array[] = [];
  let rest = tail;
  while (!input.atEnd) {
    const tag = input.count();
    input.part();
    const entry = rest.subarray(0, rest.length - input.left);
    rest = rest.subarray(entry.length);
    if (tag <= tagsKnown) known.push(entry);
  }
  return Buffer.concat(known);
}

/** A frame that later releases may add to: what stands in front is the one way to say it. */
function growing<Value>(
  name: string,
  values: fc.Arbitrary<Value>,
  encode: (value: Value) => Uint8Array,
  decode: (bytes: Uint8Array) => Value,
): FuzzTarget {
  const valid = fc
    .tuple(values.map(encode), fc.uint8Array({ maxLength: 8 }))
    .map(([bytes, more]) => Uint8Array.from([...bytes, ...more]));
  return pureTarget(name, valid, (input) => {
    const value = readOrRefuse(() => decode(input));
    if (value === null) return 'refused';
    const again = encode(value);
    const same = sameBytes(input.subarray(1, again.length), again.subarray(1));
    promise(same || input.length === 0, 'bytes that nobody writes were taken for a frame');
    return 'accepted';
  });
}

function readOrRefuse<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedFrame) return null;
    throw error;
  }
}

function versions() {
  const newest = fc.integer({ min: 1, max: 500 });
  return newest.chain((most) => {
    return fc.record({ oldest: fc.integer({ min: 1, max: most }), newest: fc.constant(most) });
  });
}

function unreadable() {
  return fc.record({ found: fc.nat({ max: 255 }), reads: versions() });
}

/** Control calls are read by a library: what it throws is caught where they are answered. */
function controlBody(input: Uint8Array): Outcome {
  try {
    decodeBody(input);
    return 'accepted';
  } catch (error) {
    promise(error instanceof Error, 'something that is no error was thrown');
    return 'refused';
  }
}
