import { eventIdOf } from '#libs/contracts/ids.js';
import { limits } from '#libs/contracts/limits.js';
import { assert } from '#libs/platform/assert.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import { phaseOf, type Place } from '#libs/room/room.js';
import type { RoomStore } from '#libs/room/room-store.js';
import { entryOf } from '#libs/room/signed.js';

import type { Caller } from '../../auth/authenticator.js';
import type { EventBook } from '../../events/event-book.js';
import type { Exchange } from '../../http/exchange.js';
import type { AdmissionTokens } from '../../room/admission-tokens.js';
import type { JoinDesk } from '../../room/join-desk.js';
import type { KnownRoom, RoomBook } from '../../room/room-book.js';
import type { Turns } from '../../room/room-metrics.js';
import { leaveTurn, standingOf, takeTurn, type Standing } from '../../room/standing.js';
import type { Handlers } from '../area.js';
import { entryStep } from '../shared/event-step.js';
import { placeJson, servingJson } from './place-json.js';
import { proofOf } from './proof.js';
import type { queueRows } from './rows.js';

export interface QueueParts {
  readonly events: EventBook;
  readonly rooms: RoomBook;
  readonly roomStore: RoomStore;
  readonly joinDesk: JoinDesk;
  readonly admissionTokens: AdmissionTokens;
  readonly turns: Turns;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The waiting room's face. A place is the store's, the room is the book's, and nothing of anybody
 * who waits stays here.
 *
 * QU1  Whose place it is says the token, never the request: there is no way to ask for another's.
 */
export const queueHandlers = (parts: QueueParts): Handlers<typeof queueRows> => ({
  joinQueue: (exchange) => carefully(parts, exchange, () => join(parts, exchange)),
  showQueuePlace: (exchange) => carefully(parts, exchange, () => show(parts, exchange)),
  lowerParty: (exchange) => carefully(parts, exchange, () => lower(parts, exchange)),
  leaveQueue: (exchange) => carefully(parts, exchange, () => leave(parts, exchange)),
  showQueueProof: (exchange) => carefully(parts, exchange, () => prove(parts, exchange)),
  showQueueServing: (exchange) => carefully(parts, exchange, () => serving(parts, exchange)),
});

async function join(parts: QueueParts, exchange: Exchange): Promise<void> {
  const entry = await entryStep(parts, exchange);
  const known = entry === null ? null : roomOf(parts, exchange);
  if (entry === null || known === null) return;
  const { clock, joinDesk } = parts;
  const { userId, verified } = callerOf(exchange);
  const { room, name } = known;
  const { nonce, party = 1 } = exchange.body as { nonce: string; party?: number };
  const nowMs = clock.nowMs();
  const phase = phaseOf(room, nowMs);
  if (phase === 'scheduled') {
    return exchange.error('room_not_open', { retry_after_ms: room.opensAtMs - nowMs });
  }
  if (phase === 'closed') return exchange.error('room_closed');
  if (!verified && entry.detail.rules.buyers === 'verified') {
    return exchange.error('verified_buyers_only');
  }
  if (party > room.partyMax) return exchange.error('too_many_places', { limit: room.partyMax });
  const person = { userId, nonce, party, entry: entryOf(name, userId, nonce) };
  const place = await joinDesk.join(room.roomNo, person);
  if (place === 'overloaded') return exchange.error('overloaded', { retry_after_ms: 2_000 });
  if (place === 'closed') return exchange.error('room_closed');
  const standing = await takeTurn(parts, known, place);
  if (standing === null) exchange.error('room_closed');
  else answer(parts, exchange, known, standing);
}

async function show(parts: QueueParts, exchange: Exchange): Promise<void> {
  const found = await placeStep(parts, exchange);
  if (found === null) return;
  const { known, place } = found;
  answer(parts, exchange, known, await standingOf(parts, known, place));
}

async function lower(parts: QueueParts, exchange: Exchange): Promise<void> {
  const found = await placeStep(parts, exchange);
  if (found === null) return;
  const { known, place } = found;
  const { party } = exchange.body as { party: number };
  if (known.room.closedAtMs !== null) return exchange.error('room_closed');
  if (party > place.party) return exchange.error('party_limit', { limit: place.party });
  const lowered = await parts.roomStore.lowerParty(known.room.roomNo, place.userId, party);
  answer(parts, exchange, known, await standingOf(parts, known, lowered ?? place));
}

async function leave(parts: QueueParts, exchange: Exchange): Promise<void> {
  const found = await placeStep(parts, exchange);
  if (found === null) return;
  const { known, place } = found;
  answer(parts, exchange, known, await leaveTurn(parts, known, place));
}

async function prove(parts: QueueParts, exchange: Exchange): Promise<void> {
  const found = await placeStep(parts, exchange);
  if (found === null) return;
  const { since } = exchange.query as { since?: number };
  const proof = await proofOf(parts.roomStore, found.known, found.place, since ?? null);
  if (proof === 'not_in_draw') exchange.error('not_in_draw');
  else if (proof === 'not_ready') exchange.error('proof_not_ready', { retry_after_ms: 1_000 });
  else exchange.json(200, JSON.stringify(proof), [['Cache-Control', 'no-store']]);
}

/** Every page of an event asks: that there is none is an answer like another, and no error. */
async function serving(parts: QueueParts, exchange: Exchange): Promise<void> {
  const entry = await entryStep(parts, exchange);
  if (entry === null) return;
  const headers = [['Cache-Control', 'public, max-age=1']] as const;
  const known = roomHere(parts, exchange);
  if (known !== null) return exchange.json(200, servingText(known, parts.clock), headers);
  if (parts.rooms.known) exchange.noContent(headers);
  else notKnownYet(exchange);
}

/** One text for all who ask until the book looks again, which makes another room of each. */
function servingText(known: KnownRoom, clock: Clock): string {
  const made = servingTexts.get(known);
  if (made !== undefined) return made;
  const text = JSON.stringify(servingJson(known, clock.nowMs()));
  servingTexts.set(known, text);
  return text;
}

const servingTexts = new WeakMap<KnownRoom, string>();

function answer(
  { admissionTokens }: QueueParts,
  exchange: Exchange,
  known: KnownRoom,
  standing: Standing,
): void {
  const body = JSON.stringify(placeJson(known, standing, admissionTokens));
  exchange.json(200, body, [['Cache-Control', 'no-store']]);
}

/** The caller's place; null: he has none, or there is no room, which has been answered. */
async function placeStep(
  parts: QueueParts,
  exchange: Exchange,
): Promise<{ readonly known: KnownRoom; readonly place: Place } | null> {
  const entry = await entryStep(parts, exchange);
  const known = entry === null ? null : roomOf(parts, exchange);
  if (known === null) return null;
  const place = await parts.roomStore.place(known.room.roomNo, callerOf(exchange).userId);
  if (place === null) exchange.error('not_in_room');
  return place === null ? null : { known, place };
}

/** null: there is none, which has been answered. */
function roomOf(parts: QueueParts, exchange: Exchange): KnownRoom | null {
  const known = roomHere(parts, exchange);
  if (known !== null) return known;
  if (parts.rooms.known) exchange.error('room_not_found');
  else notKnownYet(exchange);
  return null;
}

function roomHere({ rooms }: QueueParts, exchange: Exchange): KnownRoom | null {
  const eventId = eventIdOf(exchange.params[0]);
  assert(eventId !== null, 'the event was found');
  return rooms.of(eventId);
}

const notKnownYet = (exchange: Exchange): void =>
  exchange.error('unavailable', { retry_after_ms: limits.roomStepMs });

/** A store that does not answer is no fault of ours: ask again. */
async function carefully(
  { log }: QueueParts,
  exchange: Exchange,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.error({ err: error, trace: exchange.trace }, 'the waiting room could not be asked');
    exchange.error('unavailable', { retry_after_ms: 2_000 });
  }
}

function callerOf(exchange: Exchange): Caller {
  assert(exchange.caller !== null, 'the route needs a user');
  return exchange.caller;
}
