import { describe, expect, it } from '@jest/globals';
import type { Mail } from '#libs/actor/mail.js';
import type { EventId } from '#libs/inventory/ids.js';
import { ActivationQueue } from './activation-queue.js';
import { Slot } from './slot.js';

const slot = (name: string, mails = 0): Slot => {
  const made = new Slot(name as EventId);
  made.ownerWanted = true;
  for (let i = 0; i < mails; i += 1) made.mailbox.push({} as Mail);
  return made;
};

function drained(queue: ActivationQueue): string[] {
  const names: string[] = [];
  for (let next = queue.take(); next !== undefined; next = queue.take()) names.push(next.eventId);
  return names;
}

describe('the queue of events that start', () => {
  it('starts events with commands before those that only have something due', () => {
    const queue = new ActivationQueue();
    for (const one of [
      slot('due1'),
      slot('due2'),
      slot('hot1', 3),
      slot('due3'),
      slot('hot2', 1),
    ]) {
      queue.push(one);
    }
    expect(queue.length).toBe(5);
    expect(drained(queue)).toEqual(['hot1', 'hot2', 'due1', 'due2', 'due3']);
    expect(queue.length).toBe(0);
  });

  it('does not let strangers who look at many events stand before those who buy', () => {
    const queue = new ActivationQueue();
    const looked = slot('looked', 500);
    looked.ownerWanted = false;
    const bought = slot('bought', 300);
    bought.ownerWanted = false;
    for (const one of [looked, bought, slot('sells', 1)]) queue.push(one);
    expect(queue.quiet).toBe(2);
    bought.ownerWanted = true;
    queue.promote(bought);
    expect(drained(queue)).toEqual(['bought', 'sells', 'looked']);
  });

  it('starts those that sell most first, and notices when that changes', () => {
    const queue = new ActivationQueue();
    const grows = slot('grows', 1);
    for (const one of [grows, slot('few', 2), slot('many', 100), slot('some', 9)]) queue.push(one);
    for (let i = 0; i < 60; i += 1) {
      grows.mailbox.push({} as Mail);
      queue.promote(grows);
    }
    expect(queue.length).toBe(4);
    expect(drained(queue)).toEqual(['many', 'grows', 'some', 'few']);
  });

  it('keeps back those that nobody has asked for', () => {
    const queue = new ActivationQueue();
    queue.push(slot('due'));
    expect(queue.take(false)).toBeUndefined();
    queue.push(slot('hot', 1));
    expect(queue.quiet).toBe(1);
    expect(queue.take(false)?.eventId).toBe('hot');
    expect(queue.take()?.eventId).toBe('due');
  });

  it('lets an event pass the others when its first command comes, and only once', () => {
    const queue = new ActivationQueue();
    const [first, second] = [slot('first'), slot('second')];
    queue.push(first);
    queue.push(second);
    queue.promote(second);
    expect(queue.take()).toBe(first);
    queue.push(first);
    second.mailbox.push({} as Mail);
    queue.promote(second);
    queue.promote(second);
    expect(drained(queue)).toEqual(['second', 'first']);
    queue.promote(second);
    expect(queue.take()).toBeUndefined();
  });
});
