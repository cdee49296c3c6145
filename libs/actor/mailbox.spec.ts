import { describe, expect, it } from '@jest/globals';
import { Mailbox } from './mailbox.js';

describe('a mailbox', () => {
  it('gives items back in the order in which they came, over many turns of the ring', () => {
    const mailbox = new Mailbox<number>(1_000);
    const seen: number[] = [];
    let next = 0;
    for (let round = 0; round < 200; round += 1) {
      for (let i = 0; i < (round % 7) + 1; i += 1) mailbox.push(next++);
      for (let i = 0; i < round % 5; i += 1) {
        const item = mailbox.shift();
        if (item !== undefined) seen.push(item);
      }
    }
    for (let item = mailbox.shift(); item !== undefined; item = mailbox.shift()) seen.push(item);
    expect(seen).toEqual(Array.from({ length: next }, (_, i) => i));
  });

  it('refuses what goes over its bound and takes again once there is room', () => {
    const mailbox = new Mailbox<number>(20);
    for (let i = 0; i < 20; i += 1) expect(mailbox.push(i)).toBe(true);
    expect(mailbox.push(20)).toBe(false);
    expect(mailbox.length).toBe(20);
    expect(mailbox.shift()).toBe(0);
    expect(mailbox.push(20)).toBe(true);
    expect(mailbox.peek()).toBe(1);
  });

  it('is empty at the end', () => {
    const mailbox = new Mailbox<string>(2);
    mailbox.push('a');
    mailbox.shift();
    expect(mailbox.peek()).toBeUndefined();
    expect(mailbox.shift()).toBeUndefined();
  });
});
