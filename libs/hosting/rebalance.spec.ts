import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EventId } from '#libs/inventory/ids.js';
import { chooseShard } from '#libs/routing/placement.js';
import {
  planRebalance,
  type RebalanceEvent,
  type RebalanceInput,
  type RebalancePlan,
  type RebalanceShard,
} from './rebalance.js';
import { rebalanceRules } from './rebalancer.js';

const shard = (shardId: string, over: Partial<RebalanceShard> = {}): RebalanceShard => ({
  shardId,
  incarnation: `${shardId}-x`,
  weight: 1,
  state: 'active',
  suspect: false,
  ...over,
});
const event = (name: string, owner: string, over: Partial<RebalanceEvent> = {}) => ({
  eventId: `evt_${name}` as EventId,
  owner: `${owner}-x`,
  pinnedTo: null,
  epoch: 1,
  places: 500,
  commandsPerSecond: 0,
  onSale: true,
  ownedMs: 1e6,
  ...over,
});
/** Events where placement puts them. */
const placed = (count: number, shards: readonly RebalanceShard[]): RebalanceEvent[] =>
  Array.from({ length: count }, (_, i) => {
    const name = i.toString(36);
    return event(name, chooseShard(`evt_${name}`, shards)?.shardId ?? '');
  });
const rules = rebalanceRules({ movesMax: 100_000 });
const plan = (shards: readonly RebalanceShard[], events: readonly RebalanceEvent[]) =>
  planRebalance({ shards, events }, rules);

/** What the world looks like when the plan was carried out. */
function carriedOut({ shards, events }: RebalanceInput, { moves }: RebalancePlan): RebalanceInput {
  const to = new Map(moves.map((move) => [move.eventId, move.to]));
  const moved = events.map((one) => ({ ...one, owner: to.get(one.eventId) ?? one.owner }));
  return { shards, events: moved };
}

const three = [shard('a'), shard('b'), shard('c')];

