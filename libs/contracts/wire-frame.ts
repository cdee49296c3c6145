import { FrameReader, MalformedFrame } from './frame-reader.js';
import { FrameWriter } from './frame-writer.js';

/** How every frame begins: its version and its kind. See wire-codec.ts. */
const frameVersion = 1;
export const frameKinds = { commands: 1, replies: 2, diff: 3, beat: 4 } as const;

/** Frames are written synchronously and copied out: one writer serves all heads and diffs. */
const scratch = new FrameWriter(16 * 1024);

export function openFrame(kind: number): FrameWriter {
  const out = scratch;
  out.rewind(0);
  out.byte(frameVersion);
  out.byte(kind);
  return out;
}

export function openReader(payload: Uint8Array, kind: number): FrameReader {
  const input = new FrameReader(payload);
  const version = input.byte();
  if (version !== frameVersion) throw new MalformedFrame(`frame version ${version}`);
  const found = input.byte();
  if (found !== kind) throw new MalformedFrame(`frame kind ${found} instead of ${kind}`);
  return input;
}

export function joined(head: FrameWriter, body: FrameWriter): Uint8Array {
  const payload = new Uint8Array(head.length + body.length);
  head.copyTo(payload, 0);
  body.copyTo(payload, head.length);
  return payload;
}

export function oneOf<Value>(values: readonly Value[], index: number): Value {
  if (index >= values.length) throw new MalformedFrame('unknown choice');
  return values[index];
}
