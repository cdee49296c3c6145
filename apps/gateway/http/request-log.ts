import { bookingIdOf, eventIdOf, eventOfHold, holdIdOf } from '#libs/contracts/ids.js';
import { limits } from '#libs/contracts/limits.js';
import { BoundedLog } from '#libs/platform/bounded-log.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';

import type { Exchange } from './exchange.js';
import type { Route } from './route.js';

/**
 * What a gateway writes about single requests: those that ended in 5xx, took long, or asked for
 * money. One line each, with the trace and the ids by which the other processes' lines are found;
 * never a name, a token or a body. An ordinary request leaves no line and costs none.
 */
export class RequestLog {
  private readonly noticed: BoundedLog;
  private readonly bookings: BoundedLog;
  private readonly broken: BoundedLog;
  private readonly away: BoundedLog;

  constructor(log: Log, clock: Clock) {
    // Each kind has a budget of its own: a storm of 503 must not hide what became of money.
    const bounded = (level: 'info' | 'warn' | 'error', linesPerSecond: number): BoundedLog =>
      new BoundedLog({ log, clock, level, linesPerSecond, overMessage: 'more requests' });
    this.noticed = bounded('info', limits.requestLinesPerSecond);
    this.bookings = bounded('info', limits.bookingLinesPerSecond);
    this.broken = bounded('error', limits.brokenLinesPerSecond);
    this.away = bounded('warn', limits.brokenLinesPerSecond);
  }

  /** `status` 0: the client went away first. */
  ended(route: NamedRoute, exchange: Exchange, status: number, tookMs: number): void {
    const lines = route.alwaysLogged === true ? this.bookings : this.noticed;
    lines.write(status === 0 ? 'gone' : String(status), 'request', () => ({
      ...describeRequest(route, exchange),
      status,
      ...(exchange.errorCode === null ? {} : { code: exchange.errorCode }),
      ms: Math.round(tookMs),
    }));
  }

  failed(route: NamedRoute, exchange: Exchange, err: unknown): void {
    const fields = () => ({ ...describeRequest(route, exchange), err });
    this.broken.write(route.operationId, 'a request failed', fields);
  }

  databaseAway(route: NamedRoute, exchange: Exchange, err: unknown): void {
    const fields = () => ({ ...describeRequest(route, exchange), err });
    this.away.write(route.operationId, 'the database cannot be reached', fields);
  }
}

/** What matches no route has only a name. */
export type NamedRoute = Pick<Route, 'operationId' | 'params' | 'cost' | 'alwaysLogged'> &
  Partial<Pick<Route, 'method' | 'path'>>;

/** Worth a line although nobody asked for one. */
export const isNoteworthy = (status: number, tookMs: number): boolean =>
  status >= 500 || tookMs > limits.slowRequestMs;

type NamedRequest = {
  readonly route: string;
  readonly trace: string;
  readonly user?: string;
  readonly event?: string;
  readonly reservation?: string;
  readonly booking?: string;
};

/** The ids of whom and what it is about, as far as they are known; costs a digest. */
export function describeRequest(route: NamedRoute, exchange: Exchange): NamedRequest {
  const { caller, call, trace } = exchange;
  const said = saidIn(route, exchange);
  const request = call?.request;
  const named = request !== undefined && 'holdId' in request ? request.holdId : null;
  const reservation = named ?? holdIdOf(said('reservation_id'));
  const booking = exchange.booking ?? bookingIdOf(said('booking_id'));
  const ofHold = reservation === null ? null : eventOfHold(reservation);
  const event = call?.eventId ?? eventIdOf(said('event_id')) ?? ofHold;
  return {
    route: route.operationId,
    trace,
    ...(caller === null ? {} : { user: caller.userId }),
    ...(event === null ? {} : { event }),
    ...(reservation === null ? {} : { reservation }),
    ...(booking === null ? {} : { booking }),
  };
}

/** Ids that the request names by itself: in its path or its body, and perhaps not ids at all. */
function saidIn(route: NamedRoute, { params, body }: Exchange): (name: string) => string {
  const names = Object.keys(route.params?.properties ?? {});
  const fields = (typeof body === 'object' ? body : null) as Record<string, unknown> | null;
  return (name) => {
    const value = params[names.indexOf(name)] ?? fields?.[name];
    return typeof value === 'string' ? value : '';
  };
}
