import { beforeEach, describe, expect, it } from '@jest/globals';
import { admissionOf, guestOf, keep, keepHead, keptOf, receiptOf } from './kept-places.js';
import { servingDoc } from './testing/room-docs.js';

const kept = new Map<string, string>();
Object.assign(globalThis, {
  localStorage: {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  },
});
const until = '2027-03-01T12:10:00Z';
const untilMs = Date.parse(until);
const headOf = (size: number, final = false) => ({ size, root: '', at: 0, final, signature: '' });

describe('what a browser keeps of waiting rooms', () => {
  beforeEach(() => kept.clear());

  it('goes with each hold while it counts, and only to the event it is for', () => {
    keep('evt_a', 'evt_a/1', { admission: { token: 't', until } });
    expect(admissionOf('evt_a', untilMs - 1)?.token).toBe('t');
    expect(admissionOf('evt_a', untilMs)).toBeNull();
    expect(admissionOf('evt_b', untilMs - 1)).toBeNull();
    expect(admissionOf('evt_a', untilMs - 1, 'evt_a/1')?.token).toBe('t');
    expect(admissionOf('evt_a', untilMs - 1, 'evt_a/2')).toBeNull();
  });

  it('is the first head that was seen, and never the last (KPL1)', () => {
    for (const head of [null, headOf(0), headOf(3), headOf(9), headOf(20, true)]) {
      keepHead('evt_a', servingDoc({ head }));
    }
    expect(keptOf('evt_a', 'evt_a/1').head?.size).toBe(3);
    keepHead('evt_b', servingDoc({ room: 'evt_b/1', head: headOf(20, true) }));
    expect(keptOf('evt_b', 'evt_b/1').head).toBeNull();
  });

  it('is the receipt of this guest, and of nobody who was here before him', () => {
    const token = 'a-guest-token-of-the-first';
    keep('evt_a', 'evt_a/1', { receipt: 'r', guest: guestOf(token) });
    expect(receiptOf('evt_a', 'evt_a/1', token)).toBe('r');
    expect(receiptOf('evt_a', 'evt_a/1', 'a-guest-token-of-the-second')).toBeNull();
    expect(receiptOf('evt_a', 'evt_a/2', token)).toBeNull();
  });

  it('is nothing of the room before (KPL2), and nothing where it cannot be read', () => {
    keep('evt_a', 'evt_a/1', { nonce: 'mine' });
    expect(keptOf('evt_a', 'evt_a/2').nonce).toBeNull();
    keep('evt_a', 'evt_a/2', { nonce: 'other' });
    expect(keptOf('evt_a', 'evt_a/2').nonce).toBe('other');
    kept.set('holdfast.rooms', '{');
    expect(keptOf('evt_a', 'evt_a/2').nonce).toBeNull();
  });
});
