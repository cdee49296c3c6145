import { describe, expect, it } from '@jest/globals';
import type { BusReply } from '#libs/bus/bus.js';
import { encodeAnswer } from '#libs/bus/control-call.js';
import { limits } from '#libs/contracts/limits.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import { PaymentsPace } from './payments-pace.js';
import { Strain } from './strain.js';

describe('what a keeper of waiting rooms knows of payments', () => {
  it('is what one of them said last, asked now and then; else nothing', async () => {
    const clock = new VirtualClock();
    const asked: string[] = [];
    let reply: BusReply = { kind: 'reply', payload: encodeAnswer({ providerMs: 70 }) };
    const request = (subject: string) => (asked.push(subject), Promise.resolve(reply));
    const pace = new PaymentsPace({ request } as never, clock);
    expect(pace.ms).toBeNull();
    await Promise.all([pace.ask(), pace.ask()]);
    expect([pace.ms, asked]).toEqual([70, ['hf.pay.pace']]);
    reply = { kind: 'no_responders' };
    await clock.advance(limits.roomPaymentsAskMs);
    await pace.ask();
    expect([pace.ms, asked.length]).toEqual([null, 2]);
  });
});

describe('the strain of an owner', () => {
  it('is the longest wait for a turn and for the journal since it was asked', () => {
    const strain = new Strain();
    for (const ms of [3, 9, 4]) strain.waited(ms);
    for (const ms of [20, 5]) strain.appended(ms);
    expect(strain.take(0)).toBe(29);
    expect(strain.take(0)).toBe(0);
    // An append that still runs has not been counted yet.
    expect(strain.take(700)).toBe(700);
  });
});
