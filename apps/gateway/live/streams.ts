import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';

import type { Admission } from '../admission/admission.js';
import type { Authenticator, Caller } from '../auth/authenticator.js';
import { eventStream, wantsStream, type Exchange } from '../http/exchange.js';
import { statusLines } from '../http/status.js';
import type { LameDuck } from '../lame-duck/lame-duck.js';
import { eventStep, type EventStepParts } from '../routes/shared/event-step.js';
import type { Audiences } from './audiences.js';
import { versionOf } from './opening.js';
import type { Audience } from './audience.js';
import { StreamViewer } from './stream-viewer.js';
import type { TokenExpiries } from './token-expiries.js';
import type { UnreadFrames } from './unread-frames.js';

export interface StreamParts extends EventStepParts {
  readonly admission: Admission;
  readonly authenticator: Authenticator;
  readonly audiences: Audiences;
  readonly expiries: TokenExpiries;
  readonly frames: UnreadFrames;
  readonly lameDuck: Pick<LameDuck, 'refusal'>;
  readonly clock: Clock;
}

/** GET …/live without an upgrade: the frames of the live map as server-sent events. */
export class LiveStreams {
  private readonly open = new Set<StreamViewer>();
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
    const replica = await eventStep(this.parts, exchange);
    if (replica === null || exchange.finished) return;
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
    const audience = audiences.of(replica);
    const seed = {
      ...{ res: exchange.res, userId: caller?.userId ?? null, resumeFrom },
      ...{ limitKey: unlimited ? null : addressKey, frames: this.parts.frames },
    };
    const viewer = new StreamViewer(seed, () => {
      cancelExpiry();
      this.open.delete(viewer);
      audiences.streams -= 1;
      audiences.exit(addressKey);
      audience.leave(viewer);
      audiences.left(audience);
    });
    const cancelExpiry = this.endWith(caller, viewer);
    this.start(exchange, viewer, audience);
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

  /** Returns what forgets about it. */
  private endWith(caller: Caller | null, viewer: StreamViewer): () => void {
    if (caller === null) return () => undefined;
    const end = (): void => viewer.goodbye('token_expired', {});
    return this.parts.expiries.add(caller, end);
  }

  private start(exchange: Exchange, viewer: StreamViewer, audience: Audience): void {
    const { res } = exchange;
    const { audiences } = this.parts;
    exchange.detach(200);
    res.onAborted(() => viewer.gone());
    res.onWritable(() => {
      viewer.writable();
      if (viewer.drained) audience.drained(viewer);
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
    audience.addStream(viewer);
    audience.join(viewer);
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

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
