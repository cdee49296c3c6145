import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Command } from '#libs/inventory/commands.js';
import type { CommandItem, Query } from './wire.js';
import { versionOf } from './wire-frame.js';

/**
 * A batch that says that payments wrote it: the last entry of its tail is an HMAC of all before it,
 * with a key that only payments and the shards have. It stands for itself, so a shard can refuse
 * what only payments may say even where the broker lets everybody in.
 *
 * QS1  Checked when a batch has such a command, and only then: a batch of holds costs a look at the
 *      kind of each item. A seal is for the whole batch, one HMAC.
 * QS2  A shard without the key believes unsealed commands: that is how a release without seals is
 *      upgraded (decision 0020).
 * QS3  A sealed batch that is sent once more has no second effect: command ids are inside (G4), and
 *      so are the deadlines.
 */
const onlyPayments: Readonly<Record<(Command | Query)['type'], boolean>> = {
  HoldSeats: false,
  ExtendHold: false,
  ReleaseHold: false,
  GetHold: false,
  GetSeatMap: false,
  DescribeEvent: false,
  OpenSale: false,
  CloseSale: false,
  BlockSeats: false,
  UnblockSeats: false,
  ChangeRules: false,
  CancelEvent: false,
  Tick: false,
  BeginPayment: true,
  FailPayment: true,
  BookHold: true,
  BookLate: true,
  CancelBooking: true,
};

/** Above all tags of notes: what is sealed stands before it. */
const tag = 120;
const macBytes = 16;
const sealBytes = 2 + macBytes;

/** A frame of version 1 has no tail, and stays as it is. */
export function sealed(frame: Uint8Array, key: string): Uint8Array {
  if (versionOf(frame) === 1) return frame;
  const out = new Uint8Array(frame.length + sealBytes);
  out.set(frame);
  out.set([tag, macBytes], frame.length);
  out.set(macOf(frame, key), frame.length + 2);
  return out;
}

/** True when the batch says what only payments may say, and none of their keys has sealed it. */
export function isUnproven(
  items: readonly CommandItem[],
  frame: Uint8Array,
  ...keys: readonly string[]
): boolean {
  return items.some(isOnlyPayments) && !keys.some((key) => isSealed(frame, key));
}

export const isOnlyPayments = ({ request }: CommandItem): boolean => onlyPayments[request.type];

function isSealed(frame: Uint8Array, key: string): boolean {
  const at = frame.length - sealBytes;
  if (at < 2 || versionOf(frame) === 1) return false;
  if (frame[at] !== tag || frame[at + 1] !== macBytes) return false;
  return timingSafeEqual(frame.subarray(at + 2), macOf(frame.subarray(0, at), key));
}

const macOf = (bytes: Uint8Array, key: string): Uint8Array =>
  createHmac('sha256', key).update(bytes).digest().subarray(0, macBytes);
