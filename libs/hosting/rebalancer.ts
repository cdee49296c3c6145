import { limits } from '#libs/contracts/limits.js';
import type { Bus } from '#libs/bus/bus.js';
import type { Journal } from '#libs/journal/journal.js';
import type { SettingStore } from '#libs/journal/settings.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import { askToMove, rebalanceInput } from './cluster-view.js';
import type { Membership } from '#libs/routing/membership.js';
import { chooseShard } from '#libs/routing/placement.js';
import { planRebalance, type PlannedMove, type RebalanceRules } from './rebalance.js';
import type { ShardMetrics } from './shard-metrics.js';

/**
 * Keeps the shards even without an operator: rarely, a little at a time, and only in calm. It runs
 * in one shard, chosen as events are; two that both believe to be the one would do double work
 * and no harm, because a move starts at the epoch that was planned for.
 *
 * RB1  Nothing happens within rebalanceCalmMs of a shard joining, leaving or changing its state, or
 *      while one is suspect. That is looked at again before every move.
 * RB2  A failed move ends the round; the next one plans anew.
 */
export class Rebalancer {
  private stopTimer: (() => void) | null = null;
  private working = false;

  constructor(private readonly ports: RebalancerPorts) {}

  start(): void {
    if (this.ports.settings === null) return;
    this.stopTimer = this.ports.clock.every(limits.rebalanceEveryMs, () => void this.tick());
  }

  stop(): void {
    this.stopTimer?.();
    this.stopTimer = null;
  }

  private async tick(): Promise<void> {
    if (this.working || !this.mayWork()) return;
    this.working = true;
    try {
      await this.round();
    } catch (error) {
      this.ports.log.warn({ err: error }, 'rebalancing failed');
    } finally {
      this.working = false;
    }
  }

  private mayWork(): boolean {
    const { membership, incarnation } = this.ports;
    const { active } = membership;
    return (
      this.stopTimer !== null &&
      active.length > 1 &&
      chooseShard('rebalance', active)?.incarnation === incarnation &&
      membership.calmMs >= limits.rebalanceCalmMs &&
      membership.suspects.length === 0
    );
  }

  private async round(): Promise<void> {
    const { settings, journal, log } = this.ports;
    if ((await settings?.get('rebalance.suspended')) === true) return;
    const input = await rebalanceInput(this.ports, journal);
    const { moves, loads } = planRebalance(input, rebalanceRules());
    if (moves.length === 0) return;
    log.info({ moves: moves.length, loads }, 'rebalancing');
    const queue = [...moves];
    const worker = async (): Promise<void> => {
      for (let move = queue.shift(); move !== undefined; move = queue.shift()) {
        if (!this.mayWork() || !(await this.moveOne(move))) queue.length = 0;
      }
    };
    await Promise.all(Array.from({ length: limits.rebalanceMovesAtOnce }, worker));
  }

  private async moveOne({ eventId, from, to, epoch }: PlannedMove): Promise<boolean> {
    const { bus, log, metrics } = this.ports;
    const call = { eventId, to, expectEpoch: epoch, reason: 'rebalance' } as const;
    const reply = await askToMove(bus, from, call);
    if (reply.kind === 'ok' && reply.body.kind === 'moved') {
      metrics.rebalanceMoves.value += 1;
      return true;
    }
    log.info({ event: eventId, from, to, reply }, 'rebalancing stops: a move was refused');
    return false;
  }
}

/** Of the automatic rounds; an operator may take more and include hot events. */
export function rebalanceRules(over: Partial<RebalanceRules> = {}): RebalanceRules {
  return {
    hysteresis: 0.1,
    hotCommandsPerSecond: limits.hotCommandsPerSecond,
    includeHot: false,
    gapMs: limits.rebalanceGapMs,
    movesMax: limits.rebalanceMovesPerRound,
    ...over,
  };
}

export interface RebalancerPorts {
  readonly incarnation: string;
  readonly bus: Bus;
  readonly membership: Membership;
  readonly journal: Journal;
  /** Null: never on its own. */
  readonly settings: SettingStore | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: ShardMetrics;
}
