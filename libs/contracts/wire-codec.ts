import type { CommandId, EventId, UserId } from '#libs/inventory/ids.js';
import { MalformedFrame, UnknownFrameVersion, type FrameReader } from './frame-reader.js';
import { FrameWriter, ifEncodable, Unencodable } from './frame-writer.js';
import { limits } from './limits.js';
import { readRequest, writeRequest } from './wire-commands.js';
import {
  endFrame,
  frameKinds,
  frameVersions,
  joined,
  openFrame,
  openReader,
  versionOf,
  type FrameVersion,
} from './wire-frame.js';
import { hasNotes, ItemNotes, readItemNotes } from './wire-item-notes.js';
import { readReply, writeReply } from './wire-replies.js';
import type { CommandBatch, CommandItem, ItemReply, Reply, ReplyBatch } from './wire.js';

/**
 * The frames between the clients of the inventory and the shards, see wire.ts. How two versions of
 * the software share a bus is in wire-frame.ts. What is no frame is MalformedFrame, what is one of
 * an unknown version UnknownFrameVersion, and both say that nothing of it was executed.
 *
 * Written by hand rather than with a general codec: this is the hot path. Against msgpackr on
 * positional arrays all four steps of a hold take a fifth less time and a fifth fewer bytes, and
 * reading typed fields checks them on the way.
 */
export {
  frameVersions,
  ifEncodable,
  MalformedFrame,
  Unencodable,
  UnknownFrameVersion,
  type FrameVersion,
};
export { decodeBeat, decodeDiff, encodeBeat, encodeDiff } from './wire-broadcasts.js';
export * from './wire-versions.js';

/**
 * A batch that grows command by command during a tick of the client. Reusable: `finish` gives the
 * payload and empties it. Each event id is written once a batch.
 */
export class BatchEncoder {
  private readonly out = new FrameWriter(16 * 1024);
  private readonly events = new Map<string, number>();
  private items = 0;
  /** Made with the first item that has some. */
  private notes: ItemNotes | null = null;

  get itemCount(): number {
    return this.items;
  }

  /** Bytes of the items so far; the head of the frame and its tail are not counted. */
  get byteLength(): number {
    return this.out.length;
  }

  /**
   * False: the batch is full (batchItemsMax, batchBytesMax) and the item is not in it.
   * Throws Unencodable when the item could not be in any batch; the batch is as it was.
   */
  append(item: CommandItem): boolean {
    if (this.items === limits.batchItemsMax) return false;
    const start = this.out.length;
    const known = this.events.size;
    try {
      writeItem(this.out, this.events, item);
    } catch (error) {
      this.undo(start, known, item);
      throw error;
    }
    if (this.out.length > limits.batchBytesMax) {
      this.undo(start, known, item);
      if (this.items === 0) throw new Unencodable('a command is larger than a batch');
      return false;
    }
    if (hasNotes(item)) this.note(start, known, item);
    this.items += 1;
    return true;
  }

  /** In version 1 what the items have of `by` and `trace` is left out: readers imply it (Z2). */
  finish(clientId: string, batchNo: number, version: FrameVersion): Uint8Array {
    const head = openFrame(frameKinds.commands, version);
    head.text(clientId);
    head.count(batchNo);
    head.count(this.items);
    const tail = this.notes?.finish();
    const hasTail = version !== 1 && tail !== undefined && tail.length > 0;
    const payload = hasTail ? joined(head, this.out, tail) : joined(head, this.out);
    this.out.rewind(0);
    this.events.clear();
    this.items = 0;
    return payload;
  }

  private note(start: number, known: number, item: CommandItem): void {
    try {
      this.notes ??= new ItemNotes();
      this.notes.add(this.items, item);
    } catch (error) {
      this.undo(start, known, item);
      throw error;
    }
  }

  private undo(start: number, known: number, item: CommandItem): void {
    this.out.rewind(start);
    if (this.events.size > known) this.events.delete(item.eventId);
  }
}

export function encodeCommandBatch(batch: CommandBatch): Uint8Array {
  const encoder = new BatchEncoder();
  for (const item of batch.items) {
    if (!encoder.append(item)) throw new Unencodable('more commands than a batch may have');
  }
  return encoder.finish(batch.clientId, batch.batchNo, batch.version);
}

export function decodeCommandBatch(payload: Uint8Array): CommandBatch {
  const input = openReader(payload, frameKinds.commands);
  const clientId = input.text();
  const batchNo = input.count();
  const size = input.size();
  if (size > limits.batchItemsMax) throw new MalformedFrame('too many commands');
  const events: EventId[] = [];
  const items = new Array<CommandItem>(size);
  for (let i = 0; i < size; i++) items[i] = readItem(input, events);
  const version = versionOf(payload);
  endFrame(input, version, (tag, entry) => readItemNotes(items, tag, entry));
  return { version, clientId, batchNo, items };
}

