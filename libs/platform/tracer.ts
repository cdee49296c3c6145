import type { Clock } from './clock.js';
import type { Random } from './random.js';
import { derivedTrace, type SpanId, type TraceId, type TraceParent } from './trace.js';

/**
 * Which requests are traced in full, and who says so. A span is recorded when it is over, by who
 * knows when it began: there is no context that is carried about, and nothing is made for a
 * request that is not traced.
 *
 * TC1  Whether a request is traced is decided once, by the gateway that takes it; what goes on says
 *      it by the id of the span that asked. Nobody behind decides anew.
 * TC2  What failed or took long is recorded in the process that saw it, traced or not: under the
 *      trace id that the logs have (TR1), with no parent.
 * TC3  A client cannot have all of its requests traced: of those whose header asks for it, so many
 *      a second are. What failed has a bound of its own (G8); what is over it is counted.
 */
export interface Tracer {
  /** The id of the span of a request that is traced; null: it is not. */
  head(parent: TraceParent | null): SpanId | null;
  /** For the spans below it. */
  spanId(): SpanId;
  /** Of a request that is traced. */
  record(span: Span): void;
  /** Of one that is not, and failed or took long (TC2). */
  keep(span: Span): void;
}

export interface Span {
  readonly trace: TraceId;
  readonly id: SpanId;
  readonly parent: SpanId | null;
  readonly name: string;
  readonly kind: SpanKind;
  /** Monotonic milliseconds of this process. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Why it failed; absent: it did not. */
  readonly error?: string;
  readonly attributes: SpanAttributes;
}

/** `server` and `consumer` begin what another process asked for, `client` waits for one. */
export type SpanKind = 'server' | 'client' | 'consumer' | 'internal';

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** Of what a log line says by name; the trace is the span's own, and the route its name. */
export const idsAsAttributes = (named: Readonly<Record<string, string>>): SpanAttributes =>
  Object.fromEntries(
    Object.entries(named)
      .filter(([name]) => name !== 'trace' && name !== 'route')
      .map(([name, id]) => [`holdfast.${name}`, id]),
  );

export interface TracerOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Of all requests, 0 to 1. */
  readonly ratio: number;
  readonly namedPerSecondMax: number;
  readonly keptPerSecondMax: number;
  readonly send: (span: Span) => void;
}

export class HeadTracer implements Tracer {
  /** Since the start; what is over the bound was left out. */
  readonly counts = { traced: 0, kept: 0, over: 0 };
  private readonly named: PerSecond;
  private readonly kept: PerSecond;

  constructor(private readonly options: TracerOptions) {
    this.named = new PerSecond(options.clock, options.namedPerSecondMax);
    this.kept = new PerSecond(options.clock, options.keptPerSecondMax);
  }

  head(parent: TraceParent | null): SpanId | null {
    const { random, ratio } = this.options;
    if (parent?.sampled === true && this.named.take()) return this.spanId();
    return random.fraction() < ratio ? this.spanId() : null;
  }

  spanId(): SpanId {
    return derivedTrace(this.options.random.token(idCharacters)).slice(0, 16);
  }

  record(span: Span): void {
    this.counts.traced += 1;
    this.options.send(span);
  }

  keep(span: Span): void {
    if (!this.kept.take()) {
      this.counts.over += 1;
      return;
    }
    this.counts.kept += 1;
    this.options.send(span);
  }
}

/** More bits than the id has. */
const idCharacters = 20;
const windowMs = 1_000;

class PerSecond {
  private windowEndsMs = -Infinity;
  private left = 0;

  constructor(
    private readonly clock: Clock,
    private readonly most: number,
  ) {}

  take(): boolean {
    const nowMs = this.clock.monotonicMs();
    if (nowMs >= this.windowEndsMs) {
      this.windowEndsMs = nowMs + windowMs;
      this.left = this.most;
    }
    if (this.left === 0) return false;
    this.left -= 1;
    return true;
  }
}
