import type { Journal } from '#libs/journal/journal.js';
import type { Lease, LeaseStore } from '#libs/journal/lease.js';
import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { HeardTime } from '#libs/routing/sale-clock.js';

/**
 * Keeps a shard honest about time. Accepted commands are fenced by the journal; refusals and reads
 * touch no journal, so an owner that slept through its own replacement could answer them from the
 * past. It therefore runs turns only while it can prove that nobody may have replaced it.
 *
 * K1  valid() holds for leaseMs from the moment before a renewal was sent. Others take events over
 *     only after suspectAfterMs (> leaseMs) without one, or on proof of death.
 * K2  A lease that lapsed becomes valid again only after the ownership rows were read and every
 *     event that has another owner or epoch was dropped. Whether it lapsed is judged when the
 *     answer is there: it may have done so, and been seen to, while the renewal was under way.
 * K3  No responders passes for proof of death, and so does a broken line to the bus. Once the line
 *     is back the lease counts as lapsed, and the rows are read only after the server has the
 *     shard's subscriptions again: from then on nobody can take it for dead.
 * K4  Every renewal reads the rows: in a cluster of brokers "no responders" can be heard of a shard
 *     that is alive and never lost its line. It learns of it within a heartbeat.
 * K5  Whoever was turned away while the lease was not valid gets a turn when it is again, also if
 *     the lapse began and ended within one renewal.
 * K6  Every renewal brings the time of the store, told after the events of others were dropped: a
 *     shard that lost them all may set its clock (S4).
 */
export class LeaseKeeper {
  private provenAtMs: number | null = null;
  private renewing = false;
  /** Grows when a proof that is under way would prove nothing any more. */
  private doubts = 0;
  private stopTimer: (() => void) | null = null;

  constructor(private readonly ports: LeaseKeeperPorts) {}

  /** Resolves once the first renewal is in. */
  async start(): Promise<void> {
    const heard = await this.renewed();
    this.ports.hearTime(heard);
    this.provenAtMs = heard.sentAtMs;
    await this.ports.leases.forgetOld();
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
    const { doubts } = this;
    void this.prove().finally(() => {
      this.renewing = false;
      if (doubts !== this.doubts) this.renew();
    });
  }

  /** K3: somebody may have taken events of this shard with good reason. Proven anew at once. */
  doubt(): void {
    if (this.stopTimer === null) return;
    this.doubts += 1;
    this.provenAtMs = null;
    this.renew();
  }

  async stop(): Promise<void> {
    this.stopTimer?.();
    this.stopTimer = null;
    this.provenAtMs = null;
    await this.ports.leases.end(this.ports.lease.incarnation);
  }

  private async renewed(): Promise<HeardTime> {
    const { clock, leases, lease } = this.ports;
    const sentAtMs = clock.monotonicMs();
    const storeMs = await leases.renew(lease);
    return { storeMs, sentAtMs, heardAtMs: clock.monotonicMs() };
  }

  private async prove(): Promise<void> {
    const { lease, journal, log } = this.ports;
    const { doubts } = this;
    const startedMs = this.ports.clock.monotonicMs();
    let lapsed = false;
    try {
      const heard = await this.renewed();
      lapsed = !this.valid();
      if (lapsed) await this.ports.reachable();
      const reconcile = this.ports.beginReconcile();
      const owned = await journal.ownedBy(lease.incarnation);
      reconcile(new Map(owned.map((row) => [row.eventId as string, row.epoch])));
      this.ports.hearTime(heard);
      if (lapsed) log.warn({ events: owned.length }, 'lease proven again');
    } catch (error) {
      log.warn({ err: error, ageMs: Math.round(this.ageMs()) }, 'lease not renewed');
      return;
    }
    if (this.stopTimer === null || doubts !== this.doubts) return;
    const parked = !this.valid();
    this.provenAtMs = startedMs;
    if (lapsed || parked) this.ports.onProven();
  }
}

export interface LeaseKeeperPorts {
  readonly lease: Lease;
  readonly leases: LeaseStore;
  readonly journal: Pick<Journal, 'ownedBy'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Resolves when the bus knows where to find this shard; rejects while it is out of reach. */
  reachable(): Promise<void>;
  /** The result drops, of the events served now, those not in the map with the same epoch. */
  beginReconcile(): (epochs: ReadonlyMap<string, number>) => void;
  hearTime(heard: HeardTime): void;
  /** The lease is valid again: parked turns may run. */
  onProven(): void;
}
