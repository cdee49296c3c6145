import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { demoPlan } from '#libs/catalogue/demo/demo-catalogue.js';
import type { System } from '#ops/system/find-system.js';
import { projectRoot } from '#ops/system/paths.js';

/**
 * One plan, one import and one booking in each of these currencies, whose decimals Node's own
 * tables (Intl) have moved between its releases, at times that its tables of zones decide.
 */
const cases = [
  { currency: 'HUF', prices: ['12000', '8500'], zone: 'Europe/Budapest' },
  { currency: 'JPY', prices: ['9800', '4500'], zone: 'Asia/Tokyo' },
  { currency: 'KWD', prices: ['18.600', '7.250'], zone: 'Asia/Kuwait' },
  { currency: 'ISK', prices: ['7990', '5990'], zone: 'Atlantic/Reykjavik' },
  { currency: 'RSD', prices: ['2400.00', '1800.50'], zone: 'America/Nuuk' },
];

/** Names made by chance, times of now, and what a gateway hears of a moment later. */
const byChance = [
  ...['reservation_id', 'booking_id', 'venue_id', 'expires_at', 'created_at'],
  ...['sale_status', 'availability'],
];

/**
 * Imports and sells the cases on a running system, and says what came of it.
 *
 * @returns SHA-256 of all that was printed and answered, in hexadecimal: the same on every Node.
 */
export async function sellTheSame(system: System, node: string): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-same-'));
  const digest = createHash('sha256');
  try {
    const plan = demoPlan('theatre');
    writeFileSync(path.join(folder, 'plan.json'), JSON.stringify(plan));
    writeFileSync(path.join(folder, 'poster.png'), await poster());
    const categories = plan.categories.map(({ name }) => name);
    for (const { currency, prices, zone } of cases) {
      const file = path.join(folder, `${currency}.json`);
      const eventId = `evt_same${currency.toLowerCase()}`;
      const event = {
        id: eventId,
        plan: 'plan.json',
        image: 'poster.png',
        name: `Così fan tutte ${currency}`,
        venue: 'Großes Haus',
        city: 'Łódź',
        start: '2027-03-27T19:30:00',
        on_sale: '2026-01-02T10:00:00',
        time_zone: zone,
        currency,
        prices: Object.fromEntries(categories.map((name, i) => [name, prices[i % 2]])),
      };
      writeFileSync(file, JSON.stringify(event));
      digest.update(await imported(node, file, system.data ?? ''));
      for (const text of await answers(system.gatewayUrls[0], eventId)) digest.update(text);
    }
    return digest.digest('hex');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Of many colours: what is made of it is named by its hash in the answer about the event. */
function poster(): Promise<Buffer> {
  const [width, height] = [1_500, 900];
  const pixels = Buffer.from(
    Array.from({ length: width * height * 3 }, (_, i) => (i * 7 + ((i * i) >> 9)) & 255),
  );
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

async function imported(node: string, file: string, data: string): Promise<string> {
  const args = ['ops/holdfastctl.mjs', 'import', file, '--json', '--data', data];
  const { stdout } = await promisify(execFile)(node, args, { cwd: projectRoot });
  return stdout;
}

async function answers(url: string, eventId: string): Promise<string[]> {
  const session = JSON.parse(await ask(url, '/v1/sessions', {})) as { token: string };
  const call = (at: string, body?: object): Promise<string> => ask(url, at, body, session.token);
  const event = await call(`/v1/events/${eventId}`);
  const { layout_hash: hash } = JSON.parse(event) as { layout_hash: string };
  const layout = await call(`/v1/layouts/${hash}`);
  const cart = { event_id: eventId, best_available: [{ quantity: 3 }] };
  const held = await call('/v1/reservations', cart);
  const { reservation_id: reservation } = JSON.parse(held) as { reservation_id: string };
  const payment = {
    reservation_id: reservation,
    payment_token: 'pm_card_visa',
    idempotency_key: 'same',
  };
  const booked = await call('/v1/bookings', payment);
  const seats = await call(`/v1/events/${eventId}/seats`);
  return [event, layout, held, booked, seats].map(withoutChance);
}

async function ask(url: string, at: string, body?: object, token?: string): Promise<string> {
  const response = await fetch(url + at, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      'accept-encoding': 'identity',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${at} was answered ${response.status}: ${text}`);
  return text;
}

const withoutChance = (text: string): string =>
  JSON.stringify(JSON.parse(text), (key, value: unknown) => (byChance.includes(key) ? '' : value));
