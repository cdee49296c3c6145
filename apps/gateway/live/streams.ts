import { eventIdOf } from '#libs/contracts/ids.js';
import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { Clock } from '#libs/platform/clock.js';

import type { Admission } from '../admission/admission.js';
import type { Authenticator, Caller } from '../auth/authenticator.js';
import { eventStream, wantsStream, type Exchange } from '../http/exchange.js';
import { statusLines } from '../http/status.js';
import type { LameDuck } from '../lame-duck/lame-duck.js';
import { mapUntil, type RoomGuardParts } from '../room/room-guard.js';
import { entryStep, eventStep, type EventStepParts } from '../routes/shared/event-step.js';
import type { Audiences } from './audiences.js';
import { versionOf } from './opening.js';
import type { Audience } from './audience.js';
import type { RoomWatchers } from './room-watchers.js';
import { StreamViewer } from './stream-viewer.js';
import type { TokenExpiries, TokenLife } from './token-expiries.js';
import type { UnreadFrames } from './unread-frames.js';

export interface StreamParts extends EventStepParts, RoomGuardParts {
  readonly admission: Admission;
  readonly authenticator: Authenticator;
  readonly audiences: Audiences;
  readonly watchers: RoomWatchers;
  readonly expiries: TokenExpiries;
  readonly frames: UnreadFrames;
  readonly lameDuck: Pick<LameDuck, 'refusal'>;
  readonly clock: Clock;
}

/** GET …/live without an upgrade: the frames of the live map as server-sent events. */
export class LiveStreams {
  private readonly open = new Set<StreamViewer>();
  /** Those that needed no admission, and the event they watch. */
  private readonly openMaps = new Map<StreamViewer, string>();
  private readonly stopBeats: () => void;

  constructor(private readonly parts: StreamParts) {
    this.stopBeats = parts.clock.every(limits.streamBeatMs, () => {
      for (const viewer of this.open) viewer.beat();
    });
  }

  readonly serve = async (exchange: Exchange): Promise<void> => {
    if (!wantsStream(exchange.headers.accept)) {
      exchange.error('upgrade_required', { field: 'header.accept' });
      return;
    }
    const text = exchange.headers.lastEventId;
    const resumeFrom = versionOf(text === '' ? textOf(exchange.query.version) : text);
    if (resumeFrom === undefined) {
      exchange.error('invalid_request', { field: 'header.last-event-id' });
      return;
    }
    const caller = await this.callerOf(exchange);
    if (caller === undefined) return;
    const untilMs = this.untilOf(exchange, caller);
    if (untilMs === null) return;
    const seat = await this.seatOf(exchange);
    if (seat === null || exchange.finished) return;
    const refusal = this.parts.lameDuck.refusal();
    if (refusal !== null) {
      exchange.error('shutting_down', refusal);
      return;
    }
    const { admission, audiences } = this.parts;
    const { addressKey, unlimited } = admission.placeOf(exchange);
    if (!audiences.enter(addressKey, unlimited)) {
      exchange.error('overloaded', { retry_after_ms: 5_000 });
      return;
    }
    const { take, drained } = seat();
    const seed = {
      ...{ res: exchange.res, userId: caller?.userId ?? null, resumeFrom },
      ...{ limitKey: unlimited ? null : addressKey, frames: this.parts.frames },
    };
    const viewer = new StreamViewer(seed, () => {
      cancelExpiry();
      cancelAdmission();
      this.open.delete(viewer);
      this.openMaps.delete(viewer);
      audiences.streams -= 1;
      audiences.exit(addressKey);
      isOver = true;
      leave();
    });
    let isOver = false;
    let leave = (): void => undefined;
    const cancelExpiry = this.endWith(caller, viewer, 'token_expired');
    const admitted = untilMs === Infinity ? null : { expiresAtMs: untilMs, signedBy: null };
    const cancelAdmission = this.endWith(admitted, viewer, 'admission_expired');
    if (admitted === null && !isOfRoom(exchange)) this.openMaps.set(viewer, exchange.params[0]);
    this.start(exchange, viewer, drained);
    leave = take(viewer);
    // The first frame was too much for his address.
    if (isOver) leave();
  };

  closeAll(): void {
    this.stopBeats();
    this.closeSome(this.open.size, () => limits.lameDuckReturnMsMin);
  }

