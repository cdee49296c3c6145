import type { Lease, LeaseStore } from '#libs/journal/lease.js';
import type { FaultyJournal } from './faulty-journal.js';
import type { Weather } from './weather.js';

/** The lease store as one process reaches it; an old answer can come from a replica behind. */
export class FaultyLeases implements LeaseStore {
  away = false;

  constructor(
    private readonly inner: LeaseStore,
    private readonly journal: FaultyJournal,
    private readonly weather: Weather,
  ) {}

  renew(lease: Lease): Promise<number> {
    return this.ask('renew', () => {
      if (this.weather.strikes('lease_renewal_lost')) throw new Error('injected: not renewed');
      return this.inner.renew(lease);
    });
  }

  ageMs(incarnation: string): Promise<number | null> {
    return this.ask('ageMs', async () => {
      const ageMs = await this.inner.ageMs(incarnation);
      if (ageMs === null || !this.weather.strikes('lease_stale')) return ageMs;
      return ageMs + this.weather.between(0, 3_000);
    });
  }

  end(incarnation: string): Promise<void> {
    return this.ask('end', () => this.inner.end(incarnation));
  }

  forgetOld(): Promise<void> {
    return this.ask('forgetOld', () => this.inner.forgetOld());
  }

  private ask<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.journal.ask(`lease ${name}`, () => {
      if (this.away) throw new Error('injected: the lease store is away');
      return work();
    });
  }
}
