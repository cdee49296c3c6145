import fc from 'fast-check';
import { decodeBody, encodeBody } from '#libs/bus/control-call.js';
import {
  decodeBeat,
  decodeCommandBatch,
  decodeDiff,
  decodeReplyBatch,
  encodeBeat,
  encodeCommandBatch,
  encodeDiff,
  encodeReplyBatch,
  MalformedFrame,
} from '#libs/contracts/wire-codec.js';
import { beat, commandBatch, diff, replyBatch } from '#libs/testing/wire-arbitraries.js';
import { promise, pureTarget, sameBytes, type FuzzTarget, type Outcome } from '../target.js';

/** What processes say to each other. A frame is refused by name, or is the one way to say it. */
export const frameTargets: readonly FuzzTarget[] = [
  frame('commands', commandBatch, encodeCommandBatch, decodeCommandBatch),
  frame('replies', replyBatch, encodeReplyBatch, decodeReplyBatch),
  frame('diffs', diff, encodeDiff, decodeDiff),
  frame('beats', beat, encodeBeat, decodeBeat),
  pureTarget('control', fc.jsonValue().map(encodeBody), controlBody),
];

function frame<Value>(
  name: string,
  values: fc.Arbitrary<Value>,
  encode: (value: Value) => Uint8Array,
  decode: (bytes: Uint8Array) => Value,
): FuzzTarget {
  return pureTarget(name, values.map(encode), (input) => {
    let value: Value;
    try {
      value = decode(input);
    } catch (error) {
      if (error instanceof MalformedFrame) return 'refused';
      throw error;
    }
    promise(sameBytes(encode(value), input), 'bytes that nobody writes were taken for a frame');
    return 'accepted';
  });
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
