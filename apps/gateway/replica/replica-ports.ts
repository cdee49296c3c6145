import type { Bus } from '#libs/bus/bus.js';
import type { EventShares } from '#libs/routing/event-shares.js';
import type { InventoryClient } from '#libs/routing/inventory-call.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { LoopShare } from '#libs/platform/loop-share.js';

/** What the replicas of a gateway are made of, and what they report. */
export interface ReplicaPorts {
  readonly bus: Bus;
  readonly inventory: InventoryClient;
  readonly clock: Clock;
  readonly log: Log;
  /** For seat lists, which are long work. */
  readonly share: LoopShare;
  readonly onResync: (reason: ResyncReason) => void;
}

/** What one replica is made of. */
export interface ReplicaParts extends ReplicaPorts {
  /** Of all replicas: requests that wait for a first map (ES2). */
  readonly waiting: EventShares;
}

export const resyncReasons = [
  'gap',
  'older_epoch',
  'silent_loss',
  'not_known',
  'reconnect',
  'malformed',
  'older_map',
  'overflow',
] as const;
export type ResyncReason = (typeof resyncReasons)[number];
