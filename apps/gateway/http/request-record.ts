import type { Clock } from '#libs/platform/clock.js';
import type { TraceIds } from '#libs/platform/trace.js';
import type { Tracer } from '#libs/platform/tracer.js';

import type { EdgeResponse } from '../edge/edge.js';
import { Exchange, type ExchangeOwner } from './exchange.js';
import { isNoteworthy, type NamedRoute, type RequestLog } from './request-log.js';
import { requestSpan } from './request-span.js';

/** What is on its way through the gateway, and what became of it. */
export interface Traffic {
  /** In lame duck: whoever is served now had better come back to somebody else. */
  readonly leaving: boolean;
  readonly inFlight: number;
  begin(): void;
  end(routeIndex: number, status: number, tookMs: number): void;
}

export interface RecordPorts {
  readonly clock: Clock;
  readonly traffic: Traffic;
  readonly requests: RequestLog;
  readonly traces: TraceIds;
  /** Absent, or null: nothing is traced. */
  readonly tracer?: Tracer | null;
}

/** Begins the exchanges of one route, and records how each ended: in numbers, log and traces. */
export class RequestRecord implements ExchangeOwner {
  readonly traces: TraceIds;
  readonly tracer: Tracer | null;
  private readonly probe: boolean;

  constructor(
    private readonly route: NamedRoute,
    private readonly index: number,
    private readonly ports: RecordPorts,
  ) {
    this.traces = ports.traces;
    this.probe = route.cost === 0;
    this.tracer = this.probe ? null : (ports.tracer ?? null);
  }

  begin(res: EdgeResponse): Exchange {
    const { clock, traffic } = this.ports;
    traffic.begin();
    return new Exchange(res, this.index, clock.monotonicMs(), this);
  }

  /** Once, when the client's header is known (TC1). */
  sample(exchange: Exchange): void {
    if (this.tracer !== null) exchange.span = this.tracer.head(exchange.parent);
  }

  finished(exchange: Exchange, status: number): void {
    const { clock, traffic, requests } = this.ports;
    const tookMs = clock.monotonicMs() - exchange.startedMs;
    traffic.end(this.index, status, tookMs);
    const noteworthy = isNoteworthy(status, tookMs);
    const wanted = this.route.alwaysLogged === true || noteworthy;
    if (wanted && !this.probe) requests.ended(this.route, exchange, status, tookMs);
    if (this.tracer === null || (exchange.span === null && !noteworthy)) return;
    const span = requestSpan(this.tracer, this.route, exchange, status, tookMs);
    if (exchange.span === null) this.tracer.keep(span);
    else this.tracer.record(span);
  }
}
