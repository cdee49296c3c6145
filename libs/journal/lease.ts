/**
 * The lease of a shard process: proof, from the one arbiter all processes share, that it was
 * alive. Safety never rests on it (the journal's fence does that); it bounds how long a process
 * that lost its events without noticing may still answer reads and refusals, and it keeps a
 * neighbour from taking events away from a process that is merely quiet on the bus.
 */
export interface LeaseStore {
  /** Creates or renews; the store's own clock is used, and what it shows comes back (wall, ms). */
  renew(lease: Lease): Promise<number>;
  /** Milliseconds since the last renewal by the store's clock, null when there is none. */
  ageMs(incarnation: string): Promise<number | null>;
  /** A clean stop: others need not wait. */
  end(incarnation: string): Promise<void>;
  /** Drops the leases of processes that were killed long ago (limits.leaseKeptMs). */
  forgetOld(): Promise<void>;
}

export interface Lease {
  readonly incarnation: string;
  readonly shardId: string;
  readonly host: string;
  readonly pid: number;
}
