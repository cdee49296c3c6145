import { SpanKind as OtelKind, SpanStatusCode, TraceFlags, type HrTime } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace';

import { BoundedLog } from './bounded-log.js';
import type { Clock } from './clock.js';
import type { Log } from './log.js';
import type { Span, SpanKind } from './tracer.js';

/**
 * Spans to a collector, by OTLP over HTTP, in JSON. OpenTelemetry's own batches and exporter; its
 * tracer is not used, because our spans are known only when they are over. This file is loaded
 * when there is a collector, and by nobody else.
 *
 * A collector that is away costs spans and nothing more: a bounded queue, then none.
 */
export interface SpanSinkOptions {
  readonly url: string;
  /** Of `Authorization: Bearer`. */
  readonly token: string | undefined;
  readonly service: string;
  /** Which of several. */
  readonly instance: string;
  readonly version: string;
  readonly queueMax: number;
  readonly batchMax: number;
  readonly delayMs: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

export interface SpanSink {
  /** Since the start. */
  readonly counts: { sent: number; failed: number };
  send(span: Span): void;
  /** What waits is sent. */
  stop(): Promise<void>;
}

export function openSpanSink(options: SpanSinkOptions): SpanSink {
  const { url, token, clock, queueMax, batchMax, delayMs, timeoutMs } = options;
  const counts = { sent: 0, failed: 0 };
  const exporter = new OTLPTraceExporter({
    url,
    headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
    timeoutMillis: timeoutMs,
  });
  const processor = new BatchSpanProcessor({
    exporter: counting(exporter, counts, options),
    maxQueueSize: queueMax,
    maxExportBatchSize: batchMax,
    scheduledDelayMillis: delayMs,
    exportTimeoutMillis: timeoutMs,
  });
  const frame = {
    resource: resourceFromAttributes({
      'service.namespace': 'holdfast',
      'service.name': `holdfast-${options.service}`,
      'service.instance.id': options.instance,
      'service.version': options.version,
    }),
    instrumentationScope: { name: 'holdfast' },
    links: [],
    events: [],
    ended: true,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
  return {
    counts,
    send: (span) => processor.onEnd({ ...frame, ...told(span, clock) }),
    stop: () => processor.shutdown(),
  };
}

/** A failure is ours to tell: the library would write it to the console, once for each batch. */
function counting(
  inner: SpanExporter,
  counts: SpanSink['counts'],
  { clock, log }: SpanSinkOptions,
): SpanExporter {
  const lines = new BoundedLog({
    log,
    clock,
    level: 'warn',
    linesPerSecond: 1,
    overMessage: 'more spans were not sent',
  });
  return {
    export(spans, done) {
      inner.export(spans, ({ code, error }) => {
        if (Number(code) === 0) counts.sent += spans.length;
        else {
          counts.failed += spans.length;
          lines.write('failed', 'spans were not sent', () => ({ spans: spans.length, err: error }));
        }
        done({ code: 0 });
      });
    },
    shutdown: () => inner.shutdown(),
  };
}

type Told = Pick<
  ReadableSpan,
  | 'name'
  | 'kind'
  | 'spanContext'
  | 'parentSpanContext'
  | 'startTime'
  | 'endTime'
  | 'duration'
  | 'status'
  | 'attributes'
>;

function told(span: Span, clock: Clock): Told {
  const { trace: traceId, id: spanId, parent, name, kind, fromMs, toMs, error } = span;
  const wallMs = clock.nowMs() - clock.monotonicMs();
  const context = { traceId, spanId, traceFlags: TraceFlags.SAMPLED };
  return {
    name,
    kind: kinds[kind],
    spanContext: () => context,
    ...(parent === null ? {} : { parentSpanContext: { ...context, spanId: parent } }),
    startTime: timeOf(wallMs + fromMs),
    endTime: timeOf(wallMs + toMs),
    duration: timeOf(toMs - fromMs),
    status:
      error === undefined
        ? { code: SpanStatusCode.UNSET }
        : { code: SpanStatusCode.ERROR, message: error },
    attributes: span.attributes,
  };
}

const kinds: Readonly<Record<SpanKind, OtelKind>> = {
  server: OtelKind.SERVER,
  client: OtelKind.CLIENT,
  consumer: OtelKind.CONSUMER,
  internal: OtelKind.INTERNAL,
};

/** Seconds and nanoseconds. */
function timeOf(ms: number): HrTime {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.floor((ms - seconds * 1_000) * 1_000_000)];
}
