import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { Clock } from '#libs/platform/clock.js';

import type { Authenticator } from '../../auth/authenticator.js';
import type { Exchange, ExtraHeaders } from '../../http/exchange.js';
import type { LargeAnswers, Representation } from '../../http/large-answers.js';
import type { EventReplica } from '../../replica/event-replica.js';
import type { Replicas } from '../../replica/replicas.js';
import type { SeatForm, SeatState } from '../../replica/seat-states.js';
import { mapUntil, type RoomGuardParts } from '../../room/room-guard.js';
import type { Handlers } from '../area.js';
import { eventStep, type EventStepParts } from '../shared/event-step.js';
import { compactType, type seatRows } from './rows.js';
import { seatBody, type SeatBodyPorts } from './seat-bodies.js';

export interface SeatParts extends EventStepParts, SeatBodyPorts, RoomGuardParts {
  readonly authenticator: Pick<Authenticator, 'authenticate'>;
  readonly answers: LargeAnswers;
  readonly replicas: Replicas;
  readonly clock: Clock;
}

/**
 * The seats of an event, from this gateway's replica. The answer at the plain address is the list
 * itself and not a redirect to it: it is where clients look for it, many of which follow none, and
 * a cache in front that keeps it for its second asks once for all of them. A link names the
 * state that was sent, at an address that may be kept for ever.
 *
 * SE1  Equal names of states are equal seats, on every gateway and under every owner (G6).
 * SE2  Who sends a token never reads his own held seats as free: his state is no older than his
 *      request, on any gateway, and no cache keeps it for anybody else or for later.
 * SE3  Where a waiting room stands before the map nobody sees a seat without an admission, and no
 *      cache keeps what he sees. What caches have from before is theirs for its second.
 */
export const seatHandlers = (parts: SeatParts): Handlers<typeof seatRows> => ({
  showSeats: (exchange) => showSeats(parts, exchange),
  showSeatsVersion: (exchange) => showSeatsVersion(parts, exchange),
});

function showSeats(parts: SeatParts, exchange: Exchange): void | Promise<void> {
  if (isMapGuarded(parts, exchange)) return ofAdmitted(parts, exchange, own);
  const known = parts.events.peek(exchange.params[0] as never);
  const replica = known === undefined || known === null ? null : parts.replicas.of(known);
  if (replica?.live === true && replica.ready() === true) return newest(parts, exchange, replica);
  return eventStep(parts, exchange).then((live) => {
    if (live !== null) return newest(parts, exchange, live);
  });
}

function newest(parts: SeatParts, exchange: Exchange, replica: EventReplica): void | Promise<void> {
  if (exchange.headers.authorization !== '') return own(parts, exchange, replica);
  const state = replica.states.newest(parts.clock.monotonicMs());
  return answer(parts, exchange, state, aMoment, vary);
}

async function own(parts: SeatParts, exchange: Exchange, replica: EventReplica): Promise<void> {
  const state = await replica.fresh.next();
  if (state === null) exchange.error('unavailable', { retry_after_ms: limits.seatsRetryMs });
  else await answer(parts, exchange, state, ownOnly, vary);
}

async function showSeatsVersion(parts: SeatParts, exchange: Exchange): Promise<void> {
  if (isMapGuarded(parts, exchange)) {
    return ofAdmitted(parts, exchange, (...asked) => named(...asked, ownOnly));
  }
  const replica = await eventStep(parts, exchange);
  if (replica !== null) await named(parts, exchange, replica, forEver);
}

async function named(
  parts: SeatParts,
  exchange: Exchange,
  replica: EventReplica,
  cached: Header,
): Promise<void> {
  const [, name] = exchange.params;
  const state = replica.states.named(name, parts.clock.monotonicMs());
  if (state === null) notKept(exchange, replica);
  else await answer(parts, exchange, state, cached, varyOfVersion);
}

/** A look into a map; false for nearly all events. */
const isMapGuarded = ({ rooms }: SeatParts, exchange: Exchange): boolean =>
  rooms.guarding(exchange.params[0] as EventId)?.room.scope === 'map';

/** SE3 */
async function ofAdmitted(
  parts: SeatParts,
  exchange: Exchange,
  show: (parts: SeatParts, exchange: Exchange, replica: EventReplica) => Promise<void>,
): Promise<void> {
  const { authorization } = exchange.headers;
  const caller =
    authorization === '' ? null : await parts.authenticator.authenticate(authorization);
  if (typeof caller === 'string') return exchange.error(caller, { field: 'header.authorization' });
  const { admission = '' } = exchange.query as { admission?: string };
  const eventId = exchange.params[0] as EventId;
  const until = mapUntil(parts, eventId, caller?.userId ?? null, admission);
  if (typeof until !== 'number') return exchange.error(until.code, until.extras);
  const replica = await eventStep(parts, exchange);
  if (replica !== null) await show(parts, exchange, replica);
}

type Header = ExtraHeaders[number];
const aMoment: Header = ['Cache-Control', 'max-age=1'];
const ownOnly: Header = ['Cache-Control', 'private, no-cache'];
const forEver: Header = ['Cache-Control', 'public, max-age=31536000, immutable'];
/** With a token the same address gives another answer, which a cache must not mix up. */
const vary: Header = ['Vary', 'Accept, Accept-Encoding, Authorization'];
const varyOfVersion: Header = ['Vary', 'Accept, Accept-Encoding'];

/** A cache would keep a 404 for a while, and the state may be at another gateway already. */
function notKept(exchange: Exchange, { entry }: EventReplica): void {
  exchange.error('version_not_found', {}, [
    ['Cache-Control', 'no-store'],
    ['Link', `</v1/events/${entry.detail.eventId}/seats>; rel="latest-version"`],
  ]);
}

function answer(
  parts: SeatParts,
  exchange: Exchange,
  state: SeatState,
  cached: Header,
  varies: Header,
): void | Promise<void> {
  const form: SeatForm = exchange.headers.accept.includes(compactType) ? 'compact' : 'list';
  // Content-Location would be due in every 304 too, and cost each of them a tenth.
  const withBody: ExtraHeaders = [['Link', `<${state.path}>; rel="duplicate"`]];
  const headers: ExtraHeaders = [cached, varies];
  const contentType = form === 'compact' ? compactType : 'application/json';
  const as: Representation = { contentType, tags: state.tags[form], headers, withBody };
  if (parts.answers.notModified(exchange, as)) return;
  return parts.answers.send(exchange, seatBody(parts, state, form), as);
}
