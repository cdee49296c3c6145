import type { Bus } from '#libs/bus/bus.js';
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
