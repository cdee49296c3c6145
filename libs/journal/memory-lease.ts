import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Lease, LeaseStore } from './lease.js';

/** Leases in memory, for one process and for tests. */
export class MemoryLeaseStore implements LeaseStore {
  private readonly renewedAtMs = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  renew(lease: Lease): Promise<number> {
    this.renewedAtMs.set(lease.incarnation, this.clock.monotonicMs());
    return Promise.resolve(this.clock.nowMs());
  }

  ageMs(incarnation: string): Promise<number | null> {
    const renewedAt = this.renewedAtMs.get(incarnation);
    return Promise.resolve(renewedAt === undefined ? null : this.clock.monotonicMs() - renewedAt);
  }

  end(incarnation: string): Promise<void> {
    this.renewedAtMs.delete(incarnation);
    return Promise.resolve();
  }

  forgetOld(): Promise<void> {
    const oldestMs = this.clock.monotonicMs() - limits.leaseKeptMs;
    for (const [incarnation, atMs] of this.renewedAtMs) {
      if (atMs < oldestMs) this.renewedAtMs.delete(incarnation);
    }
    return Promise.resolve();
  }
}
