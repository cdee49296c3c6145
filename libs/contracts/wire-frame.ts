import { FrameReader, MalformedFrame, UnknownFrameVersion } from './frame-reader.js';
import { FrameWriter } from './frame-writer.js';

/**
 * How every frame begins and ends, so that two versions of the software can share a bus.
 *
 * Z1  A frame begins with its version and its kind. Version 2 is version 1 and an optional tail: a
 *     list of (tag, length, bytes), tags rising. Nothing follows a frame of version 1.
 * Z2  A reader skips the tags it does not know: what comes later comes as a tag and needs no new
 *     version. A tag is never given a second meaning, and a frame without its tail means what it
 *     meant before there was one.
 * Z3  A writer writes what its peer is known to read (libs/routing/shard-versions.ts), and answers
 *     in the version in which it was asked. What has no single peer is written in the oldest.
 *
 * What the versions mean to an operator is in docs/operating/deploys.md.
 */
export const frameVersions = { oldest: 1, newest: 2 } as const;
export type FrameVersion = 1 | 2;

/** Of diffs and beats, which everybody hears: what the release before reads. No tail. */
export const broadcastVersion: FrameVersion = frameVersions.oldest;

export const frameKinds = {
  commands: 1,
  replies: 2,
  diff: 3,
  beat: 4,
  unreadable: 5,
  versions: 6,
} as const;

/** Frames are written synchronously and copied out: one writer serves all heads and diffs. */
const scratch = new FrameWriter(16 * 1024);

export function openFrame(kind: number, version: FrameVersion): FrameWriter {
  const out = scratch;
  out.rewind(0);
  out.byte(version);
  out.byte(kind);
  return out;
}

export function openReader(payload: Uint8Array, kind: number): FrameReader {
  const input = new FrameReader(payload);
  const version = input.byte();
  if (!isKnownVersion(version)) throw new UnknownFrameVersion(version);
  const found = input.byte();
  if (found !== kind) throw new MalformedFrame(`frame kind ${found} instead of ${kind}`);
  return input;
}

/** Of a payload that openReader took. */
export const versionOf = (payload: Uint8Array): FrameVersion => payload[0] as FrameVersion;

const isKnownVersion = (version: number): version is FrameVersion =>
  version >= frameVersions.oldest && version <= frameVersions.newest;

/** Told of each entry of a tail; those whose tag it does not know it leaves alone (Z2). */
export type TailReader = (tag: number, entry: FrameReader) => void;

const knowsNone: TailReader = () => undefined;

/** Behind the body: reads the tail, if the version has one, to the end of the frame. */
export function endFrame(
  input: FrameReader,
  version: FrameVersion,
  read: TailReader = knowsNone,
): void {
  if (version !== 1) {
    for (let last = 0; !input.atEnd;) {
      const tag = input.count();
      if (tag <= last) throw new MalformedFrame('the tags of a tail do not rise');
      last = tag;
      read(tag, input.part());
    }
  }
  input.done();
}

export function joined(...parts: readonly FrameWriter[]): Uint8Array {
  const payload = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    part.copyTo(payload, at);
    at += part.length;
  }
  return payload;
}

export function oneOf<Value>(values: readonly Value[], index: number): Value {
  if (index >= values.length) throw new MalformedFrame('unknown choice');
  return values[index];
}
