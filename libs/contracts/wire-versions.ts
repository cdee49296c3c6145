import { MalformedFrame, type FrameReader } from './frame-reader.js';
import type { FrameWriter } from './frame-writer.js';
import {
  frameKinds,
  frameVersions,
  openFrame,
  openReader,
  type FrameVersion,
} from './wire-frame.js';

/**
 * What two processes say of the frames they read. Written in the oldest form for ever, and what
 * follows is not looked at: these two frames must be understood by every version there will be.
 */
export interface VersionRange {
  readonly oldest: number;
  readonly newest: number;
}

/** Answers a batch that could not be read. Nothing of it was executed. */
export interface Unreadable {
  /** The first byte of that batch: its version, unless it was damaged. */
  readonly found: number;
  readonly reads: VersionRange;
}

/** What the release before tags reads; it answers a ping with nothing. */
const before: VersionRange = { oldest: 1, newest: 1 };

/** The answer to a ping. */
export function encodeVersions(range: VersionRange): Uint8Array {
  const out = openFrame(frameKinds.versions, frameVersions.oldest);
  writeRange(out, range);
  return out.copy();
}

export function decodeVersions(payload: Uint8Array): VersionRange {
  if (payload.length === 0) return before;
  return readRange(openReader(payload, frameKinds.versions));
}

export function encodeUnreadable({ found, reads }: Unreadable): Uint8Array {
  const out = openFrame(frameKinds.unreadable, frameVersions.oldest);
  out.byte(found);
  writeRange(out, reads);
  return out.copy();
}

export function decodeUnreadable(payload: Uint8Array): Unreadable {
  const input = openReader(payload, frameKinds.unreadable);
  return { found: input.byte(), reads: readRange(input) };
}

/** Where answers are awaited, this may come in their place. */
export const isUnreadable = (payload: Uint8Array): boolean =>
  payload.length > 1 && payload[1] === frameKinds.unreadable;

/** The newest version that both read, not above `most`; null when there is none. */
export function commonVersion(reads: VersionRange, most: number): FrameVersion | null {
  const version = Math.min(frameVersions.newest, reads.newest, most);
  const oldest = Math.max(frameVersions.oldest, reads.oldest);
  return version < oldest ? null : (version as FrameVersion);
}

function writeRange(out: FrameWriter, { oldest, newest }: VersionRange): void {
  out.count(oldest);
  out.count(newest);
}

function readRange(input: FrameReader): VersionRange {
  const [oldest, newest] = [input.count(), input.count()];
  if (oldest < 1 || newest < oldest) throw new MalformedFrame('not a range of versions');
  return { oldest, newest };
}
