import type { Journal } from '#libs/journal/journal.js';
import type { Lease, LeaseStore } from '#libs/journal/lease.js';
import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';

/**
 * Keeps a shard honest about time. Accepted commands are fenced by the journal; refusals and reads
 * touch no journal, so an owner that slept through its own replacement could answer them from the
 * past. It therefore runs turns only while it can prove that nobody may have replaced it.
 *
 * K1  valid() holds for leaseMs from the moment before a renewal was sent. Others take events over
 *     only after suspectAfterMs (> leaseMs) without one, or on proof of death.
 * K2  A lease that lapsed becomes valid again only after the ownership rows were read and every
 *     event that has another owner or epoch was dropped.
 */
export class LeaseKeeper {
  private provenAtMs: number | null = null;
  private renewing = false;
  private stopTimer: (() => void) | null = null;

  constructor(private readonly ports: LeaseKeeperPorts) {}

  /** Resolves once the first renewal is in. */
  async start(): Promise<void> {
    const startedMs = this.ports.clock.monotonicMs();
    await this.ports.leases.renew(this.ports.lease);
    this.provenAtMs = startedMs;
    this.stopTimer = this.ports.clock.every(limits.heartbeatMs, () => this.renew());
  }

  valid(): boolean {
    return this.provenAtMs !== null && this.ageMs() < limits.leaseMs;
  }

  /** Milliseconds since the last proof. */
  ageMs(): number {
    if (this.provenAtMs === null) return Infinity;
    return this.ports.clock.monotonicMs() - this.provenAtMs;
  }

  /** Asks for a proof now; `onProven` is called when there is one. */
  renew(): void {
    if (this.renewing) return;
    this.renewing = true;
    void this.prove().finally(() => {
      this.renewing = false;
    });
  }

  async stop(): Promise<void> {
    this.stopTimer?.();
    this.stopTimer = null;
    this.provenAtMs = null;
    await this.ports.leases.end(this.ports.lease.incarnation);
  }

  private async prove(): Promise<void> {
    const { clock, leases, lease, journal, log } = this.ports;
    const startedMs = clock.monotonicMs();
    const lapsed = !this.valid();
    try {
      await leases.renew(lease);
      if (lapsed) {
        const owned = await journal.ownedBy(lease.incarnation);
        this.ports.reconcile(new Map(owned.map((row) => [row.eventId as string, row.epoch])));
        log.warn({ events: owned.length }, 'lease proven again');
      }
    } catch (error) {
      log.warn({ err: error, ageMs: Math.round(this.ageMs()) }, 'lease not renewed');
      return;
    }
    if (this.stopTimer === null) return;
    this.provenAtMs = startedMs;
    if (lapsed) this.ports.onProven();
  }
}

export interface LeaseKeeperPorts {
  readonly lease: Lease;
  readonly leases: LeaseStore;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  /** Drops every event that is not in the map with the same epoch. */
  reconcile(epochs: ReadonlyMap<string, number>): void;
  /** The lease is valid again: parked turns may run. */
  onProven(): void;
}