  get count(): number {
    return this.open.size;
  }

  /** At most `count` of them go; each is told when to come back. */
  closeSome(count: number, retryAfterMs: () => number): void {
    for (const viewer of [...this.open].slice(0, count)) {
      viewer.goodbye('shutting_down', { retry_after_ms: retryAfterMs() });
    }
  }

  /** A waiting room stands before this map from now on. */
  closeMap(eventId: EventId): void {
    for (const [viewer, of] of [...this.openMaps]) {
      if (of === eventId) viewer.goodbye('map_needs_admission', {});
    }
  }

  /** null: there is none, which has been answered. */
  private async seatOf(exchange: Exchange): Promise<(() => Seat) | null> {
    const { audiences, watchers } = this.parts;
    if (!isOfRoom(exchange)) {
      const replica = await eventStep(this.parts, exchange);
      return replica === null ? null : () => mapSeat(audiences, audiences.of(replica));
    }
    const entry = await entryStep(this.parts, exchange);
    if (entry === null) return null;
    const { eventId } = entry.detail;
    if (watchers.has(eventId)) return () => roomSeat(watchers, eventId);
    exchange.error('room_not_found');
    return null;
  }

  /** Returns what forgets about it. */
  private endWith(
    life: TokenLife | null,
    viewer: StreamViewer,
    code: 'token_expired' | 'admission_expired',
  ): () => void {
    if (life === null) return () => undefined;
    return this.parts.expiries.add(life, () => viewer.goodbye(code, {}));
  }

  /** Until when it may see what it asks for; null: not at all, which has been answered. */
  private untilOf(exchange: Exchange, caller: Caller | null): number | null {
    const eventId = eventIdOf(exchange.params[0]);
    if (isOfRoom(exchange) || eventId === null) return Infinity;
    const admission = textOf(exchange.query.admission);
    const until = mapUntil(this.parts, eventId, caller?.userId ?? null, admission);
    if (typeof until === 'number') return until;
    exchange.error(until.code, until.extras);
    return null;
  }

  private start(exchange: Exchange, viewer: StreamViewer, drained: Seat['drained']): void {
    const { res } = exchange;
    const { audiences } = this.parts;
    exchange.detach(200);
    res.onAborted(() => viewer.gone());
    res.onWritable(() => {
      viewer.writable();
      if (viewer.drained) drained(viewer);
      return true;
    });
    res.cork(() => {
      res
        .writeStatus(statusLines[200])
        .writeHeader('Content-Type', eventStream)
        .writeHeader('Cache-Control', 'no-store');
      exchange.writeCrossOrigin();
      res.write(':\n\n');
    });
    audiences.streams += 1;
    this.open.add(viewer);
  }

  /** undefined: refused, and answered. null: anonymous. A browser can send only the query. */
  private async callerOf(exchange: Exchange): Promise<Caller | null | undefined> {
    const { authenticator } = this.parts;
    const { token } = exchange.query;
    const { authorization } = exchange.headers;
    const inQuery = typeof token === 'string';
    if (!inQuery && authorization === '') return null;
    const caller = await (inQuery
      ? authenticator.callerOf(token)
      : authenticator.authenticate(authorization));
    if (typeof caller !== 'string') return caller;
    exchange.error(caller, { field: inQuery ? 'query.token' : 'header.authorization' });
    return undefined;
  }
}

const isOfRoom = ({ query }: Exchange): boolean => query.only === 'room';

/** Where a stream gets its frames from: nothing is there before it is taken. */
interface Seat {
  /** Returns what leaves it. */
  readonly take: (viewer: StreamViewer) => () => void;
  readonly drained: (viewer: StreamViewer) => void;
}

const mapSeat = (audiences: Audiences, audience: Audience): Seat => ({
  take(viewer) {
    audience.addStream(viewer);
    audience.join(viewer);
    return () => {
      audience.leave(viewer);
      audiences.left(audience);
    };
  },
  drained: (viewer) => audience.drained(viewer),
});

/** A frame of a room says all: who missed one has it with the next. */
const roomSeat = (watchers: RoomWatchers, eventId: EventId): Seat => ({
  take: (viewer) => watchers.add(eventId, viewer, 'stream'),
  drained: () => undefined,
});

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
