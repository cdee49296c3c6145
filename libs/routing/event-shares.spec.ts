import { describe, expect, it } from '@jest/globals';
import type { EventId } from '#libs/inventory/ids.js';
import { EventShares, type EventShare } from './event-shares.js';

const named = (name: string | number): EventId => `evt_${name}` as EventId;

/** As many places as the event can get, at most `wanted`. */
function flood(shares: EventShares, eventId: EventId, wanted = Infinity): EventShare[] {
  const places: EventShare[] = [];
  while (places.length < wanted) {
    const place = shares.take(eventId);
    if (place === null) break;
    places.push(place);
  }
  return places;
}

describe('the places that events wait in', () => {
  it('are half for an event that nobody answers for, however much it asks', () => {
    const shares = new EventShares(100);
    expect(flood(shares, named('stuck'))).toHaveLength(50);
    expect(shares.atTheirShare()).toEqual([named('stuck')]);
    expect(flood(shares, named('other'), 20)).toHaveLength(20);
  });

  it('leave a place in k + 1 when there are k such events', () => {
    const shares = new EventShares(1_000);
    for (let round = 0; round < 1_000; round += 1) {
      for (let event = 0; event < 9; event += 1) shares.take(named(event));
    }
    expect(shares.taken).toBe(900);
    expect(flood(shares, named('other'), 40)).toHaveLength(40);
  });

  it('are never more than there are', () => {
    const shares = new EventShares(8);
    for (let event = 0; event < 100; event += 1) flood(shares, named(event));
    expect(shares.taken).toBe(8);
  });

  it('are there again when they were given back', () => {
    const shares = new EventShares(10);
    const places = flood(shares, named('one'));
    expect(shares.take(named('one'))).toBeNull();
    for (const place of places) shares.giveBack(place);
    expect([shares.taken, shares.atTheirShare()]).toEqual([0, []]);
    expect(flood(shares, named('one'))).toHaveLength(5);
  });
});
