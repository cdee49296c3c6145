import type { Bus } from '#libs/bus/bus.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { Random } from '#libs/platform/random.js';
import type { Tracer } from '#libs/platform/tracer.js';

/** What a client of the owners of events needs around it. */
export interface InventoryClientPorts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Unique among all clients of the bus; [a-z0-9-]. */
  readonly clientId: string;
  /** Of payments, whose commands shards believe nobody else. */
  readonly sealKey?: string | undefined;
  /** Events whose owner is remembered. The room is taken at once. */
  readonly locationsMax?: number;
  /** Absent, or null: nothing is traced. */
  readonly tracer?: Tracer | null;
}
