import { describe, expect, it } from '@jest/globals';

import type { Caller } from '../auth/authenticator.js';
import type { EdgeResponse } from '../edge/edge.js';
import { addressBytes } from '../edge/remote-address.js';
import { AddressMarks } from './address-marks.js';
import { Admission } from './admission.js';

const secret = 's'.repeat(32);
const admission = new Admission({ loopbackUnlimited: true, proxies: null });
const open = (withSecret = secret, keptMax?: number): ((address: string) => string | null) => {
  const marks = new AddressMarks(withSecret, admission, keptMax);
  return (address) => marks.of({ res: responseTo(address), forwarded: '' });
};
const responseTo = (address: string): EdgeResponse =>
  ({ getRemoteAddress: () => addressBytes(address) }) as EdgeResponse;

describe('the mark of an address', () => {
  it('is the same at every gateway, and another one for another address or secret', () => {
    const mark = open()('192.0.2.1');
    expect(mark).toMatch(/^[A-Za-z0-9_-]{11}$/);
    expect(open()('192.0.2.1')).toBe(mark);
    expect(open()('192.0.2.2')).not.toBe(mark);
    expect(open('t'.repeat(32))('192.0.2.1')).not.toBe(mark);
  });

  it('is one for an IPv6 /64, and for an address that came through an IPv6 socket', () => {
    const mark = open();
    expect(mark('2001:db8:1:2::1')).toBe(mark('2001:db8:1:2:ffff::9'));
    expect(mark('2001:db8:1:2::1')).not.toBe(mark('2001:db8:1:3::1'));
    expect(mark('::ffff:192.0.2.1')).toBe(mark('192.0.2.1'));
  });

  it('is kept for a bounded number of addresses', () => {
    const marks = new AddressMarks(secret, admission, 3);
    for (let i = 0; i < 10; i += 1) marks.of({ res: responseTo(`192.0.2.${i}`), forwarded: '' });
    expect(marks.size).toBeLessThanOrEqual(3);
    expect(marks.of({ res: responseTo('192.0.2.1'), forwarded: '' })).toBe(open()('192.0.2.1'));
  });

  it('is asked for once while a caller’s requests are prepaid', () => {
    const marks = new AddressMarks(secret, admission);
    let asked = 0;
    const res = {
      getRemoteAddress: () => ((asked += 1), addressBytes('192.0.2.1')),
    } as unknown as EdgeResponse;
    const caller = { addressKey: undefined } as Caller;
    const mark = marks.ofCaller({ res, forwarded: '' }, caller);
    expect([marks.ofCaller({ res, forwarded: '' }, caller), asked]).toEqual([mark, 1]);
    caller.addressKey = undefined;
    expect([marks.ofCaller({ res, forwarded: '' }, caller), asked]).toEqual([mark, 2]);
  });

  it('is not made of who has no limit', () => {
    expect(open()('127.0.0.1')).toBeNull();
  });
});
