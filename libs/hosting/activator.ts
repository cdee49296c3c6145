import type { DurablePoint } from '#libs/actor/actor-seed.js';
import { recover, recoverOn, type Recovered } from '#libs/actor/recovery.js';
import type { Catalogue } from '#libs/catalogue/catalogue.js';
import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import { UnknownFactKind } from '#libs/inventory/inventory.js';
import type { AppendVerdict } from '#libs/journal/journal.js';
import type { LoopShare } from '#libs/platform/loop-share.js';
import { giveAway, type Heir } from './give-away.js';
import { Quarantine } from './quarantine.js';
import { RestingReads } from './resting-reads.js';
import { Setbacks } from './setbacks.js';
import { ActivationQueue } from './activation-queue.js';
import type { ShardHost } from './shard-host.js';
import type { Slot } from './slot.js';
import { claimEvent, type Claim, type TakeoverPorts } from './takeover.js';

/**
 * Brings events to life on this shard and decides what becomes of those that lost their actor.
 * At most activationsAtOnceMax at a time, those with most commands first, and of those without any
 * at most quietActivationsAtOnceMax, so that a herd of cold events cannot starve the hot ones of
 * the database.
 *
 * V1  Serve only after the announce was read back as the end of the journal (take-over step 4).
 * V2  A journal without the last batch this process acknowledged, or with another one of its
 *     number, has lost commits: the event is quarantined, never continued (G2), by anybody.
 * V3  What a newer program wrote is not guessed at (G9): the event is offered to the other shards,
 *     and never claimed again by this process.
 * V4  Snapshot and journal are read while the event is claimed. That is advice until the announce
 *     is in: what came in between is folded afterwards, up to and including the announce.
 */
export class Activator {
  readonly quarantine: Quarantine;
  private readonly queue = new ActivationQueue();
  private readonly setbacks: Setbacks;
  private readonly resting: RestingReads;
  private running = 0;
  private quietRunning = 0;

  constructor(
    private readonly host: ShardHost,
    private readonly ports: ActivatorPorts,
  ) {
    this.quarantine = new Quarantine(host, ports);
    this.setbacks = new Setbacks(ports.clock);
    this.resting = new RestingReads(ports);
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
    // Not before the whole frame was dealt out: then it is known who has most to do.
    queueMicrotask(() => this.next());
  }

  /** Events that are being brought up now, and those that wait for it. */
  get load(): { readonly running: number; readonly waiting: number } {
    return { running: this.running, waiting: this.queue.length };
  }

  afterLoss(slot: Slot, durable: DurablePoint, verdict: Exclude<AppendVerdict, 'appended'>): void {
    if (slot.busy) {
      slot.loss = { durable, verdict };
      return;
    }
    slot.busy = true;
    void this.examine(slot, durable, verdict).finally(() => {
      slot.busy = false;
    });
  }

  /** The actor broke too often: see ShardHost. */
  giveUp(slot: Slot): void {
    this.quarantine.impose(slot, 'its actor breaks on its own journal');
  }

  private next(): void {
    while (this.running < limits.activationsAtOnceMax) {
      const slot = this.queue.take(this.quietRunning < limits.quietActivationsAtOnceMax);
      if (slot === undefined) return;
      const quiet = slot.pressing === 0 ? 1 : 0;
      this.running += 1;
      this.quietRunning += quiet;
      void this.run(slot).finally(() => {
        this.running -= 1;
        this.quietRunning -= quiet;
        this.next();
      });
    }
  }

