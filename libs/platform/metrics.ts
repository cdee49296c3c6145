import * as prom from 'prom-client';
import { assert } from './assert.js';

/**
 * Numbers for Prometheus. A counter is a plain field and a histogram an array of numbers: the hot
 * path pays one addition, and the work of labels and text is done when somebody scrapes.
 *
 * Units are in the names (`_seconds`, `_bytes`, `_total`); every name starts with `holdfast_`.
 * Labels have few values, fixed in code: never an event, a buyer or a seat.
 */
export interface Counter {
  /** Only grows: `counter.value += 1`. */
  value: number;
}

export interface Histogram {
  observe(value: number): void;
}

export interface MetricName {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
}

/** From 100 microseconds to 10 seconds. */
export const secondsBuckets: readonly number[] = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10,
];

/** For batch sizes and queue lengths. */
export const countBuckets: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096];

export interface MetricsOptions {
  /** Put on every line, e.g. `{ role: 'gateway' }`. */
  readonly labels?: Readonly<Record<string, string>>;
  /** CPU, memory, event-loop delay, garbage collection, file handles. Default true. */
  readonly processMetrics?: boolean;
}

/**
 * Between two looks at the event loop's delay, for which the process wakes up. Every 10 ms, as is
 * usual, cost 5 ms of CPU a second at rest, every 50 ms cost 1.
 */
const loopLookMs = 50;

export class Metrics {
  readonly contentType: string;
  private readonly registry = new prom.Registry();
  private readonly known: MetricName[] = [];
  private readonly parts: Metrics[] = [];

  constructor(options: MetricsOptions = {}) {
    this.contentType = this.registry.contentType;
    this.registry.setDefaultLabels({ ...options.labels });
    if (options.processMetrics ?? true) {
      prom.collectDefaultMetrics({
        register: this.registry,
        eventLoopMonitoringPrecision: loopLookMs,
      });
    }
  }

  counter(name: string, help: string): Counter {
    const cell = { value: 0 };
    this.add('counter', name, help, [], () => [{ labels: {}, value: cell.value }]);
    return cell;
  }

  /** One counter for each value of one label; the values are known beforehand. */
  counters<Value extends string>(
    name: string,
    help: string,
    label: string,
    values: readonly Value[],
  ): Readonly<Record<Value, Counter>> {
    const cells = values.map((value) => ({ labels: { [label]: value }, value: 0 }));
    this.add('counter', name, help, [label], () => cells);
    const byValue = values.map((value, i) => [value, cells[i]] as const);
    return Object.fromEntries<Counter>(byValue) as Record<Value, Counter>;
  }

  /** One counter for each pair of values of two labels. */
  countersByTwo<One extends string, Other extends string>(
    name: string,
    help: string,
    [label, values]: readonly [string, readonly One[]],
    [otherLabel, others]: readonly [string, readonly Other[]],
  ): Readonly<Record<One, Readonly<Record<Other, Counter>>>> {
    const rows = values.map((value) =>
      others.map((other) => ({ labels: { [label]: value, [otherLabel]: other }, value: 0 })),
    );
    this.add('counter', name, help, [label, otherLabel], () => rows.flat());
    const byOther = (row: readonly Counter[]) =>
      Object.fromEntries(others.map((other, i) => [other, row[i]])) as Record<Other, Counter>;
    return Object.fromEntries(values.map((value, i) => [value, byOther(rows[i])])) as Record<
      One,
      Record<Other, Counter>
    >;
  }

  /** A counter that somebody else already keeps. */
  counterFrom(name: string, help: string, read: () => number): void {
    this.add('counter', name, help, [], () => [{ labels: {}, value: read() }]);
  }

  /** The same of several, told apart by one label of few values. */
  countersFrom(
    name: string,
    help: string,
    label: string,
    read: () => Iterable<readonly [string, number]>,
  ): void {
    this.add('counter', name, help, [label], () =>
      Array.from(read(), ([text, value]) => ({ labels: { [label]: text }, value })),
    );
  }

  /** null: there is no such number now, and none is shown. */
  gauge(name: string, help: string, read: () => number | null): void {
    this.add('gauge', name, help, [], () => {
      const value = read();
      return value === null ? [] : [{ labels: {}, value }];
    });
  }

