import { beforeEach, describe, expect, it } from '@jest/globals';
import { silentLog } from '#libs/platform/log.js';
import { systemRandom } from '#libs/platform/random.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import { encodeAnswer, encodeOverloaded, type ControlReply } from './control-call.js';
import { MemoryBroker } from './memory-broker.js';
import type { MemoryBus } from './memory-bus.js';
import { repeatedCall } from './repeated-call.js';

const repetition = { withinMs: 2_000, againMs: 500, asksMax: 3 };

let clock: VirtualClock;
let near: MemoryBus;
let far: MemoryBus;
let replies: ControlReply<string>[];
/** Where the answers to the calls that came are to go. */
let asked: string[];

beforeEach(() => {
  clock = new VirtualClock();
  const broker = new MemoryBroker({ clock, random: systemRandom, log: silentLog() });
  [near, far] = [broker.connect('near'), broker.connect('far')];
  [replies, asked] = [[], []];
});

const serve = (): unknown =>
  far.subscribe('hf.read', ({ replyTo }) => void asked.push(replyTo ?? ''));

function call(): void {
  const ports = { bus: near, clock };
  void repeatedCall<string>(ports, 'hf.read', null, repetition).then((r) => replies.push(r));
}

describe('a call that is repeated', () => {
  it('is answered by the next one when the first is silent', async () => {
    serve();
    call();
    await clock.advance(600);
    expect(asked).toHaveLength(2);
    far.publish(asked[1], encodeAnswer('second'));
    await clock.advance(2_000);
    expect([replies, asked.length]).toEqual([[{ kind: 'ok', body: 'second' }], 2]);
  });

  it('is answered by the first one, too, however late that comes (RC1)', async () => {
    serve();
    call();
    await clock.advance(1_600);
    expect(asked).toHaveLength(3);
    far.publish(asked[0], encodeAnswer('first'));
    far.publish(asked[2], encodeAnswer('third'));
    await clock.advance(1_000);
    expect(replies).toEqual([{ kind: 'ok', body: 'first' }]);
  });

  it('is over in its time, however often it was sent', async () => {
    serve();
    call();
    await clock.advance(1_990);
    expect(replies).toEqual([]);
    await clock.advance(20);
    expect([replies, asked.length]).toEqual([[{ kind: 'timeout' }], 3]);
  });

  it('is not repeated when it is known that it never ran', async () => {
    call();
    await clock.advance(3_000);
    expect(replies).toEqual([{ kind: 'no_responders' }]);
  });

  it('may have run when one refuses it and another is silent (RC2)', async () => {
    serve();
    call();
    await clock.advance(600);
    far.publish(asked[1], encodeOverloaded(700));
    await clock.advance(300);
    expect(replies).toEqual([]);
    await clock.advance(1_500);
    expect(replies).toEqual([{ kind: 'timeout' }]);
  });
});
