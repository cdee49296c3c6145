import type { EventId } from '#libs/inventory/ids.js';
import { choiceAmong } from './takeover.js';

/**
 * Plans which events should change shards. Pure: the same input gives the same plan.
 *
 * An event only ever goes where placement wants it, so it moves at most once as long as the shards
 * stay the same: load decides whether it is worth moving, never where to. That is what keeps a
 * shard that becomes slow, or an event that becomes hot, from causing ping-pong.
 *
 * R1  A move is planned only from a shard that carries more, by weight, to one that carries less
 *     than its share, and only while one of the two is off its share by more than the hysteresis.
 *     Each one lowers sum(load^2 / weight), so plans that are carried out converge.
 * R2  An event whose live pin names another shard moves in any case.
 * R3  Hot events on sale, and events that changed shards a moment ago, stay, unless included.
 * R4  While a shard is suspect or gives its events away, nothing is planned.
 */
export interface RebalanceInput {
  readonly shards: readonly RebalanceShard[];
  readonly events: readonly RebalanceEvent[];
}

export interface RebalanceShard {
  readonly shardId: string;
  readonly incarnation: string;
  readonly weight: number;
  readonly state: 'active' | 'cordoned' | 'draining' | 'stopped';
  /** Live, but quieter than it should be. */
  readonly suspect: boolean;
}

export interface RebalanceEvent {
  readonly eventId: EventId;
  /** Incarnation. */
  readonly owner: string;
  readonly pinnedTo: string | null;
  readonly epoch: number;
  /** Seats and area places: memory. */
  readonly places: number;
  readonly commandsPerSecond: number;
  readonly onSale: boolean;
  /** Since its owner began to serve it. */
  readonly ownedMs: number;
}

export interface RebalanceRules {
  /** 0.1: a shard may be off its share by a tenth. */
  readonly hysteresis: number;
  readonly hotCommandsPerSecond: number;
  readonly includeHot: boolean;
  readonly gapMs: number;
  readonly movesMax: number;
}

export interface PlannedMove {
  readonly eventId: EventId;
  /** Incarnations. */
  readonly from: string;
  readonly to: string;
  readonly epoch: number;
  readonly why: 'pin' | 'balance';
}

export interface RebalancePlan {
  /** Not null: nothing is planned, and why. */
  readonly suspended: string | null;
  readonly moves: readonly PlannedMove[];
  /** Per shard, by weight, 1 = its share: now, and when the plan is carried out. */
  readonly loads: readonly ShardLoad[];
  /** Events that placement wants elsewhere but that stay, by reason. */
  readonly kept: { readonly hot: number; readonly recent: number; readonly balanced: number };
}

export interface ShardLoad {
  readonly shardId: string;
  readonly before: number;
  readonly after: number;
}

export function planRebalance(input: RebalanceInput, rules: RebalanceRules): RebalancePlan {
  const suspended = reasonToWait(input.shards);
  const balance = new Balance(input);
  const before = balance.relative();
  const kept = { hot: 0, recent: 0, balanced: 0 };
  const moves: PlannedMove[] = [];
  if (suspended === null) {
    const { pinned, candidates } = sort(input, balance.active, rules, kept);
    for (const candidate of pinned.slice(0, rules.movesMax)) {
      take(candidate, 'pin', balance, moves);
    }
    kept.balanced = balanceOut(candidates, rules, balance, moves);
  }
  const after = balance.relative();
  const loads = balance.active.map(({ shardId, incarnation }) => ({
    shardId,
    before: before.get(incarnation) ?? 0,
    after: after.get(incarnation) ?? 0,
  }));
  return { suspended, moves, loads, kept };
}

interface Candidate {
  readonly event: RebalanceEvent;
  readonly to: RebalanceShard;
}

function reasonToWait(shards: readonly RebalanceShard[]): string | null {
  const suspect = shards.find((shard) => shard.suspect);
  if (suspect !== undefined) return `${suspect.incarnation} is suspect`;
  const draining = shards.find((shard) => shard.state === 'draining');
  if (draining !== undefined) return `${draining.incarnation} is draining`;
  return shards.some((shard) => shard.state === 'active') ? null : 'no shard takes events';
}

