import type { ErrorCode, ErrorExtras } from '#libs/contracts/errors.js';
import { eventIdOf } from '#libs/contracts/ids.js';
import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import { isDatabaseAway } from '#libs/database/answer-deadline.js';
import type { Log } from '#libs/platform/log.js';
import { LookWhile } from '#libs/platform/look-while.js';
import type { Histogram } from '#libs/platform/metrics.js';

import type { Admission } from '../admission/admission.js';
import { TokenBuckets } from '../admission/token-buckets.js';
import type { Authenticator, Caller } from '../auth/authenticator.js';
import type {
  EdgeBehavior,
  EdgeContext,
  EdgeRequest,
  EdgeResponse,
  EdgeSocket,
} from '../edge/edge.js';
import type { EventBook } from '../events/event-book.js';
import type { Exchange } from '../http/exchange.js';
import { RequestRecord, type RecordPorts } from '../http/request-record.js';
import type { LameDuck } from '../lame-duck/lame-duck.js';
import type { Replicas } from '../replica/replicas.js';
import { mapUntil, type Barred, type RoomGuardParts } from '../room/room-guard.js';
import { encodeFrame, pongFrame } from './frames.js';
import type { Audiences } from './audiences.js';
import { readMessage, type ClientMessage } from './messages.js';
import { openingOf, versionOf, type Opening } from './opening.js';
import type { RoomWatchers } from './room-watchers.js';
import { endSocket, SocketViewer, type SocketSeed } from './socket-viewer.js';
import type { TokenExpiries } from './token-expiries.js';
import { TurnsOfSockets } from './turns-of-sockets.js';
import type { UnreadFrames } from './unread-frames.js';

export interface SocketParts extends RecordPorts, RoomGuardParts {
  readonly clock: RecordPorts['clock'];
  readonly authenticator: Authenticator;
  readonly admission: Admission;
  readonly events: EventBook;
  readonly replicas: Replicas;
  readonly audiences: Audiences;
  readonly watchers: RoomWatchers;
  readonly expiries: TokenExpiries;
  readonly frames: UnreadFrames;
  readonly lameDuck: Pick<LameDuck, 'refusal'>;
  readonly log: Log;
}

/**
 * The live map's WebSockets: who may open one, what it may say, and how it ends.
 *
 * SO1  What is known to be wrong at once is refused before the upgrade, by HTTP; what takes time to
 *      find out, by an error frame and the close code of the same table.
 * SO2  The upgrade happens inside its handler and never later: after an upgrade in a later cork()
 *      the library may take the new WebSocket for the old HTTP response and close it.
 * SO3  A socket ends with the token that opened it (TX1, TX3). One without a token has none to
 *      lose.
 * SO4  A socket object is used between open() and close() and never outside.
 * SO5  What a socket says pays twice: from its own bucket, and one token of its address like a
 *      request. A hundred sockets that ask for the map again and again get no more than one would.
 *      A ping of the protocol is a message; its answer to ours pays from its own bucket only.
 * SO6  What it leaves unread counts for its address and in all (UF1, UF2). Who has unread frames is
 *      not told why he is closed: the word would wait behind them, and nobody would count it.
 */
export class LiveSockets {
  private readonly open = new Set<EdgeSocket<SocketSeed>>();
  private readonly turns = new TurnsOfSockets(this.open);
  private readonly messages = new TokenBuckets(
    { perSecond: limits.socketMessagesPerSecond, burst: limits.socketMessagesBurst },
    limits.socketsMax,
  );

  private readonly record: RequestRecord;
  private readonly looks: LookWhile;

  /** `buffers`: of each socket, as it is looked at in turn. */
  constructor(
    private readonly parts: SocketParts,
    routeIndex: number,
    buffers: Histogram,
  ) {
    this.looks = new LookWhile(parts.clock, limits.socketLookMs, () => {
      this.turns.look((socket) => {
        this.note(socket);
        buffers.observe(socket.getUserData().buffered);
      });
      return this.open.size > 0;
    });
    this.record = new RequestRecord({ operationId: 'watchEvent' }, routeIndex, parts);
  }

  behavior(): EdgeBehavior<SocketSeed> {
    return {
      maxPayloadLength: limits.socketFrameBytesMax,
      maxBackpressure: limits.socketBackpressureBytesMax,
      idleTimeout: limits.socketIdleSeconds,
      sendPingsAutomatically: true,
      upgrade: (res, req, context) => this.upgrade(res, req, context),
      open: (socket) => this.opened(socket),
      message: (socket, message, isBinary) => this.said(socket, message, isBinary),
      ping: (socket) => this.heard(socket, true),
      pong: (socket) => this.heard(socket, false),
      dropped: (socket) => this.missed(socket),
      drain: (socket) => this.drained(socket),
      close: (socket) => this.closed(socket),
    };
  }

  /** The server goes away: everybody is told to connect again, elsewhere. */
  closeAll(): void {
    this.closeSome(this.open.size, () => limits.lameDuckReturnMsMin);
  }

  stopLooking(): void {
    this.looks.rest();
  }