/** Replies collected until the output gate opens. Reusable, like BatchEncoder. */
export class ReplyEncoder {
  private readonly out = new FrameWriter(16 * 1024);
  private items = 0;

  get itemCount(): number {
    return this.items;
  }

  get byteLength(): number {
    return this.out.length;
  }

  /** False: the frame is full; finish it and append again. */
  append(correlation: number, reply: Reply): boolean {
    if (this.items === limits.batchItemsMax) return false;
    const start = this.out.length;
    try {
      this.out.count(correlation);
      writeReply(this.out, reply);
    } catch (error) {
      this.out.rewind(start);
      if (this.items > 0 && error instanceof Unencodable) return false;
      throw error;
    }
    if (this.items > 0 && this.out.length > limits.batchBytesMax) {
      this.out.rewind(start);
      return false;
    }
    this.items += 1;
    return true;
  }

  clear(): void {
    this.out.rewind(0);
    this.items = 0;
  }

  finish(incarnation: string, releasedBatchNo: number, version: FrameVersion): Uint8Array {
    const head = openFrame(frameKinds.replies, version);
    head.text(incarnation);
    head.count(releasedBatchNo);
    head.count(this.items);
    const payload = joined(head, this.out);
    this.clear();
    return payload;
  }
}

/** One for all frames: a buffer for each is memory outside of the heap, taken and given back. */
const replyFrames = new ReplyEncoder();

/**
 * As many frames as the replies need; the first one carries the release. A reply that fits no frame
 * becomes an error that its caller understands, and is told: the others go on.
 */
export function encodeReplyFrames(
  batch: ReplyBatch,
  unfit: (error: Unencodable) => void,
): Uint8Array[] {
  const encoder = replyFrames;
  // A reply that could not be encoded may have left others behind.
  encoder.clear();
  const frames: Uint8Array[] = [];
  const close = (): void => {
    const released = frames.length === 0 ? batch.releasedBatchNo : 0;
    frames.push(encoder.finish(batch.incarnation, released, batch.version));
  };
  for (const { correlation, reply } of batch.replies) {
    if (encoder.itemCount > 0) {
      if (encoder.append(correlation, reply)) continue;
      close();
    }
    if (ifEncodable(() => encoder.append(correlation, reply), unfit) !== null) continue;
    encoder.append(correlation, insteadOf(reply));
  }
  close();
  return frames;
}

/** More patience than any call has: its client gives up at once, and tries again in vain. */
const unfitRetryMs = 60_000;

/** A question was not executed; what became of a command is not told here. */
function insteadOf({ kind }: Reply): Reply {
  const executed = kind === 'found' ? 'no' : 'unknown';
  return { kind: 'unavailable', retryAfterMs: unfitRetryMs, executed };
}

export function encodeReplyBatch(batch: ReplyBatch): Uint8Array {
  const encoder = new ReplyEncoder();
  for (const { correlation, reply } of batch.replies) {
    if (!encoder.append(correlation, reply)) throw new Unencodable('more than a frame may have');
  }
  return encoder.finish(batch.incarnation, batch.releasedBatchNo, batch.version);
}

export function decodeReplyBatch(payload: Uint8Array): ReplyBatch {
  const input = openReader(payload, frameKinds.replies);
  const incarnation = input.text();
  const releasedBatchNo = input.count();
  const size = input.size(2);
  if (size > limits.batchItemsMax) throw new MalformedFrame('too many replies');
  const replies = new Array<ItemReply>(size);
  for (let i = 0; i < size; i++) {
    replies[i] = { correlation: input.count(), reply: readReply(input) };
  }
  const version = versionOf(payload);
  endFrame(input, version);
  return { version, incarnation, releasedBatchNo, replies };
}

function writeItem(out: FrameWriter, events: Map<string, number>, item: CommandItem): void {
  out.count(item.correlation);
  const event = events.get(item.eventId);
  if (event !== undefined) out.count(event);
  else {
    out.count(events.size);
    out.text(item.eventId);
    events.set(item.eventId, events.size);
  }
  out.text(item.commandId);
  out.flag(item.keyed);
  out.text(item.userId);
  out.time(item.deadlineMs);
  writeRequest(out, item.request);
}

function readItem(input: FrameReader, events: EventId[]): CommandItem {
  const correlation = input.count();
  const event = input.count();
  if (event > events.length) throw new MalformedFrame('unknown event number');
  if (event === events.length) {
    const eventId = input.text() as EventId;
    if (events.includes(eventId)) throw new MalformedFrame('an event is named twice');
    events.push(eventId);
  }
  return {
    correlation,
    eventId: events[event],
    commandId: input.text() as CommandId,
    keyed: input.flag(),
    userId: input.text() as UserId,
    deadlineMs: input.time(),
    request: readRequest(input),
  };
}
