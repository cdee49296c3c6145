import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { measureAnswers } from '#apps/gateway/answer-metrics.js';
import { GatewayMetrics } from '#apps/gateway/metrics.js';
import { measureRooms } from '#apps/gateway/room/room-metrics.js';
import { routeRows } from '#apps/gateway/routes/table.js';
import { measureCertificate } from '#apps/gateway/tls/certificate-keeper.js';
import { startShard } from '#apps/inventory-shard/shard.js';
import type { BookingService } from '#apps/payments/bookings/booking-service.js';
import { DeclineWatch } from '#apps/payments/bookings/declines.js';
import type { WebhookService } from '#apps/payments/webhooks/webhook-service.js';
import { watchSagas, type WatchedSagas } from '#apps/payments/payments-metrics.js';
import { measureBus } from '#libs/bus/bus-metrics.js';
import { MemoryBroker } from '#libs/bus/memory-broker.js';
import type { NatsBus } from '#libs/bus/nats-bus.js';
import type { Catalogue } from '#libs/catalogue/catalogue.js';
import { factLevelNewest } from '#libs/inventory/inventory.js';
import { createMemoryFactFormat } from '#libs/journal/fact-format.js';
import { MemoryJournal } from '#libs/journal/memory-journal.js';
import { MemoryLeaseStore } from '#libs/journal/memory-lease.js';
import { systemClock as clock } from '#libs/platform/clock.js';
import { measureClient } from '#libs/routing/client-metrics.js';
import { ParkedCalls } from '#libs/routing/parking.js';
import { silentLog } from '#libs/platform/log.js';
import { measureBuild } from '#libs/platform/build-info.js';
import { measureTracing } from '#libs/platform/tracing.js';
import { SettledCounts } from '#apps/payments/saga/settled-counts.js';
import { ProviderWatch } from '#apps/payments/provider/provider-watch.js';
import { Metrics, type MetricName } from '#libs/platform/metrics.js';
import { systemRandom as random } from '#libs/platform/random.js';
import { projectRoot } from '#ops/system/paths.js';
import { markdownTable } from './markdown-table.js';

/**
 * docs/reference/metrics.md, made from the registries of the three kinds of process. Each registry
 * is filled by the code that fills it in production; the sources behind the gauges are never read.
 */
export const metricsPagePath = path.join(projectRoot, 'docs/reference/metrics.md');

export async function metricsPage(): Promise<string> {
  const common = namesOf(measuredBus());
  const clients = namesOf(measuredClient());
  const without = (names: readonly MetricName[]): MetricName[] =>
    names.filter(({ name }) => !common.some((other) => other.name === name));
  const sections = [
    section('Gateway', onMetricsPort, without(gatewayNames())),
    section('Inventory shard', onMetricsPort, without(await shardNames())),
    section('Payments', onMetricsPort, without(paymentsNames())),
    section('The way to the shards', 'In gateways and payments processes.', clients),
    section('The link to NATS', 'In gateways, shards and payments processes.', common),
    section('Every process', 'Once in each, also with `--single`.', namesOf(measuredBuild())),
    section('Traces', 'Where `HOLDFAST_TRACES_URL` names a collector.', namesOf(measuredTraces())),
  ];
  return `${[opening, ...sections].join('\n\n')}\n`;
}

/** For tools/docs.mjs. */
export async function writeMetricsPage(): Promise<void> {
  writeFileSync(metricsPagePath, await metricsPage());
}

const onMetricsPort =
  'On `/metrics` of `HOLDFAST_METRICS_PORT`; with `--single`, of the one process.';

const opening = [
  '# Metrics',
  '',
  "Every number of Holdfast's own, by process. Generated from the registries by",
  '`node tools/docs.mjs`; a spec fails when it is stale.',
  '',
  'Every line carries the label `role` (`gateway`, `shard` or `payments`), and those of a shard',
  'also `shard`, its `HOLDFAST_SHARD_ID`. Labels never hold an event, a buyer or a seat. Units are',
  'in the names; a histogram has the usual `_bucket`, `_sum` and `_count` lines. A process also',
  'reports what prom-client knows of it: `process_*` and `nodejs_*` (CPU, memory, garbage',
  'collection, delay of the event loop).',
].join('\n');