  private async run(slot: Slot): Promise<void> {
    const { clock, metrics } = this.ports;
    const startedMs = clock.monotonicMs();
    try {
      await this.bringUp(slot);
      if (slot.actor === null) return;
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
    const { clock, metrics, journal, log, share } = this.ports;
    const { eventId } = slot;
    if (this.setbacks.isUnreadable(eventId)) throw new Error(`${eventId} is unreadable here`);
    let loading: Promise<Recovered> | undefined;
    const load = (): Promise<Recovered> => {
      const started = loading ?? this.recoverEvent(eventId);
      // Heard below, if the event is taken at all.
      started.catch(() => undefined);
      loading = started;
      return started;
    };
    const claim = await claimEvent(this.ports, {
      eventId,
      ownerWanted: () => slot.ownerWanted,
      onDecided: () => void load(),
    });
    metrics.activations[claim.kind].value += 1;
    if (claim.kind === 'resting') return this.look(slot);
    if (claim.kind !== 'taken') return this.turnAway(slot, claim);
    const startedMs = clock.monotonicMs();
    const before = await load();
    const loadedMs = clock.monotonicMs();
    const recovered = await recoverOn(journal, eventId, before, share);
    const servedMs = clock.monotonicMs();
    metrics.replaySeconds.observe((servedMs - startedMs) / 1_000);
    const { batchesSinceSnapshot: batches, factsSinceSnapshot: facts } = recovered;
    const phasesMs = [claim.detectMs, claim.announceMs, loadedMs - startedMs, servedMs - loadedMs];
    const took = { phasesMs: phasesMs.map(Math.round), batches, facts };
    log.info({ event: eventId, epoch: claim.epoch, ...took }, 'event recovered');
    slot.busy = false;
    if (recovered.epoch !== claim.epoch) {
      this.host.dismiss(slot, { kind: 'moved', owner: null, epoch: recovered.epoch });
      return;
    }
    this.setbacks.overcome(eventId);
    this.host.install(slot, { eventId, wakeAtMs: claim.wakeAtMs, ...recovered });
  }

  /** What came meanwhile, and what needs an owner after all, has its own turn. */
  private async look(slot: Slot): Promise<void> {
    await this.resting.answer(slot);
    slot.busy = false;
    this.host.reconsider(slot);
    this.host.settleTick();
  }

  private turnAway(slot: Slot, claim: Exclude<Claim, { kind: 'taken' | 'resting' }>): void {
    slot.busy = false;
    if (claim.kind === 'quarantined') this.quarantine.respect(slot, claim.reason);
    else if (claim.kind === 'unknown_event') this.host.dismiss(slot, claim);
    else this.host.dismiss(slot, { kind: 'moved', owner: claim.owner, epoch: claim.epoch });
  }

  private async recoverEvent(eventId: EventId): Promise<Recovered> {
    const { journal, catalogue, log, share } = this.ports;
    const inventory = await catalogue.inventoryOf(eventId);
    if (inventory === null) throw new Error(`${eventId} has an owner but no seating plan`);
    const { layout, rules } = inventory;
    return recover(journal, { eventId, layout, rules }, log, share);
  }

  /** A journal that cannot be read has not been found whole: ask until it answers (V2). */
  private async untilRead<Value>(eventId: EventId, read: () => Promise<Value>): Promise<Value> {
    const { clock, log } = this.ports;
    for (;;) {
      try {
        return await read();
      } catch (error) {
        log.warn({ event: eventId, err: error }, 'journal not read');
        await new Promise<void>((resolve) => clock.after(limits.tailRetryMs, resolve));
      }
    }
  }

  private async examine(
    slot: Slot,
    durable: DurablePoint,
    verdict: Exclude<AppendVerdict, 'appended'>,
  ): Promise<void> {
    const { journal, log } = this.ports;
    const { eventId } = slot;
    if (verdict === 'rejected') {
      this.quarantine.impose(slot, 'the journal refused a seat that is booked already (G1)');
      return;
    }
    const hash = await this.untilRead(eventId, () => journal.hashAt(eventId, durable.batchNo));
    if (hash === null || Buffer.compare(hash, durable.hash) !== 0) {
      this.ports.metrics.journalBehind.value += 1;
      this.quarantine.impose(slot, 'the journal lost acknowledged batches (G2)');
      return;
    }
    const tail = await this.untilRead(eventId, () => journal.tail(eventId));
    log.info({ event: eventId, epoch: tail?.epoch }, 'event has a new owner');
    this.host.dismiss(slot, { kind: 'moved', owner: null, epoch: tail?.epoch ?? 0 });
  }
}

export interface ActivatorPorts extends TakeoverPorts {
  readonly catalogue: Catalogue;
  readonly share: LoopShare;
}
