import type { Bus } from '#libs/bus/bus.js';
import type { Clock } from '#libs/platform/clock.js';
import type { InventoryClient } from '#libs/routing/inventory-call.js';
import type { Catalogue } from '#libs/catalogue/catalogue.js';
import type { Log } from '#libs/platform/log.js';
import type { Random } from '#libs/platform/random.js';

import type { Admission } from './admission/admission.js';
import type { Authenticator } from './auth/authenticator.js';
import type { GuestTokens } from './auth/guest-tokens.js';
import type { EventBook } from './events/event-book.js';
import type { LameDuck } from './lame-duck/lame-duck.js';
import type { LiveMap } from './live/live-map.js';
import type { GatewayMetrics } from './metrics.js';
import type { Replicas } from './replica/replicas.js';

/** What the routes are made of; put together once, in gateway.ts. */
export interface GatewayParts {
  readonly bus: Bus;
  readonly inventory: InventoryClient;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly admission: Admission;
  readonly authenticator: Authenticator;
  readonly guests: GuestTokens;
  readonly events: EventBook;
  readonly replicas: Replicas;
  readonly live: LiveMap;
  readonly lameDuck: LameDuck;
  readonly metrics: GatewayMetrics;
  readonly traffic: GatewayMetrics;
  readonly loopbackUnlimited: boolean;
}
