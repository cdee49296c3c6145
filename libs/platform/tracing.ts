import { Type } from 'typebox';

import type { Clock } from './clock.js';
import type { Log } from './log.js';
import type { Metrics } from './metrics.js';
import type { Random } from './random.js';
import { HeadTracer, type Tracer } from './tracer.js';
import { version } from './version.js';

/** Of every process that may be traced. */
export const tracingVariables = {
  /** Of a collector that takes OTLP over HTTP, as http://collector:4318/v1/traces; absent: none. */
  HOLDFAST_TRACES_URL: Type.Optional(
    Type.String({ pattern: '^https?://', description: 'an http:// or https:// URL is needed' }),
  ),
  /** It is sent as `Authorization: Bearer`. */
  HOLDFAST_TRACES_TOKEN: Type.Optional(Type.String({ minLength: 1 })),
  HOLDFAST_TRACES_RATIO: Type.Number({ minimum: 0, maximum: 1, default: 0.01 }),
};

export interface TracingConfig {
  readonly HOLDFAST_TRACES_URL?: string;
  readonly HOLDFAST_TRACES_TOKEN?: string;
  readonly HOLDFAST_TRACES_RATIO: number;
}

export interface TracingBounds {
  readonly tracesNamedPerSecond: number;
  readonly spansKeptPerSecond: number;
  readonly spanQueueMax: number;
  readonly spanBatchMax: number;
  readonly spanDelayMs: number;
  readonly spanSendMs: number;
}

export interface TracingOptions {
  readonly service: string;
  readonly instance: string;
  readonly limits: TracingBounds;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface Tracing {
  /** null: this process traces nothing, and pays nothing for it. */
  readonly tracer: Tracer | null;
  stop(): Promise<void>;
}

/** OpenTelemetry is loaded only where there is a collector to send to. */
export async function openTracing(
  config: TracingConfig,
  options: TracingOptions,
): Promise<Tracing> {
  const { clock, random, log, limits, metrics } = options;
  const { HOLDFAST_TRACES_URL: url, HOLDFAST_TRACES_TOKEN: token } = config;
  const ratio = config.HOLDFAST_TRACES_RATIO;
  if (url === undefined) return { tracer: null, stop: () => Promise.resolve() };
  const { openSpanSink } = await import('./otlp-sink.js');
  const sink = openSpanSink({
    url,
    token,
    service: options.service,
    instance: options.instance,
    version,
    queueMax: limits.spanQueueMax,
    batchMax: limits.spanBatchMax,
    delayMs: limits.spanDelayMs,
    timeoutMs: limits.spanSendMs,
    clock,
    log,
  });
  const tracer = new HeadTracer({
    clock,
    random,
    ratio,
    namedPerSecondMax: limits.tracesNamedPerSecond,
    keptPerSecondMax: limits.spansKeptPerSecond,
    send: (span) => sink.send(span),
  });
  measureTracing(metrics, { ...tracer, sent: sink.counts });
  log.info({ url: new URL(url).origin, ratio }, 'requests are traced');
  return { tracer, stop: () => sink.stop() };
}

export interface TracingCounts {
  readonly counts: HeadTracer['counts'];
  readonly sent: { readonly sent: number; readonly failed: number };
}

export function measureTracing(metrics: Metrics, { counts, sent }: TracingCounts): void {
  metrics.counterFrom('holdfast_spans_total', 'Spans of requests that are traced', () => {
    return counts.traced;
  });
  metrics.counterFrom(
    'holdfast_spans_kept_total',
    'Spans of others, that failed or took long',
    () => {
      return counts.kept;
    },
  );
  metrics.counterFrom(
    'holdfast_spans_over_total',
    'The same, left out because they were too many',
    () => {
      return counts.over;
    },
  );
  metrics.counterFrom(
    'holdfast_spans_sent_total',
    'Spans that the collector took',
    () => sent.sent,
  );
  metrics.counterFrom(
    'holdfast_spans_failed_total',
    'Spans that the collector did not take',
    () => {
      return sent.failed;
    },
  );
}