function section(title: string, where: string, names: readonly MetricName[]): string {
  const rows = names.map(({ name, type, labels, help }) => [
    `\`${name}\``,
    type,
    labels.map((label) => `\`${label}\``).join(', '),
    help.replace(/\.$/, ''),
  ]);
  const table = markdownTable(['Name', 'Type', 'Label', 'What it counts'], rows);
  return `## ${title}\n\n${where}\n\n${table}`;
}

const namesOf = (metrics: Metrics): readonly MetricName[] => metrics.names();

const bare = (): Metrics => new Metrics({ processMetrics: false });

function measuredBus(metrics = bare()): Metrics {
  measureBus(metrics, { counts: {} } as NatsBus);
  return metrics;
}

function measuredBuild(): Metrics {
  const metrics = bare();
  measureBuild(metrics);
  return metrics;
}

function measuredTraces(): Metrics {
  const metrics = bare();
  measureTracing(metrics, {
    counts: { traced: 0, kept: 0, over: 0 },
    sent: { sent: 0, failed: 0 },
  });
  return metrics;
}

function measuredClient(): Metrics {
  const metrics = bare();
  const counts = {
    redirected: 0,
    resent: 0,
    askedAgain: 0,
    batchesUnread: 0,
    repliesUnread: 0,
    overShare: 0,
  };
  measureClient(metrics, { inFlight: 0, parked: new ParkedCalls(), counts });
  return metrics;
}

function gatewayNames(): readonly MetricName[] {
  const gateway = new GatewayMetrics(routeRows.map((row) => row.operationId));
  gateway.socketBuffers();
  gateway.observe({
    edge: () => 'uws',
    sockets: () => 0,
    streams: () => 0,
    audiences: () => 0,
    frames: () => 0,
    replicas: () => 0,
    replicaBytes: () => 0,
    eventBytes: () => 0,
    replicaVersions: () => [],
    buckets: () => ({ addresses: 0, users: 0 }),
    tokens: () => 0,
    unreadableProxies: () => 0,
    unreadFrames: { bytes: 0, cut: 0 },
    stateMs: () => 0,
  });
  measureCertificate(gateway.registry, { daysLeft: 0, renewals: 0, refusals: 0 });
  measureAnswers(gateway.registry, {
    bodies: { bytes: 0 },
    pictures: { bytes: 0 },
    listWork: { begun: 0 },
    compression: { count: 0 },
    unread: { count: 0, bodyBytes: 0, cut: 0 },
  });
  measureRooms(gateway.registry, { all: () => [] }, () => 0);
  return measuredBus(gateway.registry).names();
}

function paymentsNames(): readonly MetricName[] {
  const metrics = bare();
  const declines = new DeclineWatch({ clock, log: silentLog() });
  const [webhooks, bookings] = [{} as WebhookService, {} as BookingService];
  const unwatch = watchSagas({ metrics, clock, declines, webhooks, bookings } as WatchedSagas);
  unwatch();
  new SettledCounts(metrics);
  new ProviderWatch(metrics, { asked: () => undefined });
  return metrics.names();
}

/** A real shard on memory, started and stopped. */
async function shardNames(): Promise<readonly MetricName[]> {
  const metrics = bare();
  const log = silentLog();
  const bus = new MemoryBroker({ clock, random, log }).connect('shard');
  const shard = await startShard({
    shardId: 'shard-1',
    weight: 1,
    bus,
    journal: new MemoryJournal({ clock }),
    leases: new MemoryLeaseStore(clock),
    catalogue: {} as Catalogue,
    factFormat: createMemoryFactFormat(factLevelNewest),
    snapshotter: { stored: 0, request: () => undefined, close: () => Promise.resolve() },
    clock,
    random,
    log,
    metrics,
  });
  await shard.stop();
  await bus.close();
  return metrics.names();
}
