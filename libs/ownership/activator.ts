import { recover } from '#libs/actor/recovery.js';
import type { Catalogue } from '#libs/catalogue/catalogue.js';
import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import { UnknownFactKind } from '#libs/inventory/inventory.js';
import type { AppendVerdict, Tail } from '#libs/journal/journal.js';
import { giveAway, type Heir } from './give-away.js';
import { Quarantine } from './quarantine.js';
import { Setbacks } from './setbacks.js';
import { ActivationQueue } from './activation-queue.js';
import type { ShardHost } from './shard-host.js';
import type { Slot } from './slot.js';
import { claimEvent, type TakeoverPorts } from './takeover.js';

/**
 * Brings events to life on this shard and decides what becomes of those that lost their actor.
 * At most activationsAtOnceMax at a time, those with commands first, so that a herd of cold
 * events cannot starve the database of the hot ones.
 *
 * V1  Serve only after the announce was read back as the end of the journal (take-over step 4).
 * V2  A journal that ends before what this process acknowledged has lost commits: the event is
 *     quarantined, never continued (G2), here or anywhere else.
 * V3  What a newer program wrote is not guessed at (G9): the event is offered to the other shards,
 *     and never claimed again by this process.
 */
export class Activator {
  readonly quarantine: Quarantine;
  private readonly queue = new ActivationQueue();
  private readonly setbacks: Setbacks;
  private running = 0;

  constructor(
    private readonly host: ShardHost,
    private readonly ports: ActivatorPorts,
  ) {
    this.quarantine = new Quarantine(host, ports);
    this.setbacks = new Setbacks(ports.clock);
  }

  activate(slot: Slot): void {
    this.queue.promote(slot);
    if (slot.busy || slot.actor !== null || slot.quarantine !== null) return;
    const retryAfterMs = this.setbacks.waitMs(slot.eventId);
    if (retryAfterMs > 0) {
      this.host.dismiss(slot, { kind: 'unavailable', retryAfterMs, executed: 'no' });
      return;
    }
    slot.busy = true;
    this.queue.push(slot);
    this.next();
  }

  afterLoss(slot: Slot, durableBatchNo: number, verdict: Exclude<AppendVerdict, 'appended'>): void {
    if (slot.busy) {
      slot.loss = { durableBatchNo, verdict };
      return;
    }
    slot.busy = true;
    void this.examine(slot, durableBatchNo, verdict).finally(() => {
      slot.busy = false;
    });
  }

  /** The actor broke too often: see ShardHost. */
  giveUp(slot: Slot): void {
    this.quarantine.impose(slot, 'its actor breaks on its own journal');
  }

  private next(): void {
    while (this.running < limits.activationsAtOnceMax) {
      const slot = this.queue.take();
      if (slot === undefined) return;
      this.running += 1;
      void this.run(slot).finally(() => {
        this.running -= 1;
        this.next();
      });
    }
  }

  private async run(slot: Slot): Promise<void> {
    const { clock, metrics } = this.ports;
    const startedMs = clock.monotonicMs();
    try {
      await this.bringUp(slot);
      metrics.activationSeconds.observe((clock.monotonicMs() - startedMs) / 1_000);
    } catch (error) {
      await this.failed(slot, error);
    }
  }

  private async failed(slot: Slot, error: unknown): Promise<void> {
    const { log, metrics } = this.ports;
    const { eventId } = slot;
    metrics.activations.failed.value += 1;
    log.error({ event: eventId, err: error }, 'activation failed');
    this.setbacks.failed(eventId, error);
    if (error instanceof UnknownFactKind) metrics.unreadable.value += 1;
    const heir = this.setbacks.isUnreadable(eventId) ? await this.heirOf(eventId) : null;
    const retryAfterMs = this.setbacks.waitMs(eventId);
    slot.busy = false;
    this.host.dismiss(
      slot,
      heir === null
        ? { kind: 'unavailable', retryAfterMs, executed: 'no' }
        : { kind: 'moved', owner: heir.owner, epoch: heir.epoch },
    );
  }

  private async heirOf(eventId: EventId): Promise<Heir | null> {
    try {
      return await giveAway(this.ports, eventId);
    } catch (error) {
      this.ports.log.error({ event: eventId, err: error }, 'nobody takes an unreadable event');
      return null;
    }
  }

  private async bringUp(slot: Slot): Promise<void> {
    const { clock, metrics, journal, catalogue, log } = this.ports;
    const { eventId } = slot;
    if (this.setbacks.isUnreadable(eventId)) throw new Error(`${eventId} is unreadable here`);
    const claim = await claimEvent(this.ports, eventId);
    metrics.activations[claim.kind].value += 1;
    if (claim.kind !== 'taken') {
      slot.busy = false;
      if (claim.kind === 'quarantined') {
        this.quarantine.respect(slot, claim.reason);
        return;
      }
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
    const startedMs = clock.monotonicMs();
    const recovered = await recover(journal, { eventId, layout, rules }, log);
    metrics.replaySeconds.observe((clock.monotonicMs() - startedMs) / 1_000);
    slot.busy = false;
    if (recovered.epoch !== claim.epoch) {
      this.host.dismiss(slot, { kind: 'moved', owner: null, epoch: recovered.epoch });
      return;
    }
    this.setbacks.overcome(eventId);
    this.host.install(slot, { eventId, wakeAtMs: claim.wakeAtMs, ...recovered });
  }

  /** A journal that cannot be read has not been found whole: ask until it answers (V2). */
  private async tailOf(eventId: EventId): Promise<Tail | null> {
    const { journal, clock, log } = this.ports;
    for (;;) {
      try {
        return await journal.tail(eventId);
      } catch (error) {
        log.warn({ event: eventId, err: error }, 'tail not read');
        await new Promise<void>((resolve) => clock.after(limits.tailRetryMs, resolve));
      }
    }
  }

  private async examine(
    slot: Slot,
    durableBatchNo: number,
    verdict: Exclude<AppendVerdict, 'appended'>,
  ): Promise<void> {
    const { log } = this.ports;
    const tail = await this.tailOf(slot.eventId);
    if (verdict === 'rejected') {
      this.quarantine.impose(slot, 'the journal refused a seat that is booked already (G1)');
    } else if ((tail?.batchNo ?? 0) < durableBatchNo) {
      this.ports.metrics.journalBehind.value += 1;
      this.quarantine.impose(slot, 'the journal lost acknowledged batches (G2)');
    } else {
      log.info({ event: slot.eventId, epoch: tail?.epoch }, 'event has a new owner');
      this.host.dismiss(slot, { kind: 'moved', owner: null, epoch: tail?.epoch ?? 0 });
    }
  }
}

export interface ActivatorPorts extends TakeoverPorts {
  readonly catalogue: Catalogue;
}
