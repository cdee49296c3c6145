import { bench, run } from 'mitata';
import {
  BatchEncoder,
  decodeCommandBatch,
  decodeReplyBatch,
  encodeCommandBatch,
  encodeReplyBatch,
  ReplyEncoder,
} from './wire-codec.js';
import type { CommandItem, ItemReply } from './wire.js';

/** The four steps of a hold on the wire, a batch of 64 at a time: divide by 64 for one hold. */
const size = 64;
const numbers = Array.from({ length: size }, (_, i) => i);

const items = numbers.map((i) => ({
  correlation: 100_000 + i,
  eventId: 'evt_arena2026finals',
  commandId: `gw1-k3b9x0q2m7ae-${i}`,
  keyed: false,
  userId: `usr_8f2kd93mzq1${i}`,
  deadlineMs: 1_800_000_005_000,
  request: {
    type: 'HoldSeats',
    holdId: `rsv_arena2026finals_q8w7e6r5t4y3u2i1${i}`,
    seats: [1_000 + 10 * i, 1_001 + 10 * i],
    areas: [],
    best: [],
  },
})) as unknown as CommandItem[];

const replies = numbers.map((i) => ({
  correlation: 100_000 + i,
  reply: {
    kind: 'answered',
    replayed: false,
    answer: {
      kind: 'accepted',
      outcome: {
        type: 'hold',
        holdId: `rsv_arena2026finals_q8w7e6r5t4y3u2i1${i}`,
        seats: [1_000 + 10 * i, 1_001 + 10 * i],
        areas: [],
        totalMinor: 25_000,
        deadlineMs: 1_800_000_300_000,
      },
    },
  },
})) as unknown as ItemReply[];

const commandFrame = encodeCommandBatch({
  version: 2,
  clientId: 'gw1abcdefgh',
  batchNo: 4_711,
  items,
});
const replyFrame = encodeReplyBatch({
  version: 2,
  incarnation: 's1-abcdef',
  releasedBatchNo: 1,
  replies,
});
const batch = new BatchEncoder();
const answers = new ReplyEncoder();

bench('encode 64 commands', () => {
  for (const item of items) batch.append(item);
  return batch.finish('gw1abcdefgh', 4_711, 2);
});
bench('decode 64 commands', () => decodeCommandBatch(commandFrame));
bench('encode 64 replies', () => {
  for (const { correlation, reply } of replies) answers.append(correlation, reply);
  return answers.finish('s1-abcdef', 4_711, 2);
});
bench('decode 64 replies', () => decodeReplyBatch(replyFrame));

await run();
