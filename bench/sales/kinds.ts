import type pg from 'pg';
import { sound } from '#libs/catalogue/checked.js';
import { checkEventFile } from '#libs/catalogue/event-file.js';
import { importEvent } from '#libs/catalogue/import-event.js';
import { prepareEvent, type PreparedEvent } from '#libs/catalogue/prepare-event.js';
import { checkPlan } from '#libs/catalogue/pretix-plan.js';
import type { EventId } from '#libs/inventory/ids.js';
import { systemRandom } from '#libs/platform/random.js';
import { benchSeats, planOf, shuffledSeatIds } from '../bench-events.js';
import type { RequestSet } from '../load/plan.js';
import { pooled } from '../moves/pooled.js';

/** One kind of sale: what is on sale, and what buyers ask for. */
export interface SaleKind {
  readonly name: string;
  readonly title: string;
  readonly what: string;
  /** Events of its own, and the bodies that ask for places of them. */
  open(pool: pg.Pool): Promise<OpenSale>;
}

export interface OpenSale {
  readonly eventIds: readonly string[];
  readonly bodies: Pick<RequestSet, 'bodyBefore' | 'bodyAfter' | 'values'>;
}

const requests = 200_000;
const floor = 1_000_000;
const coolEvents = 1_000;
const coolSeats = 100;
const importsAtOnce = 4;

/** The first is what the others are compared with. */
export const saleKinds: readonly SaleKind[] = [
  {
    name: 'seats',
    title: 'named seats, all different',
    what: 'One event of 200,000 seats; each request names one that nobody asked for.',
    async open(pool) {
      const [eventId] = await addEvents(pool, seatsOf(benchSeats), 1);
      const bodyBefore = `{"event_id":"${eventId}","seat_ids":["`;
      return {
        eventIds: [eventId],
        bodies: { bodyBefore, bodyAfter: '"]}', values: shuffledSeatIds() },
      };
    },
  },
  {
    name: 'best-available',
    title: 'best available, 1 to 6 together',
    what: 'Everybody wants the best block of the same event, and no seat may be left alone.',
    async open(pool) {
      const [eventId] = await addEvents(pool, seatsOf(benchSeats, 'refuse'), 1);
      const bodyBefore = `{"event_id":"${eventId}","best_available":[{"quantity":`;
      return {
        eventIds: [eventId],
        bodies: { bodyBefore, bodyAfter: '}]}', values: parties(requests) },
      };
    },
  },
  {
    name: 'standing',
    title: 'general admission, 1 to 6 places',
    what: 'One floor of 1,000,000 places, counted and not named.',
    async open(pool) {
      const [eventId] = await addEvents(pool, standing(), 1);
      const bodyBefore = `{"event_id":"${eventId}","areas":[{"area":"Floor","quantity":`;
      return {
        eventIds: [eventId],
        bodies: { bodyBefore, bodyAfter: '}]}', values: parties(requests) },
      };
    },
  },
  {
    name: 'cool-events',
    title: '1,000 events at rest',
    what: 'Any seat of any of 1,000 small events, which their owner has to wake first.',
    async open(pool) {
      const eventIds = await addEvents(pool, seatsOf(coolSeats), coolEvents);
      const bodyAfter = '","best_available":[{"quantity":1}]}';
      const values = Array.from({ length: coolEvents * coolSeats }, () => anyOf(eventIds));
      return { eventIds, bodies: { bodyBefore: '{"event_id":"', bodyAfter, values } };
    },
  },
];

const anyOf = <Item>(items: readonly Item[]): Item =>
  items[Math.floor(Math.random() * items.length)];

/** How many come together: 1 to 6, each as often as the others. */
const parties = (count: number): string[] =>
  Array.from({ length: count }, () => anyOf(['1', '2', '3', '4', '5', '6']));

const common = () => ({
  name: 'Bench',
  venue: 'Bench Bowl',
  city: 'Nowhere',
  start: new Date(Date.now() + 30 * 86_400_000).toISOString(),
  on_sale: 'now',
  currency: 'EUR',
  buyer_limit: 1_000,
  places_per_hold: 8,
  hold_minutes: 30,
});

export function seatsOf(seats: number, singles: 'allow' | 'refuse' = 'allow'): PreparedEvent {
  const file = { ...common(), prices: { Seat: '45.00' }, stranded_singles: singles };
  const plan = sound(checkPlan(planOf(seats)));
  return sound(prepareEvent(sound(checkEventFile(file)), plan, Date.now()));
}

function standing(): PreparedEvent {
  const areas = [{ name: 'Floor', capacity: floor, category: 'Standing' }];
  const file = { ...common(), prices: { Standing: '25.00' }, areas };
  return sound(prepareEvent(sound(checkEventFile(file)), null, Date.now()));
}

export async function addEvents(
  pool: pg.Pool,
  prepared: PreparedEvent,
  count: number,
): Promise<string[]> {
  const ids = Array.from({ length: count }, () => `evt_bench${systemRandom.token(12)}`);
  await pooled(importsAtOnce, ids, async (eventId) => {
    const { kind } = await importEvent(pool, { ...prepared, eventId: eventId as EventId });
    if (kind !== 'imported') throw new Error(`${eventId} was not imported: ${kind}`);
  });
  return ids;
}