describe('the plan of a rebalance', () => {
  it('is empty while every event is where placement puts it', () => {
    expect(plan(three, placed(300, three)).moves).toEqual([]);
    expect(plan([], []).suspended).toBe('no shard takes events');
  });

  it('moves no more than its share to a shard that was added', () => {
    for (const count of [30, 300, 2_000]) {
      const events = placed(count, three);
      const four = [...three, shard('d')];
      const { moves, loads } = plan(four, events);
      expect(moves.length).toBeLessThanOrEqual(Math.ceil(count / 4) + 1);
      expect(new Set(moves.map(({ to }) => to))).toEqual(new Set(['d-x']));
      const added = loads.find(({ shardId }) => shardId === 'd');
      expect(added?.before).toBe(0);
      expect(added?.after).toBeGreaterThan(0.6);
    }
  });

  it('converges: the plan after the plan is empty, and each one evens the load', () => {
    const load = fc.record({
      rate: fc.double({ min: 0, max: 500, noNaN: true }),
      places: fc.nat({ max: 50_000 }),
      owner: fc.constantFrom('a', 'b', 'c', 'd'),
    });
    const weights = fc.array(fc.double({ min: 0.5, max: 4, noNaN: true }), {
      minLength: 4,
      maxLength: 4,
    });
    fc.assert(
      fc.property(fc.array(load, { maxLength: 60 }), weights, (all, weight) => {
        const shards = ['a', 'b', 'c', 'd'].map((id, i) => shard(id, { weight: weight[i] }));
        const events = all.map(({ rate, places, owner }, i) =>
          event(String(i), owner, { commandsPerSecond: rate, places, onSale: false }),
        );
        const input = { shards, events };
        const first = planRebalance(input, rules);
        expect(unevenness(first, shards, 'after')).toBeLessThanOrEqual(
          unevenness(first, shards, 'before') + 1e-9,
        );
        expect(planRebalance(carriedOut(input, first), rules).moves).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('causes no ping-pong when a shard runs at half speed and loads flicker', () => {
    const four = [...three, shard('d')];
    let events: readonly RebalanceEvent[] = placed(200, three);
    const moved = new Map<EventId, number>();
    for (let round = 0; round < 40; round += 1) {
      events = events.map((one, i) => {
        const slow = one.owner === 'b-x' ? 0.5 : 1;
        return { ...one, commandsPerSecond: slow * ((i * 7 + round * 13) % 19) };
      });
      const next = planRebalance({ shards: four, events }, rebalanceRules());
      for (const { eventId } of next.moves) moved.set(eventId, (moved.get(eventId) ?? 0) + 1);
      events = carriedOut({ shards: four, events }, next).events;
    }
    expect(moved.size).toBeGreaterThan(20);
    expect(Math.max(...moved.values())).toBe(1);
  });

  it('leaves hot events on sale where they are, unless they are included', () => {
    const elsewhere = ['a', 'b', 'c'].find((id) => chooseShard('evt_hot', three)?.shardId !== id)!;
    const hot = event('hot', elsewhere, { commandsPerSecond: 5_000 });
    const { moves, kept } = plan(three, [hot]);
    expect([moves, kept.hot]).toEqual([[], 1]);
    const included = planRebalance(
      { shards: three, events: [hot] },
      rebalanceRules({ includeHot: true }),
    );
    // A hot event alone is a whole shard's load wherever it is.
    expect(included.kept).toEqual({ hot: 0, recent: 0, balanced: 1 });
    const closed = plan(three, [{ ...hot, onSale: false }]);
    expect(closed.kept.hot).toBe(0);
  });

  it('leaves events alone that moved a moment ago', () => {
    const events = placed(100, three).map((one) => ({ ...one, ownedMs: 1_000 }));
    const { moves, kept } = plan([...three, shard('d')], events);
    expect(moves).toEqual([]);
    expect(kept.recent).toBeGreaterThan(10);
  });

  it('sends an event to the shard it is pinned to, even or not', () => {
    const events = placed(30, three);
    const target = events[0].owner === 'a-x' ? 'b' : 'a';
    const { moves } = plan(three, [{ ...events[0], pinnedTo: target }, ...events.slice(1)]);
    expect(moves).toEqual([
      {
        eventId: events[0].eventId,
        from: events[0].owner,
        to: `${target}-x`,
        epoch: 1,
        why: 'pin',
      },
    ]);
  });

  it.each([
    ['is suspect', { suspect: true }, 'd-x is suspect'],
    ['gives its events away', { state: 'draining' }, 'd-x is draining'],
  ] as const)('is empty while a shard %s, and says so', (_, over, suspended) => {
    const shards = [...three, shard('d', over)];
    const result = plan(shards, [...placed(50, [shard('a')])]);
    expect(result).toMatchObject({ moves: [], suspended });
  });

  it('takes nothing from a cordoned shard and gives nothing to it', () => {
    const shards = [shard('a'), shard('b'), shard('c', { state: 'cordoned' })];
    const { moves } = plan(shards, [...placed(50, [shard('c')]), ...placed(60, [shard('a')])]);
    expect(moves.length).toBeGreaterThan(10);
    expect(new Set(moves.map(({ from, to }) => `${from} ${to}`))).toEqual(new Set(['a-x b-x']));
  });

  it('keeps to the greatest number of moves and says what the loads are then', () => {
    const input = { shards: [...three, shard('d')], events: placed(300, three) };
    const { moves, loads } = planRebalance(input, rebalanceRules({ movesMax: 5 }));
    expect(moves).toHaveLength(5);
    expect(loads.find(({ shardId }) => shardId === 'd')?.after).toBeLessThan(0.1);
  });
});

/** Sum of load^2 / weight, as the plan reports loads. */
function unevenness(
  { loads }: RebalancePlan,
  shards: readonly RebalanceShard[],
  when: 'before' | 'after',
): number {
  return loads.reduce((sum, load, i) => sum + load[when] ** 2 * shards[i].weight, 0);
}
