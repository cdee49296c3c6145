import { describe, expect, it } from '@jest/globals';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { limits } from '#libs/contracts/limits.js';
import type { ItemReply, Reply } from '#libs/contracts/wire.js';
import { decodeReplyBatch, encodeReplyFrames } from '#libs/contracts/wire-codec.js';
import { IncomingBatch, ReplyOutbox } from './mail.js';

const late: Reply = { kind: 'too_late' };

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void;
setFlagsFromString('--no-expose-gc');

const refuseUnfit = (error: Error): never => {
  throw error;
};

describe('the replies of a shard', () => {
  it('leave in as many frames as they need, and the first one releases the batch', () => {
    const replies: ItemReply[] = Array.from({ length: 3_000 }, (_, correlation) => ({
      correlation,
      reply: late,
    }));
    const frames = encodeReplyFrames(
      {
        version: 1,
        incarnation: 'a-1',
        releasedBatchNo: 7,
        replies,
      },
      refuseUnfit,
    );
    const decoded = frames.map((frame) => decodeReplyBatch(frame));
    expect(decoded.map((frame) => frame.releasedBatchNo)).toEqual([7, 0, 0]);
    expect(decoded.flatMap((frame) => frame.replies)).toEqual(replies);
    for (const frame of frames) expect(frame.length).toBeLessThan(limits.busPayloadBytesMax);
  });

  it('are not sent again when one client could not be sent to', () => {
    const sent: string[] = [];
    let broken = true;
    const outbox = new ReplyOutbox((replyTo) => {
      sent.push(replyTo);
      if (broken) throw new Error('no');
    });
    new IncomingBatch('client', 1, 1, outbox).reply(1, late);
    expect(() => outbox.flush()).toThrow('no');
    broken = false;
    outbox.flush();
    expect(sent).toEqual(['client']);
  });

  it('release a batch once', () => {
    const released: number[] = [];
    const outbox = new ReplyOutbox((_, { releasedBatchNo }) => released.push(releasedBatchNo));
    const batch = new IncomingBatch('client', 1, 5, outbox);
    batch.release();
    batch.reply(1, late);
    outbox.flush();
    batch.reply(2, late);
    outbox.flush();
    expect(released).toEqual([5, 0]);
  });

  it('leave in the version in which they were asked for, the latest when there are two', () => {
    const versions: number[] = [];
    const outbox = new ReplyOutbox((_, { version }) => versions.push(version));
    const old = new IncomingBatch('client', 1, 1, outbox);
    const young = new IncomingBatch('client', 2, 2, outbox);
    old.reply(1, late);
    outbox.flush();
    young.reply(2, late);
    outbox.flush();
    old.reply(3, late);
    young.reply(4, late);
    outbox.flush();
    expect(versions).toEqual([1, 2, 2]);
  });

  it('die young once they were sent, however old the outbox is', () => {
    let sent = 0;
    const outbox = new ReplyOutbox((_, { replies }) => (sent += replies.length));
    const batch = new IncomingBatch('client', 1, 1, outbox);
    const ballast = (): object => ({ ...late, ballast: new Array<number>(10_000).fill(0.5) });
    outbox.add(batch, 0, { correlation: 0, reply: ballast() as Reply });
    // Twice: what the outbox holds now is old.
    collect({ type: 'minor' });
    collect({ type: 'minor' });
    outbox.flush();
    const before = process.memoryUsage().heapUsed;
    for (let correlation = 1; correlation <= 100; correlation += 1) {
      outbox.add(batch, 0, { correlation, reply: ballast() as Reply });
      outbox.flush();
      collect({ type: 'minor' });
    }
    expect(sent).toBe(101);
    // 8 MB, when one reply keeps the next.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(4_000_000);
  });
});
