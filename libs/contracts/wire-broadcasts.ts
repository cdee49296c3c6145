import type { EventId, HoldId, UserId, Version } from '#libs/inventory/ids.js';
import { MalformedFrame, type FrameReader } from './frame-reader.js';
import {
  broadcastVersion,
  endFrame,
  frameKinds,
  oneOf,
  openFrame,
  openReader,
  versionOf,
  type FrameVersion,
} from './wire-frame.js';
import { writeSome } from './wire-commands.js';
import { readSaleStatus, writeSaleStatus } from './wire-views.js';
import type { HoldNote, SeatDiff, ShardBeat } from './wire.js';

/** What shards broadcast: numbered seat diffs and heartbeats, readable by the release before. */
const hostBytesMax = 255;
const noteKinds: readonly HoldNote['what'][] = [
  'held',
  'extended',
  'released',
  'expired',
  'paying',
  'booked',
  'cancelled',
];
const beatStates: readonly ShardBeat['state'][] = ['active', 'draining', 'stopped', 'cordoned'];

export function encodeDiff(diff: SeatDiff): Uint8Array {
  const out = openFrame(frameKinds.diff, broadcastVersion);
  out.text(diff.eventId);
  out.count(diff.epoch);
  out.count(diff.from);
  out.count(diff.to);
  out.counts(diff.seats);
  out.counts(diff.areas);
  writeSome(out, diff.saleStatus, (status) => writeSaleStatus(out, status));
  out.count(diff.notes.length);
  for (const note of diff.notes) {
    out.byte(noteKinds.indexOf(note.what));
    out.text(note.userId);
    out.text(note.holdId);
    out.time(note.deadlineMs);
  }
  return out.copy();
}

/** Without notes, which come last, where nobody would read them: they are most of a busy diff. */
export function decodeDiff(payload: Uint8Array, withNotes = true): SeatDiff {
  const input = openReader(payload, frameKinds.diff);
  const eventId = input.text() as EventId;
  const epoch = input.count();
  const from = input.count() as Version;
  const to = input.count() as Version;
  const seats = input.counts();
  const areas = input.counts();
  if (seats.length % 2 !== 0 || areas.length % 4 !== 0) throw new MalformedFrame('not a diff');
  const saleStatus = input.flag() ? { saleStatus: readSaleStatus(input) } : {};
  const notes = withNotes ? readNotes(input, versionOf(payload)) : noNotes;
  return { eventId, epoch, from, to, seats, areas, notes, ...saleStatus };
}

const noNotes: readonly HoldNote[] = [];

function readNotes(input: FrameReader, version: FrameVersion): HoldNote[] {
  const notes = new Array<HoldNote>(input.size(9));
  for (let i = 0; i < notes.length; i++) notes[i] = readNote(input);
  endFrame(input, version);
  return notes;
}

export function encodeBeat(beat: ShardBeat): Uint8Array {
  const out = openFrame(frameKinds.beat, broadcastVersion);
  out.text(beat.shardId);
  out.text(beat.incarnation);
  out.byte(beatStates.indexOf(beat.state));
  out.real(beat.weight);
  out.text(beat.host, hostBytesMax);
  out.count(beat.pid);
  out.count(beat.events);
  out.real(beat.commandsPerSecond);
  out.time(beat.sentAtMs);
  return out.copy();
}

export function decodeBeat(payload: Uint8Array): ShardBeat {
  const input = openReader(payload, frameKinds.beat);
  const beat: ShardBeat = {
    shardId: input.text(),
    incarnation: input.text(),
    state: oneOf(beatStates, input.byte()),
    weight: input.real(),
    host: input.text(hostBytesMax),
    pid: input.count(),
    events: input.count(),
    commandsPerSecond: input.real(),
    sentAtMs: input.time(),
  };
  endFrame(input, versionOf(payload));
  return beat;
}

function readNote(input: FrameReader): HoldNote {
  const what = oneOf(noteKinds, input.byte());
  const userId = input.text() as UserId;
  return { userId, holdId: input.text() as HoldId, what, deadlineMs: input.time() };
}
