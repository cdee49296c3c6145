import { assert } from '../assert.js';
import { readBy, writeBy } from './by-codec.js';
import { ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import {
  factKinds,
  factLevelOldest,
  levelOf,
  levelWithBy,
  typeOfKind,
  UnknownFactKind,
  versionAt,
} from './fact-kinds.js';
import { payloadReaders, writePayload } from './fact-payloads.js';
import type { Cause, Fact } from '../facts.js';
import type { CommandId } from '../ids.js';
import { byOfOld, upcast } from './upcasters.js';

/**
 * Facts as the journal keeps them, one after the other:
 *
 *   kind (top bit: has a cause) | version | time since the fact before | cause? | by? | payload
 *
 * The first time is absolute. No facts are no bytes. Who caused it is there from level 2 on. The
 * same facts are always the same bytes at a level; below the newest they lose what it added. Bytes
 * that were not written by encodeFacts are refused with CorruptBytes or UnknownFactKind.
 */
const causeBit = 0x80;

/** Reused: a batch is encoded without an await, and leaves as a copy. */
const shared = new ByteWriter();

/** `level`: see fact-kinds.ts; every program that will read the bytes must know it. */
export function encodeFacts(facts: readonly Fact[], level: number): Uint8Array {
  const saysWho = level >= levelWithBy;
  let lastMs = 0;
  // What an assertion left behind half written must not become part of another event's batch.
  shared.clear();
  for (let i = 0; i < facts.length; i++) {
    const fact = facts[i];
    const { kind } = factKinds[fact.type];
    const version = versionAt(fact, level);
    assert(version > 0, 'a fact is written at a level that knows its kind');
    shared.byte(fact.cause === undefined ? kind : kind | causeBit);
    shared.byte(version);
    shared.int(fact.atMs - lastMs);
    lastMs = fact.atMs;
    if (fact.cause !== undefined) {
      shared.text(fact.cause.commandId);
      shared.int32(fact.cause.fingerprint);
    }
    if (saysWho) writeBy(shared, fact.by);
    writePayload(shared, fact, version);
  }
  return shared.take();
}

export function decodeFacts(bytes: Uint8Array): Fact[] {
  const reader = new FactReader(bytes);
  const facts: Fact[] = [];
  while (!reader.isAtEnd) facts.push(reader.next());
  return facts;
}

/** Facts one by one, as they are asked for: a batch may have thousands. */
export class FactReader {
  private readonly from: ByteReader;
  private lastMs = 0;

  constructor(bytes: Uint8Array) {
    this.from = new ByteReader(bytes);
  }

  get isAtEnd(): boolean {
    return this.from.isAtEnd;
  }

  /** Bytes that were read. */
  get position(): number {
    return this.from.position;
  }

  next(): Fact {
    const fact = readFact(this.from, this.lastMs);
    this.lastMs = fact.atMs;
    return fact;
  }
}

/** The lowest level at which all of these facts are written. */
export function factLevelOf(bytes: Uint8Array): number {
  const from = new ByteReader(bytes);
  let level = factLevelOldest;
  let lastMs = 0;
  while (!from.isAtEnd) {
    const { position } = from;
    const { type, atMs } = readFact(from, lastMs);
    const version = from.bytes[position + 1];
    level = Math.max(level, levelOf(type, version));
    lastMs = atMs;
  }
  return level;
}

function readFact(from: ByteReader, lastMs: number): Fact {
  const head = from.byte();
  const version = from.byte();
  const kind = head & ~causeBit;
  const type = typeOfKind[kind];
  if (type === undefined) throw new UnknownFactKind(kind, version);
  const read = payloadReaders[type][version - 1];
  if (read === undefined) throw new UnknownFactKind(kind, version);
  const atMs = from.timeAfter(lastMs);
  const cause = (head & causeBit) === 0 ? undefined : readCause(from);
  if (type === 'CommandRefused' && cause === undefined) from.fail('a refusal without a command');
  const saysWho = version >= factKinds[type].versionWithBy;
  const by = saysWho ? readBy(from) : byOfOld(type, cause !== undefined);
  const fields = read(from, { type, atMs, by, cause });
  const current = version === factKinds[type].version ? fields : upcast(type, version, fields);
  return current as unknown as Fact;
}

function readCause(from: ByteReader): Cause {
  return { commandId: from.text() as CommandId, fingerprint: from.int32() };
}