  get count(): number {
    return this.open.size;
  }

  /** At most `count` of them go; each is told when to come back. */
  closeSome(count: number, retryAfterMs: () => number): void {
    for (const socket of [...this.open].slice(0, count)) {
      endSocket(socket, 'shutting_down', { retry_after_ms: retryAfterMs() });
    }
  }

  /** A waiting room stands before this map from now on. */
  closeMap(eventId: EventId): void {
    for (const socket of [...this.open]) {
      const seed = socket.getUserData();
      const isOpen = seed.eventId === eventId && !seed.roomOnly && seed.mapUntilMs === Infinity;
      if (isOpen) endSocket(socket, 'map_needs_admission', {});
    }
  }

  private upgrade(res: EdgeResponse, req: EdgeRequest, context: EdgeContext): void {
    const exchange = this.record.begin(res);
    exchange.hear(req.getHeader('traceparent'));
    exchange.forwarded = this.parts.admission.forwardedIn(req);
    const waitMs = this.parts.admission.ofAddress(exchange, 1, exchange.startedMs);
    if (waitMs > 0) {
      exchange.error('rate_limited', { retry_after_ms: waitMs });
      return;
    }
    const opening = openingOf(req);
    const seed = this.seedOf(exchange, opening);
    if (seed === null || !exchange.detach(101)) return;
    res.upgrade(seed, opening.key, opening.protocol, opening.extensions, context);
  }

  /** null: refused, and answered. */
  private seedOf(exchange: Exchange, opening: Opening): SocketSeed | null {
    const { audiences, events, authenticator, watchers } = this.parts;
    const eventId = eventIdOf(opening.eventId);
    const resumeFrom = versionOf(opening.version);
    const roomOnly = opening.only === 'room';
    if (resumeFrom === undefined || (opening.only !== '' && !roomOnly)) {
      const field = resumeFrom === undefined ? 'query.version' : 'query.only';
      return refuse(exchange, 'invalid_request', { field });
    }
    const refusal = this.parts.lameDuck.refusal();
    if (refusal !== null) return refuse(exchange, 'shutting_down', refusal);
    const caller = opening.token === '' ? null : authenticator.callerOf(opening.token);
    if (typeof caller === 'string') return refuse(exchange, caller, { field: 'token' });
    if (eventId === null || events.peek(eventId) === null) {
      return refuse(exchange, 'event_not_found', {});
    }
    if (roomOnly && !watchers.has(eventId)) return refuse(exchange, 'room_not_found', {});
    const { addressKey, unlimited } = this.parts.admission.placeOf(exchange);
    if (!audiences.enter(addressKey, unlimited)) {
      return refuse(exchange, 'overloaded', { retry_after_ms: 5_000 });
    }
    const limitKey = unlimited ? null : addressKey;
    const bucket = { tokens: limits.socketMessagesBurst, atMs: exchange.startedMs };
    const { format } = opening;
    const trace = exchange.namedTrace;
    const nothing = (): void => undefined;
    const { admission } = opening;
    const cancels = { cancelExpiry: nothing, cancelAdmission: nothing, leaveRoom: nothing };
    const ends = { closed: false, mapUntilMs: Infinity, cutOff: nothing, admission, ...cancels };
    const state = { bucket, place: null, roomOnly, roomViewer: null, buffered: 0, ...ends };
    return { eventId, format, caller, resumeFrom, addressKey, limitKey, trace, ...state };
  }

  private opened(socket: EdgeSocket<SocketSeed>): void {
    const seed = socket.getUserData();
    seed.cutOff = () => socket.close();
    this.open.add(socket);
    this.looks.wake();
    this.parts.audiences.sockets += 1;
    this.letIn(socket, seed).catch((error: unknown) => {
      const trace = seed.trace ?? this.parts.traces.next();
      const details = { err: error, event: seed.eventId, trace };
      this.parts.log.error(details, 'a socket could not be let in');
      if (seed.closed) return;
      const code = isDatabaseAway(error) ? 'unavailable' : 'internal';
      endSocket(socket, code, { retry_after_ms: 1_000 });
    });
  }

  private async letIn(socket: EdgeSocket<SocketSeed>, seed: SocketSeed): Promise<void> {
    const { audiences, events, replicas } = this.parts;
    const caller = await seed.caller;
    const entry = typeof caller === 'string' ? null : await events.get(seed.eventId);
    const bar = typeof caller === 'string' ? null : this.mapBar(socket, seed, caller);
    const needsMap = entry !== null && !seed.roomOnly && bar === null;
    const replica = needsMap ? replicas.of(entry) : null;
    const ready = replica !== null && (await replica.ready());
    if (seed.closed) return;
    if (typeof caller === 'object' && caller !== null) {
      const end = (): void => endSocket(socket, 'token_expired', {});
      seed.cancelExpiry = this.parts.expiries.add(caller, end);
    }
    if (typeof caller === 'string') endSocket(socket, caller, { field: 'token' });
    else if (entry === null) endSocket(socket, 'event_not_found', {});
    else if (bar !== null) endSocket(socket, bar.code, bar.extras);
    else if (seed.roomOnly) this.watchRoom(socket, seed);
    else if (replica === null) endSocket(socket, 'overloaded', { retry_after_ms: 5_000 });
    else if (replica.gone) endSocket(socket, replica.goneBecause, {});
    else if (!ready) endSocket(socket, 'unavailable', { retry_after_ms: 1_000 });
    else {
      const audience = audiences.of(replica);
      const topic = audience.topic(seed.format);
      const { frames } = this.parts;
      const viewer = new SocketViewer({ socket, seed, frames }, caller?.userId ?? null, topic);
      seed.place = { viewer, audience };
      audience.join(viewer);
    }
  }

