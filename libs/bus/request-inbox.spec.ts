import { beforeEach, describe, expect, it } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import { systemRandom } from '#libs/platform/random.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import type { BusHandler, BusReply } from './bus.js';
import { RequestInbox } from './request-inbox.js';

const nothing = new Uint8Array(0);

/** A bus of which only the two things are there that an inbox needs. */
let clock: VirtualClock;
let connected: boolean;
let asked: string[];
let deliver: BusHandler;
let inbox: RequestInbox;

beforeEach(() => {
  clock = new VirtualClock();
  [connected, asked] = [true, []];
  const bus = {
    role: 'gateway' as const,
    publish: (_subject: string, _payload: Uint8Array, replyTo = '') => {
      if (connected) asked.push(replyTo);
      return connected;
    },
    subscribe: (_subject: string, handler: BusHandler) => {
      deliver = handler;
      return { unsubscribe: () => undefined };
    },
  };
  inbox = new RequestInbox(bus, clock, systemRandom);
});

function ask(timeoutMs: number): BusReply[] {
  const replies: BusReply[] = [];
  void inbox.request('t.ask', nothing, timeoutMs).then((reply) => replies.push(reply));
  return replies;
}

const answer = (subject: string, payload: Uint8Array, noResponders = false): void =>
  deliver({ subject, payload, replyTo: undefined, noResponders });

describe('a request', () => {
  it('ends at its deadline without an answer, and not before', async () => {
    const replies = ask(100);
    await clock.advance(99);
    expect(replies).toEqual([]);
    await clock.advance(1);
    expect(replies).toEqual([{ kind: 'timeout' }]);
  });

  it('is not answered by what comes after its deadline', async () => {
    const late = ask(100);
    await clock.advance(100);
    const next = ask(100);
    answer(asked[0], Uint8Array.of(1));
    await clock.advance(0);
    expect([late, next]).toEqual([[{ kind: 'timeout' }], []]);
  });

  it('gets the answer to its own number', async () => {
    const [first, second] = [ask(100), ask(100)];
    answer(asked[1], Uint8Array.of(2));
    answer(asked[0], nothing, true);
    await clock.advance(0);
    expect(first).toEqual([{ kind: 'no_responders' }]);
    expect(second).toEqual([{ kind: 'reply', payload: Uint8Array.of(2) }]);
  });

  it('is not sent while the bus is away', async () => {
    connected = false;
    const replies = ask(100);
    await clock.advance(0);
    expect(replies).toEqual([{ kind: 'not_sent' }]);
  });

  it('is not sent over the bound of those without an answer (G8)', async () => {
    for (let i = 0; i < limits.busRequestsMax; i += 1) ask(100);
    const over = ask(100);
    await clock.advance(0);
    expect(over).toEqual([{ kind: 'not_sent' }]);
    expect(asked).toHaveLength(limits.busRequestsMax);
    await clock.advance(100);
    ask(100);
    expect(asked).toHaveLength(limits.busRequestsMax + 1);
  });

  it('is unknown when the bus is closed', async () => {
    const replies = ask(100);
    inbox.close();
    await clock.advance(0);
    expect(replies).toEqual([{ kind: 'timeout' }]);
  });
});
