import { checkEventFile } from '#libs/catalogue/event-file.js';
import { sound } from '#libs/catalogue/checked.js';
import { importEvent } from '#libs/catalogue/import-event.js';
import { prepareEvent } from '#libs/catalogue/prepare-event.js';
import { checkPlan } from '#libs/catalogue/pretix-plan.js';
import { limits } from '#libs/contracts/limits.js';
import { openPool } from '#libs/database/pool.js';
import type { EventId } from '#libs/inventory/ids.js';
import { systemRandom } from '#libs/platform/random.js';
import { pooled } from './pooled.js';

export const smallSeats = 40;
export const smallSeatIdOf = (seat: number): string => `k${String(seat).padStart(2, '0')}`;

const connections = 4;

/**
 * Many small events over one plan, with holds of `holdMs`. Their sale is to be opened by command:
 * one that opens by the clock would be woken wherever placement wants it.
 */
export async function addSmallEvents(
  databaseUrl: string,
  count: number,
  holdMs: number,
): Promise<EventId[]> {
  const nowMs = Date.now();
  const file = checkEventFile({
    name: 'Kitchen reading',
    venue: 'Kitchen',
    city: 'Nowhere',
    start: new Date(nowMs + 30 * 86_400_000).toISOString(),
    on_sale: 'manual',
    currency: 'EUR',
    prices: { Chair: '9.00' },
    buyer_limit: 1_000,
    places_per_hold: 8,
    hold_minutes: holdMs / 60_000,
    stranded_singles: 'allow',
  });
  const prepared = sound(prepareEvent(sound(file), sound(checkPlan(plan())), nowMs));
  const names = Array.from(
    { length: count },
    () => `evt_small${systemRandom.token(12)}` as EventId,
  );
  const pool = openPool(databaseUrl, {
    applicationName: 'bench',
    max: connections,
    answerWithinMs: limits.operatorAnswerMs,
  });
  try {
    await pooled(connections, names, async (eventId) => {
      const { kind } = await importEvent(pool, { ...prepared, eventId });
      if (kind !== 'imported') throw new Error(`${eventId} was not imported: ${kind}`);
    });
  } finally {
    await pool.end();
  }
  return names;
}

function plan(): object {
  const seats = Array.from({ length: smallSeats }, (_, seat) => ({
    seat_guid: smallSeatIdOf(seat),
    seat_number: String(seat + 1),
    position: { x: seat * 20, y: 0 },
    category: 'Chair',
  }));
  return {
    name: 'Kitchen',
    categories: [{ name: 'Chair', color: '#2980b9' }],
    zones: [
      {
        name: 'Room',
        position: { x: 0, y: 0 },
        rows: [{ row_number: '1', position: { x: 0, y: 0 }, seats }],
      },
    ],
  };
}