  /** null: it may see the map, until its admission ends if it takes one. */
  private mapBar(
    socket: EdgeSocket<SocketSeed>,
    seed: SocketSeed,
    caller: Caller | null,
  ): Barred | null {
    if (seed.roomOnly || seed.closed) return null;
    const until = mapUntil(this.parts, seed.eventId, caller?.userId ?? null, seed.admission);
    if (typeof until !== 'number') return until;
    seed.mapUntilMs = until;
    if (until === Infinity) return null;
    const end = (): void => endSocket(socket, 'admission_expired', {});
    seed.cancelAdmission = this.parts.expiries.add({ expiresAtMs: until, signedBy: null }, end);
    return null;
  }

  /** Neither its owner nor its map is asked: who waits is no load for what he waits for. */
  private watchRoom(socket: EdgeSocket<SocketSeed>, seed: SocketSeed): void {
    const { frames, watchers } = this.parts;
    const topic = watchers.topic(seed.eventId);
    seed.roomViewer = new SocketViewer({ socket, seed, frames }, null, topic);
    seed.leaveRoom = watchers.add(seed.eventId, seed.roomViewer, 'socket');
    // The first frame was too much for his address.
    if (seed.closed) seed.leaveRoom();
  }

  private said(socket: EdgeSocket<SocketSeed>, bytes: ArrayBuffer, isBinary: boolean): void {
    if (!this.heard(socket, true)) return;
    const message = readMessage(bytes, isBinary);
    if ('problem' in message) endSocket(socket, 'unknown_message', message.problem);
    else this.answer(socket.getUserData(), message);
  }

  /** SO5. False: it was closed. */
  private heard(socket: EdgeSocket<SocketSeed>, unasked: boolean): boolean {
    const seed = socket.getUserData();
    const nowMs = this.parts.clock.monotonicMs();
    const own = this.messages.take(seed.bucket, 1, nowMs);
    const waitMs = own || (unasked ? this.parts.admission.ofKey(seed.limitKey, 1, nowMs) : 0);
    if (waitMs > 0) endSocket(socket, 'rate_limited', { retry_after_ms: waitMs });
    return waitMs === 0;
  }

  /** SO6 */
  private note(socket: EdgeSocket<SocketSeed>): void {
    if (this.parts.frames.note(socket.getUserData(), socket.getBufferedAmount())) return;
    this.parts.frames.cut += 1;
    socket.close();
  }

  /** Before the socket is let in a ping has no version to tell, and a resume is the first wish. */
  private answer(seed: SocketSeed, message: ClientMessage): void {
    const { place, roomViewer } = seed;
    if (roomViewer !== null && message.type === 'ping') {
      const pong = pongFrame(0, this.parts.clock.nowMs());
      roomViewer.send(encodeFrame(pong, 'json'));
    }
    if (place === null) {
      if (message.type === 'resume') seed.resumeFrom = message.version;
      return;
    }
    const { viewer, audience } = place;
    if (message.type === 'resume') audience.resume(viewer, message.version);
    else {
      const pong = pongFrame(audience.replica.published, this.parts.clock.nowMs());
      if (!viewer.send(encodeFrame(pong, seed.format))) audience.missed(viewer);
    }
  }

  private missed(socket: EdgeSocket<SocketSeed>): void {
    const { place } = socket.getUserData();
    if (place !== null) place.audience.missed(place.viewer);
  }

  private drained(socket: EdgeSocket<SocketSeed>): void {
    this.note(socket);
    const { place } = socket.getUserData();
    if (place !== null && place.viewer.drained) place.audience.drained(place.viewer);
  }

  private closed(socket: EdgeSocket<SocketSeed>): void {
    const seed = socket.getUserData();
    const { place } = seed;
    seed.closed = true;
    seed.place = null;
    seed.cancelExpiry();
    seed.cancelAdmission();
    seed.leaveRoom();
    this.open.delete(socket);
    this.parts.frames.note(seed, 0);
    this.parts.audiences.sockets -= 1;
    this.parts.audiences.exit(seed.addressKey);
    if (place === null) return;
    place.audience.leave(place.viewer);
    this.parts.audiences.left(place.audience);
  }
}

function refuse(exchange: Exchange, code: ErrorCode, extras: ErrorExtras): null {
  exchange.error(code, extras);
  return null;
}
