import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { declineBounds } from '#libs/contracts/limits/payments.js';
import type { EventId } from '#libs/inventory/ids.js';
import { systemRandom } from '#libs/platform/random.js';
import { importSmallEvent } from '#libs/testing/sale.js';
import { askOnce, type Answer } from './ask.js';
import type { Door } from './doors.js';
import { forgedAddresses } from './forged-addresses.js';
import { framings } from './framings.js';

/**
 * A system that is ours: loopback has limits there, and says for whom it asks as a proxy would
 * (HOLDFAST_TRUSTED_PROXIES=127.0.0.1, which 127.0.0.2 is not).
 */
export interface BotTarget {
  readonly url: string;
  readonly pool: pg.Pool;
}

/** What programs do who buy to sell dearer, or who have cards of others. */
export async function tryBots(target: BotTarget): Promise<Door[]> {
  const eventId = `evt_bots${systemRandom.token(10)}` as EventId;
  await importSmallEvent(target.pool, eventId, holdMs, undefined, {
    ...{ buyer_limit: placesAHold, places_per_hold: placesAHold },
    address_limit: facesMax * placesAHold,
  });
  const scene = { url: target.url, eventId };
  return [
    await manyFaces(scene),
    await endlessExtender(scene),
    await cardTester(scene),
    await forgedAddresses(target.url),
    await framings(target.url),
  ];
}

interface BotScene {
  readonly url: string;
  readonly eventId: EventId;
}

const holdMs = 60_000;
/** Of importSmallEvent: twice the hold, and a minute for a payment. */
const lifetimeMsMax = 3 * holdMs;
const placesAHold = 4;
/** So many guests of one address get something. */
const facesMax = 2;

async function manyFaces({ url, eventId }: BotScene): Promise<Door> {
  const crowds: readonly (readonly [string, (i: number) => string])[] = [
    ['one address', (i) => `10.9.9.${i}, 198.51.100.1`],
    ['one IPv6 /64', (i) => `2001:db8:1:2::${i + 1}`],
  ];
  const holes: string[] = [];
  let tried = 0;
  for (const [what, from] of crowds) {
    const codes: string[] = [];
    for (let i = 0; i < facesMax + 4; i++) codes.push((await holdAs(url, eventId, from(i))).code);
    tried += codes.length;
    const got = codes.filter((code) => code === '').length;
    const told = codes.filter((code) => code === 'address_limit').length;
    if (got !== facesMax || told !== codes.length - facesMax) {
      holes.push(`${codes.length} guests of ${what} were told: ${codes.join(' ')}`);
    }
  }
  const other = await holdAs(url, eventId, '198.51.100.2');
  if (other.code !== '') holes.push(`somebody of another address was told ${other.code}`);
  return { name: 'many faces of one address', tried, holes };
}

/** By seconds and by whole lifetimes, as long as he is let. */
async function endlessExtender({ url, eventId }: BotScene): Promise<Door> {
  const from = '198.51.100.3';
  const holes: string[] = [];
  let tried = 0;
  for (const body of [{ seconds: holdMs / 1_000 }, { seconds: 86_400 }, {}]) {
    const madeAtMs = Date.now();
    const { token, id } = await holdAs(url, eventId, from);
    let answer: Answer | null = null;
    for (let i = 0; i < extensionsMax && (answer === null || answer.status === 200); i++) {
      answer = await send(url, `/v1/reservations/${id}/extend`, token, body, from);
      tried += 1;
      const { expires_at: expires } = bodyOf(answer);
      const livesMs = Date.parse(String(expires)) - madeAtMs;
      if (answer.status === 200 && livesMs > lifetimeMsMax + slackMs) {
        holes.push(`a hold of ${holdMs} ms was kept for ${livesMs} ms`);
        break;
      }
      // What is wanted anew is a lifetime from now: it grows only as time passes.
      if (Object.keys(body).length === 0) break;
    }
    const ended = Object.keys(body).length === 0 || answer?.code === 'extension_limit';
    if (!ended) holes.push(`extended by ${JSON.stringify(body)} he was told ${answer?.code}`);
    await send(url, `/v1/reservations/${id}`, token, {}, from, 'DELETE');
  }
  return { name: 'holds that never end', tried, holes };
}

const extensionsMax = 12;
/** Between the two clocks, and for the way. */
const slackMs = 15_000;

async function cardTester({ url, eventId }: BotScene): Promise<Door> {
  const from = '198.51.100.4';
  const { token, id } = await holdAs(url, eventId, from);
  // Three mistakes, and one that is tried at once.
  const tries = declineBounds.reservation.free + 1;
  const codes: string[] = [];
  for (let i = 0; i < tries + 4; i++) {
    const body = {
      reservation_id: id,
      payment_token: 'pm_card_chargeDeclined',
      idempotency_key: randomUUID(),
    };
    codes.push((await send(url, '/v1/bookings', token, body, from)).code);
  }
  const declined = codes.filter((code) => code === 'payment_declined').length;
  const stopped = codes.filter((code) => code === 'too_many_declines').length;
  const held = declined <= tries && declined + stopped === codes.length;
  const holes = held ? [] : [`a card tester was told: ${codes.join(' ')}`];
  return { name: 'cards tried on one reservation', tried: codes.length, holes };
}

interface Held {
  readonly code: string;
  readonly token: string;
  readonly id: string;
}

/** As a guest of his own, with all the places that he may have. */
async function holdAs(url: string, eventId: EventId, from: string): Promise<Held> {
  const session = await send(url, '/v1/sessions', null, {}, from);
  const token = String(bodyOf(session).token);
  const body = { event_id: eventId, best_available: [{ quantity: placesAHold }] };
  const held = await send(url, '/v1/reservations', token, body, from);
  return { code: held.code, token, id: String(bodyOf(held).reservation_id) };
}

function send(
  url: string,
  path: string,
  token: string | null,
  body: object,
  from: string,
  method = 'POST',
): Promise<Answer> {
  const headers = { 'x-forwarded-for': from };
  return askOnce(url, { method, path, token, body: JSON.stringify(body), headers });
}

function bodyOf({ text }: Answer): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
