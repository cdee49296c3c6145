import type pg from 'pg';
import { sound } from '#libs/catalogue/checked.js';
import { demoPlan } from '#libs/catalogue/demo/demo-catalogue.js';
import { checkEventFile } from '#libs/catalogue/event-file.js';
import { importEvent } from '#libs/catalogue/import-event.js';
import { prepareEvent } from '#libs/catalogue/prepare-event.js';
import type { PretixPlan } from '#libs/catalogue/pretix-plan.js';
import { systemRandom } from '#libs/platform/random.js';

/** Holds of the demo end while people watch. */
export const demoHoldMs = 8_000;
const demoPaymentMs = 20_000;
const buyerLimit = 4;

/**
 * A fresh performance in the demo theatre, with the first `seats` seats of its plan and short
 * holds. It is imported like any other event, and stays in the catalogue afterwards.
 */
export async function createDemoEvent(pool: pg.Pool, seats: number): Promise<string> {
  const nowMs = Date.now();
  const id = `evt_demo${systemRandom.token(12)}`;
  const plan = firstSeats(demoPlan('theatre'), seats);
  const prices = new Map([
    ['Premium', '95.00'],
    ['Stalls', '68.50'],
    ['Circle', '52.00'],
    ['Balcony', '29.50'],
  ]);
  const used = new Set(plan.zones.flatMap((zone) => zone.rows.flatMap(categoriesOf)));
  const file = checkEventFile({
    id,
    name: 'Hamlet, demo performance',
    venue: 'Meridian Theatre',
    city: 'London',
    performers: ['Ines Okafor', 'Tomasz Lindqvist'],
    start: new Date(nowMs + 30 * 86_400_000).toISOString(),
    on_sale: 'now',
    currency: 'GBP',
    prices: Object.fromEntries([...prices].filter(([category]) => used.has(category))),
    buyer_limit: buyerLimit,
    hold_minutes: demoHoldMs / 60_000,
    payment_minutes: demoPaymentMs / 60_000,
    stranded_singles: 'refuse',
  });
  const result = await importEvent(pool, sound(prepareEvent(sound(file), plan, nowMs)));
  if (result.kind !== 'imported')
    throw new Error(`the demo event was not imported: ${result.kind}`);
  return id;
}

function firstSeats(plan: PretixPlan, count: number): PretixPlan {
  let left = count;
  const zones = plan.zones.map((zone) => ({
    ...zone,
    rows: zone.rows.map((row) => {
      const seats = row.seats.slice(0, left);
      left -= seats.length;
      return { ...row, seats };
    }),
  }));
  const filled = zones
    .map((zone) => ({ ...zone, rows: zone.rows.filter((row) => row.seats.length > 0) }))
    .filter((zone) => zone.rows.length > 0);
  return { ...plan, zones: filled };
}

const categoriesOf = (row: PretixPlan['zones'][number]['rows'][number]) =>
  row.seats.map((seat) => seat.category);
