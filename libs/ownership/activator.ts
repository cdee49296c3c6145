import { recover } from '#libs/actor/recovery.js';
import type { Catalogue } from '#libs/catalogue/catalogue.js';
import { limits } from '#libs/contracts/limits.js';
import type { AppendVerdict } from '#libs/journal/journal.js';
import type { Clock } from '#libs/platform/clock.js';
import type { ShardHost } from './shard-host.js';
import type { ShardMetrics } from './shard-metrics.js';
import type { Slot } from './slot.js';
import { claimEvent, type TakeoverPorts } from './takeover.js';

/**
 * Brings events to life on this shard and decides what becomes of those that lost their actor.
 * At most activationsAtOnceMax at a time, in order of arrival, so that a herd of cold events
 * cannot starve the database of the hot ones.
 *
 * V1  Serve only after the announce was read back as the end of the journal (take-over step 4).
 * V2  A journal that ends before what this process acknowledged has lost commits: the event is
 *     quarantined, never continued (G2).
 */
export class Activator {
  private readonly queue: Slot[] = [];
  private running = 0;

  constructor(
    private readonly host: ShardHost,
    private readonly ports: ActivatorPorts,
  ) {}

  activate(slot: Slot): void {
    if (slot.busy || slot.actor !== null || slot.quarantine !== null) return;
    slot.busy = true;
    this.queue.push(slot);
    this.next();
  }

  afterLoss(slot: Slot, durableBatchNo: number, verdict: Exclude<AppendVerdict, 'appended'>): void {
    if (slot.busy) return;
    slot.busy = true;
    void this.examine(slot, durableBatchNo, verdict).finally(() => {
      slot.busy = false;
    });
  }

  private next(): void {
    while (this.running < limits.activationsAtOnceMax) {
      const slot = this.queue.shift();
      if (slot === undefined) return;
      this.running += 1;
      void this.run(slot).finally(() => {
        this.running -= 1;
        this.next();
      });
    }
  }

  private async run(slot: Slot): Promise<void> {
    const { clock, log, metrics } = this.ports;
    const startedMs = clock.monotonicMs();
    try {
      await this.bringUp(slot);
      metrics.activationSeconds.observe((clock.monotonicMs() - startedMs) / 1_000);
    } catch (error) {
      metrics.activations.failed.value += 1;
      log.error({ event: slot.eventId, err: error }, 'activation failed');
      slot.busy = false;
      this.host.dismiss(slot, { kind: 'unavailable', retryAfterMs: 200, executed: 'no' });
    }
  }

  private async bringUp(slot: Slot): Promise<void> {
    const { metrics, journal, catalogue, log } = this.ports;
    const { eventId } = slot;
    const claim = await claimEvent(this.ports, eventId);
    metrics.activations[claim.kind].value += 1;
    if (claim.kind !== 'taken') {
      slot.busy = false;
      this.host.dismiss(
        slot,
        claim.kind === 'unknown_event'
          ? claim
          : { kind: 'moved', owner: claim.owner, epoch: claim.epoch },
      );
      return;
    }
    const inventory = await catalogue.inventoryOf(eventId);
    if (inventory === null) throw new Error(`${eventId} has an owner but no seating plan`);
    const { layout, rules } = inventory;
    const recovered = await recover(journal, { eventId, layout, rules }, log);
    slot.busy = false;
    if (recovered.epoch !== claim.epoch) {
      this.host.dismiss(slot, { kind: 'moved', owner: null, epoch: recovered.epoch });
      return;
    }
    this.host.install(slot, { eventId, wakeAtMs: claim.wakeAtMs, ...recovered });
  }

  private async examine(
    slot: Slot,
    durableBatchNo: number,
    verdict: Exclude<AppendVerdict, 'appended'>,
  ): Promise<void> {
    const { journal, log } = this.ports;
    const tail = await journal.tail(slot.eventId).catch(() => undefined);
    if (verdict === 'rejected') {
      this.quarantine(slot, 'the journal refused a seat that is booked already (G1)');
    } else if (tail !== undefined && (tail?.batchNo ?? 0) < durableBatchNo) {
      this.quarantine(slot, 'the journal lost acknowledged batches (G2)');
    } else {
      log.info({ event: slot.eventId, epoch: tail?.epoch }, 'event has a new owner');
      this.host.dismiss(slot, { kind: 'moved', owner: null, epoch: tail?.epoch ?? 0 });
    }
  }

  private quarantine(slot: Slot, reason: string): void {
    this.ports.log.fatal({ event: slot.eventId, reason }, 'event quarantined');
    slot.quarantine = reason;
    slot.answerAll({ kind: 'unavailable', retryAfterMs: 5_000, executed: 'no' });
    this.host.settleTick();
  }
}

export interface ActivatorPorts extends TakeoverPorts {
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly metrics: ShardMetrics;
}
