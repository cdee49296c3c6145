import { LRUCache } from 'lru-cache';
import { recover, recoverOn, type Recovered } from '#libs/actor/recovery.js';
import type { Catalogue } from '#libs/catalogue/catalogue.js';
import type { TakeCall, TakeReply, WarmCall, WarmReply } from '#libs/contracts/control.js';
import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { Journal } from '#libs/journal/journal.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { LoopShare } from '#libs/platform/loop-share.js';
import type { MoveFailpoint } from './move-failpoints.js';
import type { ShardHost } from './shard-host.js';
import type { ShardMetrics } from './shard-metrics.js';
import type { Slot } from './slot.js';

/**
 * The taking side of a live move (G7). Warming folds the journal while the source still serves, so
 * that the pause pays only for the last few batches, the compare-and-set and the announce.
 *
 * Y1  It takes only from the epoch the source named, so a late or repeated call changes nothing.
 * Y2  The announce stands directly behind the last batch of the source, which had flushed and
 *     could not be followed by anybody else; or commits were lost, and nobody goes on (G2).
 * Y3  It serves only after it has folded through its own announce (take-over step 4).
 */
export class MoveTarget {
  private readonly warm = new LRUCache<EventId, Recovered>({
    max: limits.moveWarmKeptMax,
    ttl: limits.moveWarmKeptMs,
  });

  constructor(
    private readonly host: ShardHost,
    private readonly ports: MoveTargetPorts,
  ) {}

  async prepare({ eventId }: WarmCall): Promise<WarmReply> {
    await this.ports.failpoint('target_before_warm');
    const recovered = await this.load(eventId);
    this.warm.set(eventId, recovered);
    await this.ports.failpoint('target_after_warm');
    return { batchNo: recovered.batchNo };
  }

  async take({ eventId, fromEpoch, batchNo }: TakeCall): Promise<TakeReply> {
    const { journal, incarnation, log, share } = this.ports;
    const slot = await this.freeSlot(eventId);
    if (slot.busy || slot.actor !== null) return { kind: 'refused', reason: 'slot busy' };
    slot.busy = true;
    let installed = false;
    try {
      await this.ports.failpoint('target_before_take');
      const taken = await journal.takeOver({ eventId, incarnation, fromEpoch });
      if (taken.kind !== 'taken') return { kind: 'refused', reason: taken.kind };
      await this.ports.failpoint('target_after_announce');
      if (taken.announce.batchNo !== batchNo + 1) {
        await journal.quarantine(eventId, 'the journal lost acknowledged batches (G2)');
        return { kind: 'refused', reason: 'journal behind' };
      }
      const start = this.warm.get(eventId) ?? (await this.load(eventId));
      this.warm.delete(eventId);
      const end = await recoverOn(journal, eventId, start, share);
      if (end.epoch !== taken.epoch) return { kind: 'refused', reason: 'fenced' };
      slot.busy = false;
      this.host.install(slot, { eventId, wakeAtMs: taken.wakeAtMs, ...end });
      installed = true;
      this.ports.metrics.takeovers.move.value += 1;
      log.info({ event: eventId, epoch: taken.epoch }, 'event taken by a move');
      await this.ports.failpoint('target_after_install');
      return { kind: 'taken', epoch: taken.epoch };
    } finally {
      // What came after, such as an actor that breaks in its first turn, has a use of its own.
      if (!installed) {
        slot.busy = false;
        this.host.reconsider(slot);
      }
    }
  }

  /**
   * A command that came here too early makes the slot busy until it is known who owns the event:
   * a moment, and no reason to refuse what the source has paused for.
   */
  private async freeSlot(eventId: EventId): Promise<Slot> {
    const { clock } = this.ports;
    const giveUpAtMs = clock.monotonicMs() + limits.moveSlotWaitMs;
    while (this.host.slotOf(eventId).busy && clock.monotonicMs() < giveUpAtMs) {
      await new Promise<void>((resolve) => void clock.after(slotPollMs, resolve));
    }
    return this.host.slotOf(eventId);
  }

  private async load(eventId: EventId): Promise<Recovered> {
    const { journal, catalogue, log, share } = this.ports;
    const inventory = await catalogue.inventoryOf(eventId);
    if (inventory === null) throw new Error(`${eventId} has no seating plan`);
    const { layout, rules } = inventory;
    return recover(journal, { eventId, layout, rules }, log, share);
  }
}

const slotPollMs = 2;

export interface MoveTargetPorts {
  readonly incarnation: string;
  readonly journal: Journal;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: ShardMetrics;
  readonly share: LoopShare;
  failpoint(name: MoveFailpoint): Promise<void>;
}
