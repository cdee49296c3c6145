import { describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import type { Asker } from '../../admission/admission.js';
import { WebhookDoor } from './webhook-door.js';

const from = (address: string | null): Asker => ({ forwarded: address }) as unknown as Asker;

function doorAt(clock: VirtualClock): WebhookDoor {
  const keyOf = ({ forwarded }: Asker) => forwarded as string | null;
  return new WebhookDoor({ keyOf }, clock);
}

/** How many of `count` tries of one address were let in. */
function tries(door: WebhookDoor, asker: Asker, count: number, isStripe: boolean): number {
  let entered = 0;
  for (let i = 0; i < count; i += 1) {
    if (door.enter(asker) > 0) continue;
    entered += 1;
    door.leave(asker, isStripe);
  }
  return entered;
}

describe('the door of webhooks', () => {
  it('lets in whoever signs right, however often', () => {
    expect(tries(doorAt(new VirtualClock()), from('a'), 1_000, true)).toBe(1_000);
  });

  it('has few tries for an address that signs wrong, and none less for others', async () => {
    const clock = new VirtualClock();
    const door = doorAt(clock);
    expect(tries(door, from('a'), 1_000, false)).toBe(limits.badSignaturesBurst);
    expect(tries(door, from('b'), 10, true)).toBe(10);
    await clock.advance(3_000);
    expect(tries(door, from('a'), 100, false)).toBe(3);
  });

  it('knows no address that has no limits', () => {
    expect(tries(doorAt(new VirtualClock()), from(null), 100, false)).toBe(100);
  });

  it('is full when too many are under way (G8)', () => {
    const door = doorAt(new VirtualClock());
    for (let i = 0; i < limits.webhooksInFlightMax; i += 1) expect(door.enter(from('a'))).toBe(0);
    expect(door.enter(from('b'))).toBeGreaterThan(0);
    door.leave(from('a'), true);
    expect(door.enter(from('b'))).toBe(0);
  });
});
