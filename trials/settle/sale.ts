import type pg from 'pg';
import { sound } from '#libs/catalogue/checked.js';
import { demoPlan } from '#libs/catalogue/demo/demo-catalogue.js';
import { checkEventFile } from '#libs/catalogue/event-file.js';
import { importEvent } from '#libs/catalogue/import-event.js';
import { prepareEvent } from '#libs/catalogue/prepare-event.js';
import { systemRandom } from '#libs/platform/random.js';
import type { Api } from '../demo/api.js';
import { loadHall } from '../demo/crowd.js';
import type { Hall } from '../demo/seat-picker.js';

export interface OnSale {
  readonly eventId: string;
  readonly hall: Hall;
}

/** With two, no and three decimals, since amounts go wrong where one counts in another unit. */
const money = [
  { currency: 'EUR', prices: ['95.00', '68.50', '52.00', '29.50'], fee: '2.35' },
  { currency: 'JPY', prices: ['14000', '9800', '7200', '4100'], fee: '250' },
  { currency: 'KWD', prices: ['31.500', '22.250', '17.000', '9.750'], fee: '0.750' },
] as const;
const categories = ['Premium', 'Stalls', 'Circle', 'Balcony'];
/** Of a hall of 622 seats: few enough that late buyers find their seats gone. */
const bookingsPerEvent = 220;
const holdMinutes = 0.5;
const paymentMinutes = 0.5;

/** As many events as so many bookings need, in turn in each currency. */
export async function putOnSale(pool: pg.Pool, api: Api, bookings: number): Promise<OnSale[]> {
  const rounds = Math.ceil(bookings / bookingsPerEvent / money.length);
  const sales: OnSale[] = [];
  for (let i = 0; i < rounds * money.length; i += 1) {
    const eventId = await addEvent(pool, money[i % money.length]);
    sales.push({ eventId, hall: await loadHall(api, eventId, Number.MAX_SAFE_INTEGER) });
  }
  return sales;
}

async function addEvent(
  pool: pg.Pool,
  { currency, prices, fee }: (typeof money)[number],
): Promise<string> {
  const nowMs = Date.now();
  const id = `evt_settle${systemRandom.token(12)}`.toLowerCase();
  const file = checkEventFile({
    id,
    name: `Everything goes wrong, in ${currency}`,
    venue: 'Meridian Theatre',
    city: 'London',
    start: new Date(nowMs + 30 * 86_400_000).toISOString(),
    on_sale: 'now',
    currency,
    prices: Object.fromEntries(categories.map((category, i) => [category, prices[i]])),
    buyer_limit: 6,
    hold_minutes: holdMinutes,
    payment_minutes: paymentMinutes,
    stranded_singles: 'allow',
    cancellation: { until: 24, fee },
  });
  const prepared = sound(prepareEvent(sound(file), demoPlan('theatre'), nowMs));
  const result = await importEvent(pool, prepared);
  if (result.kind !== 'imported') throw new Error(`the event was not imported: ${result.kind}`);
  return id;
}