/** Events on a cordoned shard stay there: a cordon keeps new ones out, a drain empties it. */
function sort(
  { events }: RebalanceInput,
  active: readonly RebalanceShard[],
  rules: RebalanceRules,
  kept: { hot: number; recent: number },
): { readonly pinned: readonly Candidate[]; readonly candidates: readonly Candidate[] } {
  const pinned: Candidate[] = [];
  const candidates: Candidate[] = [];
  const owners = new Set(active.map((shard) => shard.incarnation));
  const inOrder = [...events].sort((a, b) => (a.eventId < b.eventId ? -1 : 1));
  for (const event of inOrder) {
    const to = choiceAmong(active, event);
    if (to === null || to.incarnation === event.owner || !owners.has(event.owner)) continue;
    const hot = event.onSale && event.commandsPerSecond >= rules.hotCommandsPerSecond;
    if (hot && !rules.includeHot) kept.hot += 1;
    else if (event.ownedMs < rules.gapMs) kept.recent += 1;
    else if (to.shardId === event.pinnedTo) pinned.push({ event, to });
    else candidates.push({ event, to });
  }
  return { pinned, candidates };
}

/** Passes over the candidates until one changes nothing. Returns how many stay. */
function balanceOut(
  candidates: readonly Candidate[],
  rules: RebalanceRules,
  balance: Balance,
  moves: PlannedMove[],
): number {
  let left = candidates;
  for (let before = -1; before !== left.length;) {
    before = left.length;
    left = left.filter((candidate) => {
      if (moves.length >= rules.movesMax) return true;
      if (!balance.improves(candidate, rules.hysteresis)) return true;
      take(candidate, 'balance', balance, moves);
      return false;
    });
  }
  return left.length;
}

function take(
  { event, to }: Candidate,
  why: PlannedMove['why'],
  balance: Balance,
  moves: PlannedMove[],
): void {
  balance.move(event, to.incarnation);
  const { eventId, owner: from, epoch } = event;
  moves.push({ eventId, from, to: to.incarnation, epoch, why });
}

const costOfBeing = 1_000;
const costPerPlace = 0.1;
const costPerCommandPerSecond = 50;

/**
 * What an event costs its shard: being there, its memory, its commands. Whole numbers, so that
 * sums do not depend on their order and a plan is judged as it was made.
 */
function costOf(event: RebalanceEvent): number {
  const { places, commandsPerSecond } = event;
  return Math.round(
    costOfBeing + places * costPerPlace + commandsPerSecond * costPerCommandPerSecond,
  );
}

class Balance {
  readonly active: readonly RebalanceShard[];
  private readonly loads = new Map<string, number>();
  private readonly weights = new Map<string, number>();
  /** Load for one unit of weight when all are even; the active shards' events only. */
  private readonly even: number;

  constructor({ shards, events }: RebalanceInput) {
    this.active = shards.filter((shard) => shard.state === 'active');
    for (const { incarnation, weight } of this.active) {
      this.loads.set(incarnation, 0);
      this.weights.set(incarnation, weight);
    }
    for (const event of events) {
      const load = this.loads.get(event.owner);
      if (load !== undefined) this.loads.set(event.owner, load + costOf(event));
    }
    const sum = (numbers: Iterable<number>): number => [...numbers].reduce((a, b) => a + b, 0);
    this.even = sum(this.loads.values()) / Math.max(1e-9, sum(this.weights.values()));
  }

  /** Load by weight, 1 = the shard's share. */
  relative(): Map<string, number> {
    const of = (incarnation: string): number =>
      this.even === 0 ? 1 : this.perWeight(incarnation) / this.even;
    return new Map(this.active.map(({ incarnation }) => [incarnation, of(incarnation)]));
  }

  improves({ event, to }: Candidate, hysteresis: number): boolean {
    const from = this.perWeight(event.owner);
    const target = this.perWeight(to.incarnation);
    const offShare = Math.max(from / this.even - 1, 1 - target / this.even);
    if (target >= this.even || offShare <= hysteresis) return false;
    const cost = costOf(event);
    const step = cost / this.weightOf(event.owner) + cost / this.weightOf(to.incarnation);
    return step < 2 * (from - target);
  }

  move(event: RebalanceEvent, to: string): void {
    const cost = costOf(event);
    this.loads.set(event.owner, (this.loads.get(event.owner) ?? 0) - cost);
    this.loads.set(to, (this.loads.get(to) ?? 0) + cost);
  }

  private perWeight(incarnation: string): number {
    return (this.loads.get(incarnation) ?? 0) / this.weightOf(incarnation);
  }

  private weightOf(incarnation: string): number {
    return this.weights.get(incarnation) ?? 1;
  }
}
