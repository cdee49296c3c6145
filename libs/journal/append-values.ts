import type { Batch } from './journal.js';
import type { CallValues } from './prepared-call.js';

/**
 * Turns batches into the parameters of the append statements (sql.ts). Number arrays are written as
 * Postgres array text here, which is cheaper than the driver's general conversion.
 */
export function plainValues(batches: readonly Batch[]): unknown[] {
  const starts: number[] = [];
  const sizes: number[] = [];
  let total = 0;
  for (const batch of batches) {
    starts.push(total + 1);
    sizes.push(batch.facts.byteLength);
    total += hashesBytes + batch.facts.byteLength;
  }
  const blob = Buffer.allocUnsafe(total);
  let at = 0;
  for (const batch of batches) {
    blob.set(batch.prevHash, at);
    blob.set(batch.hash, at + 32);
    blob.set(batch.facts, at + hashesBytes);
    at += hashesBytes + batch.facts.byteLength;
  }
  return [
    batches.map((batch) => batch.eventId),
    numbers(batches.map((batch) => batch.batchNo)),
    numbers(batches.map((batch) => batch.epoch)),
    numbers(batches.map((batch) => batch.firstSeq)),
    numbers(batches.map((batch) => batch.lastSeq)),
    numbers(starts),
    numbers(sizes),
    blob,
  ];
}

/** True when the batch changes nothing but the journal: the hot path. */
export function isPlain(batch: Batch): boolean {
  return batch.wakeAtMs === undefined && !hasRows(batch);
}

/** The parameters of appendSingle, for a call in the server's own formats. */
export const singleValues = (batch: Batch): CallValues => [
  batch.eventId,
  String(batch.batchNo),
  String(batch.epoch),
  String(batch.firstSeq),
  String(batch.lastSeq),
  batch.prevHash,
  batch.hash,
  batch.facts,
];

/** The parameters of plainValues() and then those of the rows that belong to the batches. */
export function fullValues(batches: readonly Batch[]): unknown[] {
  const woken = batches.filter((batch) => batch.wakeAtMs !== undefined);
  return [
    ...plainValues(batches),
    woken.map((batch) => batch.eventId),
    numbers(woken.map((batch) => batch.wakeAtMs ?? null)),
    JSON.stringify(batches.flatMap(soldRows)),
    JSON.stringify(batches.flatMap(freedRows)),
    JSON.stringify(batches.flatMap(outboxRows)),
  ];
}

/** Bytes that a batch adds to the append. */
export const bytesOf = (batch: Batch): number => hashesBytes + batch.facts.byteLength;

const hashesBytes = 64;

const numbers = (values: readonly (number | null)[]): string =>
  `{${values.map((value) => value ?? 'NULL').join()}}`;

function hasRows({ projection }: Batch): boolean {
  if (projection === null) return false;
  const { booked, cancelled, outbox } = projection;
  return booked.length + cancelled.length + outbox.length > 0;
}

function soldRows({ eventId, batchNo, projection }: Batch): unknown[] {
  return (projection?.booked ?? []).map((row) => ({
    event_id: eventId,
    batch_no: batchNo,
    booking_id: row.bookingId,
    hold_id: row.holdId,
    attempt_id: row.attemptId,
    user_id: row.userId,
    seats: row.seats,
    areas: row.areas,
    total_minor: row.totalMinor,
    at_ms: row.atMs,
  }));
}

function freedRows({ eventId, batchNo, projection }: Batch): unknown[] {
  return (projection?.cancelled ?? []).map((row) => ({
    event_id: eventId,
    batch_no: batchNo,
    booking_id: row.bookingId,
    seats: row.seats,
    whole: row.whole,
    at_ms: row.atMs,
  }));
}

function outboxRows({ eventId, batchNo, projection }: Batch): unknown[] {
  return (projection?.outbox ?? []).map((row) => ({
    event_id: eventId,
    batch_no: batchNo,
    topic: row.topic,
    key: row.key,
    payload: row.payload ?? null,
  }));
}
