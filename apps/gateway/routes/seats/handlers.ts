import { matchesTag } from '../../http/entity-tag.js';
import type { Exchange } from '../../http/exchange.js';
import { snapshotFrame } from '../../live/frames.js';
import type { EventReplica } from '../../replica/event-replica.js';
import type { Handlers } from '../area.js';
import { eventStep, type EventStepParts } from '../shared/event-step.js';
import { compactType, type seatRows } from './rows.js';

export const seatHandlers = (parts: EventStepParts): Handlers<typeof seatRows> => ({
  showSeats: (exchange) => showSeats(parts, exchange),
});

/**
 * The seat map as it is now, from this gateway's replica. The version is the tag: equal versions
 * of an event are equal maps on every gateway and under every owner (G6).
 *
 * `Accept: application/vnd.holdfast.seats` gets the compact form: the snapshot frame of the live
 * map, one letter a seat index; the layout document gives the seats their names.
 */
function showSeats(parts: EventStepParts, exchange: Exchange): void | Promise<void> {
  const known = parts.events.peek(exchange.params[0] as never);
  const replica = known === undefined || known === null ? null : parts.replicas.of(known);
  if (replica?.live === true && replica.ready() === true) return answer(exchange, replica);
  return eventStep(parts, exchange).then((live) => {
    if (live !== null) answer(exchange, live);
  });
}

function answer(exchange: Exchange, replica: EventReplica): void {
  const compact = exchange.headers.accept.includes(compactType);
  const etag = `"${replica.map.version}${compact ? 'c' : ''}"`;
  const headers = [
    ['ETag', etag],
    ['Cache-Control', 'no-cache'],
    ['Vary', 'Accept'],
  ] as const;
  if (matchesTag(exchange.headers.ifNoneMatch, etag)) exchange.notModified(headers);
  else if (compact) exchange.sendLarge(compactType, compactBody(replica), headers);
  else exchange.sendLarge('application/json', replica.seatList.of(replica.map), headers);
}

const compactBodies = new WeakMap<EventReplica, { version: number; body: Buffer }>();

function compactBody(replica: EventReplica): Buffer {
  const { version } = replica.map;
  const known = compactBodies.get(replica);
  if (known?.version === version) return known.body;
  const body = Buffer.from(JSON.stringify(snapshotFrame(replica)));
  compactBodies.set(replica, { version, body });
  return body;
}
