import type pg from 'pg';
import { OperatorTokens } from '#apps/gateway/auth/operator-tokens.js';
import type { Role } from '#libs/contracts/roles.js';
import { systemRandom } from '#libs/platform/random.js';
import { importSmallEvent } from '#libs/testing/sale.js';
import type { EventId } from '#libs/inventory/ids.js';
import { ask } from './ask.js';
import type { AttackIssuer } from './issuer.js';

/** Everybody who tries. */
export const personNames = [
  'nobody',
  'owner',
  'buyer',
  'member',
  'organiser',
  'rival',
  'support',
  'finance',
  'sre',
] as const;

/**
 * `member` buys with a token of the system's issuer, which says much of him that means nothing.
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
  readonly people: Readonly<Record<Exclude<PersonName, 'member'>, Person>> & {
    /** null: the system has no issuer of ours. */
    readonly member: Person | null;
  };
  readonly issuer: AttackIssuer | null;
  /** Of many operators of role sre, one after the other: none of them asks too often. */
  readonly nextOperator: () => string;
  reservationId: string;
  bookingId: string;
}

export interface Target {
  readonly url: string;
  readonly pool: pg.Pool;
  readonly tokenSecret: string;
  readonly issuer?: AttackIssuer | undefined;
}

const operators = 10;
const holdMs = 10 * 60_000;
const tokenMs = 30 * 60_000;

/** The owner has a reservation and a booking when it begins. */
export async function openScene({ url, pool, tokenSecret, issuer }: Target): Promise<Scene> {
  const eventId = `evt_attack${systemRandom.token(10)}` as EventId;
  const own = `own-${systemRandom.token(8)}`;
  await importSmallEvent(pool, eventId, holdMs, own);
  const tokens = new OperatorTokens(tokenSecret);
  const staff = (name: PersonName, role: Role, organiser: string | null = null, no = 0) => {
    const operator = { name: `attack ${name} ${no}`, role, organiser };
    return { name, role, token: tokens.sign(operator, Date.now(), tokenMs).token };
  };
  const people = {
    nobody: { name: 'nobody', role: null, token: null },
    owner: await guest(url, 'owner'),
    buyer: await guest(url, 'buyer'),
    member: issuer === undefined ? null : await memberOf(issuer),
    organiser: staff('organiser', 'organiser', own),
    rival: staff('rival', 'organiser', `rival-${systemRandom.token(8)}`),
    support: staff('support', 'support'),
    finance: staff('finance', 'finance'),
    sre: staff('sre', 'sre'),
  } as const;
  const event = await answered(url, `/v1/events/${eventId}`, null);
  const layoutHash = String(event.layout_hash);
  const sres = Array.from({ length: operators }, (_, i) => staff('sre', 'sre', null, i).token);
  let turn = 0;
  const nextOperator = (): string => sres[turn++ % operators];
  const things = { reservationId: '', bookingId: '' };
  const scene = {
    url,
    eventId,
    layoutHash,
    people,
    issuer: issuer ?? null,
    nextOperator,
    ...things,
  };
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

async function memberOf(issuer: AttackIssuer): Promise<Person> {
  return { name: 'member', role: null, token: await issuer.buyer() };
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
