import type { Pool } from 'pg';

import type { Catalogue } from '#libs/catalogue/catalogue.js';
import { readParts } from '#libs/catalogue/event-fees.js';
import { heldParts, partsOf } from '#libs/catalogue/held-parts.js';
import { noParts, type PriceParts } from '#libs/contracts/money/price-parts.js';
import type { HoldOutcome } from '#libs/inventory/rules/decision.js';

import { bookedPrices } from '../refunds/booked-prices.js';
import type { Attempt } from '../saga/attempt.js';

/**
 * What is in the total of a hold that is about to be paid. Nothing is charged by it: the total is
 * the owner's (PF1). It is kept with the attempt before the provider hears of it, so what the
 * capture enters, what a booking shows and what goes back of it agree, whatever the event's fees
 * become.
 *
 * Nearly always the catalogue at hand tells it. Where prices changed since the hold was made, the
 * table is asked, and for places of several prices the hold's own fact; null where that does not
 * say them.
 */
export class AttemptParts {
  constructor(
    private readonly pool: Pool,
    private readonly catalogue: Pick<Catalogue, 'eventOf' | 'layoutOf'>,
  ) {}

  async of({ eventId, holdId }: Attempt, hold: HoldOutcome): Promise<PriceParts | null> {
    if (hold.totalMinor === 0) return noParts;
    const [event, layout] = await Promise.all([
      this.catalogue.eventOf(eventId),
      this.catalogue.layoutOf(eventId),
    ]);
    if (event === null || layout === null) return null;
    const known = heldParts(event, layout.layout, hold);
    if (known !== null) return known;
    const parts = await readParts(this.pool, eventId);
    if (parts.size === 0) return noParts;
    const fees = { ...event.fees, parts };
    const now = heldParts({ fees, rules: event.rules }, layout.layout, hold);
    if (now !== null) return now;
    const prices = await bookedPrices(this.pool, eventId, holdId);
    const priced = [
      ...hold.seats.map((seat) => [prices.ofSeat(seat), 1] as const),
      ...hold.areas.map(({ area, quantity }) => [prices.ofArea(area), quantity] as const),
    ];
    const isKnown = priced.every(([price]) => price !== null);
    return isKnown ? partsOf(parts, priced as [number, number][]) : null;
  }
}
