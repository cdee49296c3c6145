import type pg from 'pg';
import { OperatorTokens } from '#apps/gateway/auth/operator-tokens.js';
import type { Role } from '#libs/contracts/roles.js';
import { systemRandom } from '#libs/platform/random.js';
import { importSmallEvent } from '#libs/testing/sale.js';
import type { EventId } from '#libs/inventory/ids.js';
import { ask } from './ask.js';

/** Everybody who tries. */
export const personNames = [
  'nobody',
  'owner',
  'buyer',
  'organiser',
  'rival',
  'support',
  'finance',
  'sre',
] as const;

/**
 * `owner` is the buyer whose reservation and booking are tried by the others, `organiser` has the
 * event that is tried, `rival` is an organiser of another one.
 */
export type PersonName = (typeof personNames)[number];

export interface Person {
  readonly name: PersonName;
  readonly token: string | null;
  readonly role: Role | null;
}

/** What is tried: an event of its own on a running system, and what a buyer has of it. */
export interface Scene {
  readonly url: string;
  readonly eventId: string;
  readonly layoutHash: string;
  readonly people: Readonly<Record<PersonName, Person>>;
  reservationId: string;
  bookingId: string;
}

export interface Target {
  readonly url: string;
  readonly pool: pg.Pool;
  readonly tokenSecret: string;
}

const holdMs = 10 * 60_000;
const tokenMs = 30 * 60_000;

/** The owner has a reservation and a booking when it begins. */
export async function openScene({ url, pool, tokenSecret }: Target): Promise<Scene> {
  const eventId = `evt_attack${systemRandom.token(10)}` as EventId;
  const own = `own-${systemRandom.token(8)}`;
  await importSmallEvent(pool, eventId, holdMs, own);
  const tokens = new OperatorTokens(tokenSecret);
  const staff = (name: PersonName, role: Role, organiser: string | null = null): Person => {
    const operator = { name: `attack ${name}`, role, organiser };
    return { name, role, token: tokens.sign(operator, Date.now(), tokenMs).token };
  };
  const people = {
    nobody: { name: 'nobody', role: null, token: null },
    owner: await guest(url, 'owner'),
    buyer: await guest(url, 'buyer'),
    organiser: staff('organiser', 'organiser', own),
    rival: staff('rival', 'organiser', `rival-${systemRandom.token(8)}`),
    support: staff('support', 'support'),
    finance: staff('finance', 'finance'),
    sre: staff('sre', 'sre'),
  } as const;
  const event = await answered(url, `/v1/events/${eventId}`, null);
  const layoutHash = String(event.layout_hash);
  const scene = { url, eventId, layoutHash, people, reservationId: '', bookingId: '' };
  await holdAnew(scene);
  const paid = await answered(url, '/v1/bookings', people.owner.token, {
    reservation_id: scene.reservationId,
    payment_token: 'pm_card_visa',
    idempotency_key: systemRandom.token(16),
  });
  scene.bookingId = String(paid.booking_id);
  await holdAnew(scene);
  return scene;
}

/** Another reservation of the owner: the one before may be gone. */
export async function holdAnew(scene: Scene): Promise<void> {
  const { url, eventId, people } = scene;
  const body = { event_id: eventId, best_available: [{ quantity: 1 }] };
  const held = await answered(url, '/v1/reservations', people.owner.token, body);
  scene.reservationId = String(held.reservation_id);
}

async function guest(url: string, name: PersonName): Promise<Person> {
  const { token } = await answered(url, '/v1/sessions', null, {});
  return { name, role: null, token: String(token) };
}

/** Throws when it is no success: the scene could not be set. */
async function answered(
  url: string,
  path: string,
  token: string | null,
  body?: object,
): Promise<Record<string, unknown>> {
  const method = body === undefined ? 'GET' : 'POST';
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const { status, text } = await ask(url, { method, path, token, ...sent });
  if (status < 200 || status > 299) throw new Error(`${method} ${path}: ${status} ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}