  /** Always 1: what is told stands in the labels. */
  info(name: string, help: string, labels: Readonly<Record<string, string>>): void {
    this.add('gauge', name, help, Object.keys(labels), () => [{ labels, value: 1 }]);
  }

  /** One gauge for each value of one label, as they are at the time of the scrape. */
  gauges(
    name: string,
    help: string,
    label: string,
    read: () => Iterable<readonly [string, number]>,
  ): void {
    this.add('gauge', name, help, [label], () =>
      Array.from(read(), ([text, value]) => ({ labels: { [label]: text }, value })),
    );
  }

  /** `buckets`: ascending upper bounds, inclusive. */
  histogram(name: string, help: string, buckets: readonly number[] = secondsBuckets): Histogram {
    const cell = new HistogramCell(buckets);
    this.add('histogram', name, help, [], () => cell.samples(name, {}));
    return cell;
  }

  /** One histogram for each value of one label; those that nobody observed are not shown. */
  histograms<Value extends string>(
    name: string,
    help: string,
    label: string,
    values: readonly Value[],
    buckets: readonly number[] = secondsBuckets,
  ): Readonly<Record<Value, Histogram>> {
    const cells = values.map((value) => [value, new HistogramCell(buckets)] as const);
    this.add('histogram', name, help, [label], () =>
      cells.flatMap(([value, cell]) => (cell.used ? cell.samples(name, { [label]: value }) : [])),
    );
    return Object.fromEntries<Histogram>(cells) as Record<Value, Histogram>;
  }

  /** Another part of the same process, with labels of its own: its numbers are shown with ours. */
  include(part: Metrics): void {
    for (const { name } of part.known) {
      assert(!this.allNames().has(name), `a metric is in two parts of one process: ${name}`);
    }
    this.parts.push(part);
  }

  /** Prometheus' text format. */
  async text(): Promise<string> {
    const parts = await Promise.all(this.parts.map((part) => part.text()));
    return [await this.registry.metrics(), ...parts].join('');
  }

  /** Our own, without the process metrics; docs/reference/metrics.md is made from it. */
  names(): readonly MetricName[] {
    return [...this.known].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private allNames(): ReadonlySet<string> {
    return new Set([this, ...this.parts].flatMap(({ known }) => known.map(({ name }) => name)));
  }

  private add(
    type: MetricName['type'],
    name: string,
    help: string,
    labels: readonly string[],
    samples: () => readonly Sample[],
  ): void {
    assert(
      /^holdfast_[a-z0-9_]+$/.test(name),
      `a metric's name must start with holdfast_: ${name}`,
    );
    assert(type !== 'counter' || name.endsWith('_total'), `a counter ends in _total: ${name}`);
    this.known.push({ name, type, help, labels });
    const metric = {
      name,
      help,
      type,
      aggregator: 'sum',
      get: () => read(name, help, type, samples),
    };
    this.registry.registerMetric(metric as unknown as prom.Metric);
  }
}

interface Sample {
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** The form in which prom-client's registry asks a metric for its values. */
function read(name: string, help: string, type: string, samples: () => readonly Sample[]) {
  return Promise.resolve({ name, help, type, aggregator: 'sum', values: samples() });
}

class HistogramCell implements Histogram {
  private readonly counts: Float64Array;
  private sum = 0;

  constructor(private readonly bounds: readonly number[]) {
    assert(bounds.length > 0, 'a histogram needs a bucket');
    assert(
      bounds.every((b, i) => i === 0 || b > bounds[i - 1]),
      'bucket bounds must ascend',
    );
    this.counts = new Float64Array(bounds.length + 1);
  }

  /** Buckets are few: walking them beats a binary search. */
  observe(value: number): void {
    const { bounds } = this;
    let bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]) bucket++;
    this.counts[bucket] += 1;
    this.sum += value;
  }

  get used(): boolean {
    return this.counts.some((count) => count > 0);
  }

  samples(name: string, labels: Sample['labels']): Sample[] {
    const samples: Sample[] = [];
    let count = 0;
    for (let i = 0; i <= this.bounds.length; i++) {
      count += this.counts[i];
      const le = i < this.bounds.length ? this.bounds[i] : '+Inf';
      samples.push({ metricName: `${name}_bucket`, labels: { ...labels, le }, value: count });
    }
    samples.push({ metricName: `${name}_sum`, labels, value: this.sum });
    samples.push({ metricName: `${name}_count`, labels, value: count });
    return samples;
  }
}
