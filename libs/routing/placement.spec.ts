import { describe, expect, it } from '@jest/globals';
import { chooseShard, type PlacementShard } from './placement.js';

const shard = (shardId: string, weight = 1): PlacementShard => ({
  shardId,
  weight,
  incarnation: `${shardId}-x`,
});
const events = Array.from({ length: 6_000 }, (_, i) => `evt_${i.toString(36)}`);
const three = [shard('a'), shard('b'), shard('c')];

describe('placement', () => {
  it('chooses nobody when nobody is there', () => {
    expect(chooseShard('evt_1', [])).toBeNull();
  });

  it('does not depend on the order in which shards are known', () => {
    for (const event of events.slice(0, 200)) {
      const forward = chooseShard(event, three)?.shardId;
      expect(chooseShard(event, [...three].reverse())?.shardId).toBe(forward);
    }
  });

  it('spreads events by weight', () => {
    const heavy = [shard('a', 2), shard('b', 1), shard('c', 1)];
    const counts = { a: 0, b: 0, c: 0 };
    for (const event of events) {
      counts[chooseShard(event, heavy)?.shardId as 'a' | 'b' | 'c'] += 1;
    }
    expect(counts.a / events.length).toBeCloseTo(0.5, 1);
    expect(counts.b / events.length).toBeCloseTo(0.25, 1);
    expect(counts.c / events.length).toBeCloseTo(0.25, 1);
  });

  it('moves only the events of a shard that leaves', () => {
    const two = three.filter(({ shardId }) => shardId !== 'b');
    for (const event of events) {
      const before = chooseShard(event, three)?.shardId;
      const after = chooseShard(event, two)?.shardId;
      if (before !== 'b') expect(after).toBe(before);
      else expect(after).not.toBe('b');
    }
  });

  it('gives a restarted shard its events back', () => {
    const restarted = three.map((one) => ({ ...one, incarnation: `${one.shardId}-y` }));
    for (const event of events.slice(0, 500)) {
      expect(chooseShard(event, restarted)?.shardId).toBe(chooseShard(event, three)?.shardId);
    }
  });
});
