import type { Snapshotter } from '#libs/actor/snapshots.js';
import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { DueEvent, Journal } from '#libs/journal/journal.js';
import { assert } from '#libs/platform/assert.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { Activator } from './activator.js';
import type { FactLevel } from './fact-level.js';
import type { Membership } from '#libs/routing/membership.js';
import type { ShardHost } from './shard-host.js';
import type { ShardMetrics } from './shard-metrics.js';
import type { Slot } from './slot.js';
import { AvailabilityWriter, type AvailabilityPorts } from './availability-writer.js';
import { RulesWriter, type RulesRowPorts } from './rules-writer.js';
import { choiceFor } from './takeover.js';

/**
 * The slow work of a shard. Wakes events that have something due and nobody to do it (holds expire
 * without visitors, G3), and gives up events nobody visits.
 *
 * U1  An event is woken before its wake time, so that its own timer fires on time. A scan reads so
 *     many and the next one those behind them, so that events which nobody can bring to life do
 *     not keep all others asleep.
 * U2  Passivation writes the wake time and frees the row; a command that arrives meanwhile waits in
 *     the slot and starts the event again. A long tail is folded into a snapshot afterwards, from
 *     the journal and by the snapshotter: nothing here is as long as the event is large.
 *     A journal without the last batch that was acknowledged has lost commits (G2): V2.
 * U3  A row that names this shard without a slot here (a release or an activation that failed half
 *     way) is found again: nobody else would wake it while this shard lives.
 * U4  The level at which facts are written is asked for here: it rises once in the life of a
 *     release, and soon enough for the operator who raised it.
 */
export class Upkeep {
  private readonly stops: (() => void)[] = [];
  private readonly writers: readonly (AvailabilityWriter | RulesWriter)[];
  private scanning = false;
  /** Of the due events; null: all were looked at, begin with the first. */
  private lookedUntil: DueEvent | null = null;

  constructor(
    private readonly host: ShardHost,
    private readonly activator: Activator,
    private readonly ports: UpkeepPorts,
  ) {
    this.writers = [new AvailabilityWriter(host, ports), new RulesWriter(host, ports)];
  }

  start(): void {
    const { clock } = this.ports;
    this.stops.push(
      clock.every(limits.wakeScanMs, () => void this.scanWakes()),
      clock.every(limits.passivationScanMs, () => this.scanIdle()),
      clock.every(limits.passivationScanMs, () => void this.scanStrays()),
      clock.every(limits.passivationScanMs, () => void this.reviewQuarantine()),
      clock.every(limits.passivationScanMs, () => void this.ports.factLevel.ask()),
    );
    for (const writer of this.writers) writer.start();
    void this.scanWakes();
  }

  stop(): void {
    for (const writer of this.writers) writer.stop();
    for (const stop of this.stops.splice(0)) stop();
  }

  /** Frees one event for the next owner. False when it was busy or refused. */
  async passivate(slot: Slot): Promise<boolean> {
    const { actor } = slot;
    if (actor === null || slot.busy || !actor.quiet) return false;
    const { journal, log, metrics, snapshotter } = this.ports;
    const { eventId, epoch, wakeAtMs, durable, hasLongTail } = actor;
    slot.busy = true;
    slot.actor = null;
    slot.ownerWanted = false;
    actor.stop();
    try {
      const hash = await journal.hashAt(eventId, durable.batchNo);
      if (hash === null || Buffer.compare(hash, durable.hash) !== 0) {
        log.error({ event: eventId, ...durable }, 'the journal does not know its own batch');
        slot.busy = false;
        this.activator.afterLoss(slot, durable, 'fenced');
        return false;
      }
      await journal.release(eventId, epoch, wakeAtMs);
      metrics.passivations.value += 1;
      if (hasLongTail) snapshotter.request(eventId);
    } catch (error) {
      log.warn({ event: eventId, err: error }, 'event not released');
    }
    slot.busy = false;
    this.host.reconsider(slot);
    return true;
  }

  private scanIdle(): void {
    const soonMs = this.ports.clock.nowMs() + limits.passivationScanMs + limits.wakeHorizonMs;
    for (const slot of this.host.slots.values()) {
      const { actor } = slot;
      if (actor === null || actor.idleForMs() < limits.idleBeforePassivationMs) continue;
      if (actor.wakeAtMs !== null && actor.wakeAtMs <= soonMs) continue;
      void this.passivate(slot);
    }
  }

  private async scanStrays(): Promise<void> {
    const { journal, incarnation, log } = this.ports;
    try {
      for (const { eventId, epoch, wakeAtMs } of await journal.ownedBy(incarnation)) {
        const slot = this.host.slots.get(eventId);
        const inHand = slot !== undefined && (slot.actor !== null || slot.busy);
        if (inHand || slot?.quarantine != null) continue;
        log.warn({ event: eventId, epoch }, 'stray event found');
        if (wakeAtMs === null) await journal.release(eventId, epoch, null);
        else this.wake(eventId);
      }
    } catch (error) {
      log.warn({ err: error }, 'strays not looked for');
    }
  }

  private async reviewQuarantine(): Promise<void> {
    try {
      await this.activator.quarantine.review();
    } catch (error) {
      this.ports.log.warn({ err: error }, 'events in quarantine not looked at');
    }
  }

  private async scanWakes(): Promise<void> {
    if (this.scanning) return;
    this.scanning = true;
    try {
      await this.wakeDue();
    } catch (error) {
      this.ports.log.warn({ err: error }, 'due events not read');
    } finally {
      this.scanning = false;
    }
  }

  private async wakeDue(): Promise<void> {
    const { journal, clock, membership, incarnation } = this.ports;
    const live = membership.live.map((beat) => beat.incarnation);
    assert(limits.wakeScanMax > 0, 'a scan reads something');
    const beforeMs = clock.nowMs() + limits.wakeHorizonMs;
    const rows = await journal.dueWakes(beforeMs, limits.wakeScanMax, live, this.lookedUntil);
    this.lookedUntil = rows.length < limits.wakeScanMax ? null : (rows.at(-1) ?? null);
    for (const row of rows) {
      if (choiceFor(membership, row) !== incarnation) continue;
      this.wake(row.eventId);
    }
  }

  private wake(eventId: EventId): void {
    const slot = this.host.slotOf(eventId);
    slot.ownerWanted = true;
    this.activator.activate(slot);
  }
}

export interface UpkeepPorts extends AvailabilityPorts, RulesRowPorts {
  readonly incarnation: string;
  readonly journal: Journal;
  readonly snapshotter: Snapshotter;
  readonly membership: Membership;
  readonly clock: Clock;
  readonly factLevel: FactLevel;
  readonly log: Log;
  readonly metrics: ShardMetrics;
}
