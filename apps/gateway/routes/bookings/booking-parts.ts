import type { Bus } from '#libs/bus/bus.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { EventShares } from '#libs/routing/event-shares.js';

import type { AddressMarks } from '../../admission/address-marks.js';

/** What the routes of bookings stand on. */
export interface BookingParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  /** Bookings that wait for payments: an event whose owner is silent keeps none from the others. */
  readonly bookingShares: EventShares;
  readonly addressMarks: Pick<AddressMarks, 'of'>;
}
