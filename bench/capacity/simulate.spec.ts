import { describe, expect, it } from '@jest/globals';
import { reckonedCosts, oneMachine, tenMillion, withoutRoom } from './run-capacity.js';
import { simulate, type Part, type Sale } from './simulate.js';

const enough = (sale: Sale, part: Part): number =>
  simulate(sale, oneMachine, reckonedCosts).parts.find((use) => use.part === part)?.enough ?? NaN;

describe('The simulation of a sale', () => {
  const small: Sale = {
    ...{ buyers: 1_000, halfComeSeconds: 10, admittedPerSecond: 10, holdsEach: 2, pagesEach: 3 },
    ...{ staySeconds: 5, framesPerSecond: 1, lookEverySeconds: 10, cached: 0, seconds: 200 },
  };

  it('lets in no more than the room does, and all of them in the end', () => {
    const { holdsPerSecondMax, waitingMax } = simulate(small, oneMachine, reckonedCosts);
    expect(holdsPerSecondMax).toBe(20);
    expect(waitingMax).toBeGreaterThan(500);
    expect(waitingMax).toBeLessThan(1_000);
  });

  it('counts as present who was let in and has not gone', () => {
    const { parts } = simulate(small, oneMachine, reckonedCosts);
    const sockets = parts.find(({ part }) => part === 'sockets');
    expect(sockets?.peak).toBeCloseTo((10 * 5) / oneMachine.socketsPerGateway);
  });

  it('charges a hold to whoever works for it, at what it costs', () => {
    const dear = { ...reckonedCosts, shardHoldUs: 50_000 };
    const [shards] = simulate(small, oneMachine, dear).parts.filter(
      ({ part }) => part === 'shards',
    );
    expect(shards).toMatchObject({ peak: 1, enough: 2, fullAtSecond: 0 });
  });

  it('finds that one owner is enough for the founding numbers, and one gateway is not', () => {
    const outcome = simulate(tenMillion, oneMachine, reckonedCosts);
    expect(outcome.holdsPerSecondMax).toBe(10_000);
    expect(outcome.readsPerSecondMax).toBeGreaterThan(300_000);
    expect(enough(tenMillion, 'shards')).toBe(1);
    expect(enough(tenMillion, 'gateways')).toBeGreaterThan(10);
  });

  it('finds that caches in front save gateways, and that the room saves the owner', () => {
    expect(enough({ ...tenMillion, cached: 0.9 }, 'gateways')).toBeLessThan(
      enough(tenMillion, 'gateways'),
    );
    expect(enough(withoutRoom(tenMillion), 'shards')).toBeGreaterThan(1);
  });
});
