import 'reflect-metadata';
import { startGateway } from '#apps/gateway/gateway.js';
import { gatewayConfigSchema } from '#apps/gateway/config.js';
import { builtPages } from '#apps/gateway/pages/page-files.js';
import { startShard } from '#apps/inventory-shard/shard.js';
import { startSnapshotThread } from '#apps/inventory-shard/snapshot-thread.js';
import { startPayments } from '#apps/payments/payments.js';
import { checkStripeAddress } from '#apps/payments/stripe-address.js';
import { webhookEvents, webhookOf } from '#apps/payments/simulator/config.js';
import { startStripeSimulator } from '#apps/payments/simulator/simulator.js';
import { MemoryBroker } from '#libs/bus/memory-broker.js';
import { followChanges } from '#libs/catalogue/change-feed.js';
import { createPostgresAvailability } from '#libs/catalogue/availability/availability.js';
import { createPostgresRulesRows } from '#libs/catalogue/rules-row.js';
import { createPostgresCatalogue } from '#libs/catalogue/postgres-catalogue.js';
import type { BusRole } from '#libs/contracts/bus-roles.js';
import { limits } from '#libs/contracts/limits.js';
import { minimumsOfVariable, minimumAmounts } from '#libs/contracts/money/minimums-variable.js';
import { searchSettings } from '#libs/catalogue/search/search-settings.js';
import { DatabaseAnswers } from '#libs/database/database-answers.js';
import { openPool, type PoolOptions } from '#libs/database/pool.js';
import { requireSchema } from '#libs/database/schema.js';
import { factLevelNewest } from '#libs/inventory/inventory.js';
import { createPostgresFactFormat } from '#libs/journal/fact-format.js';
import { openPostgresJournal } from '#libs/journal/postgres-journal.js';
import { createPostgresRooms } from '#libs/room/postgres-rooms.js';
import { createPostgresOffice } from '#libs/office/postgres-office.js';
import { createPostgresLeaseStore } from '#libs/journal/postgres-lease.js';
import { measureClient } from '#libs/routing/client-metrics.js';
import { createInventoryClient } from '#libs/routing/inventory-client.js';
import { measureBuild } from '#libs/platform/build-info.js';
import { announceReady, stopWithParent } from '#libs/platform/child-process.js';
import { systemClock as clock } from '#libs/platform/clock.js';
import { maskedConfig } from '#libs/platform/config.js';
import { createLifecycle } from '#libs/platform/lifecycle.js';
import { createLog } from '#libs/platform/log.js';
import { readProcessConfig } from '#libs/platform/misspelt.js';
import { SharedLoop } from '#libs/platform/loop-share.js';
import { Metrics } from '#libs/platform/metrics.js';
import { metricsAddress, startMetricsServer } from '#libs/platform/metrics-server.js';
import { systemRandom as random } from '#libs/platform/random.js';
import { openTracing } from '#libs/platform/tracing.js';
import type { Pool } from 'pg';
import { Type } from 'typebox';

/**
 * --single: every role in one process, with the in-memory bus between them. For a small venue, or
 * a machine without NATS. The same parts as in the processes of their own, the same Postgres, the
 * same guarantees; what is given up is that one part may fail without the others.
 */
const schema = Type.Object({
  ...gatewayConfigSchema.properties,
  NATS_URL: Type.Optional(Type.String()),
  HOLDFAST_SHARD_ID: Type.String({ default: 'shard-1' }),
  STRIPE_SECRET_KEY: Type.String({ minLength: 1 }),
  STRIPE_API_BASE: Type.Optional(Type.String()),
  STRIPE_WEBHOOK_SECRET: Type.Optional(Type.String({ minLength: 1 })),
  STRIPE_SECOND_WEBHOOK_SECRET: Type.Optional(Type.String({ minLength: 1 })),
  STRIPE_WEBHOOK_URL: Type.Optional(Type.String()),
  STRIPE_WEBHOOK_EVENTS: Type.Optional(webhookEvents),
  STRIPE_MINIMUM_AMOUNTS: Type.Optional(minimumAmounts),
  /** Absent: the simulator is not started. */
  HOLDFAST_SIMULATOR_PORT: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
  HOLDFAST_DATA_FILE: Type.String({ minLength: 1 }),
});

const config = readProcessConfig(schema);
const log = createLog({
  name: 'holdfast',
  level: config.HOLDFAST_LOG_LEVEL,
  file: config.HOLDFAST_LOG_FILE,
});
log.info({ config: maskedConfig(schema, config) }, 'configuration');
const warning = checkStripeAddress(config);
if (warning !== null) log.warn(warning);
const lifecycle = createLifecycle({ log, clock, stopWithinMs: limits.processStopMs });
lifecycle.handleSignals();
stopWithParent(lifecycle, (code) => process.exit(code));

const metrics = new Metrics({ labels: { role: 'gateway' } });
const tracing = await openTracing(config, {
  ...{ service: 'single', instance: config.HOLDFAST_SHARD_ID, limits, metrics },
  ...{ clock, random, log },
});
lifecycle.onStop('traces', limits.spanSendMs, () => tracing.stop());
const { tracer } = tracing;
const broker = new MemoryBroker({ clock, random, log });
const catalogueConnections = (name: string, max: number): Pool =>
  poolOf(name, max, limits.catalogueAnswerMs, searchSettings);
const roomStore = createPostgresRooms(
  poolOf('room', limits.roomConnectionsMax, limits.catalogueAnswerMs),
);
const cataloguePool = catalogueConnections('catalogue', limits.catalogueConnectionsMax);
const catalogue = createPostgresCatalogue(cataloguePool, {
  share: new SharedLoop(clock, limits.rowUnitsPerTurn, limits.rowMsPerTurn),
  searches: catalogueConnections('search', limits.searchConnectionsMax),
});
await requireSchema(cataloguePool, { log, clock });
const answers = new DatabaseAnswers(clock);

const parts = [await startInventory(), await startMoney()];
const way = clientOf('gw', 'gateway');
const office = createPostgresOffice(cataloguePool);
const pages = builtPages();
const gateway = await startGateway({
  ...{ config, ...way, catalogue, office, pages, clock, random, log, tracer, metrics },
  roomStore,
  database: answers,
  shards: () => way.inventory.membership.live,
});
const changes = followChanges({
  pool: cataloguePool,
  clock,
  changed(eventId) {
    catalogue.forget(eventId);
    gateway.eventChanged(eventId);
  },
  answered: () => answers.answered(),
  failed: (error) => log.warn({ err: error }, 'changes of the catalogue could not be read'),
});
lifecycle.onStop('changes', 1_000, () => changes.close());
measureBuild(gateway.metrics);
measureClient(gateway.metrics, way.inventory);
lifecycle.onStop('gateway', 8_000, () => gateway.stop());
for (const part of parts) gateway.metrics.include(part);
const numbers = await startMetricsServer({
  ...metricsAddress(config),
  metrics: gateway.metrics,
  alive: () => true,
  ready: () => gateway.missing().length === 0,
  log,
});
lifecycle.onStop('metrics', 1_000, () => numbers.stop());
const { port, edge } = gateway;
announceReady({ role: 'single', port, metricsPort: numbers.port, edge });

/** Returns its numbers. */
async function startInventory(): Promise<Metrics> {
  const shardId = config.HOLDFAST_SHARD_ID;
  const journal = openPostgresJournal({
    url: config.DATABASE_URL,
    onIdleError: (error) => log.warn({ err: error }, 'journal connection lost'),
  });
  lifecycle.onStop('journal', 2_000, () => journal.close());
  // There is no other process that would have to read it.
  const factFormat = createPostgresFactFormat(poolOf('format', 1, limits.renewTimeoutMs));
  await factFormat.raise(factLevelNewest);
  const labels = { role: 'shard', shard: shardId };
  const metrics = new Metrics({ labels, processMetrics: false });
  const shard = await startShard({
    shardId,
    weight: 1,
    bus: busOf('shard', 'shard'),
    journal,
    leases: createPostgresLeaseStore(poolOf('lease', 2, limits.renewTimeoutMs)),
    catalogue,
    availability: createPostgresAvailability(cataloguePool),
    rulesRows: createPostgresRulesRows(cataloguePool),
    rooms: roomStore,
    factFormat,
    snapshotter: startSnapshotThread({
      databaseUrl: config.DATABASE_URL,
      name: shardId,
      log,
    }),
    clock,
    random,
    log,
    metrics,
    tracer,
  });
  lifecycle.onStop('shard', limits.shardStopMs, () => shard.stop());
  return metrics;
}

/** Returns its numbers. */
async function startMoney(): Promise<Metrics> {
  const port = config.HOLDFAST_SIMULATOR_PORT;
  if (port !== undefined) {
    const { HOLDFAST_DATA_FILE: dataFile, STRIPE_SECRET_KEY: key } = config;
    const minimums = minimumsOfVariable(config.STRIPE_MINIMUM_AMOUNTS);
    const webhook = webhookOf(config);
    const options = { port, dataFile, log, key, minimums, webhook };
    const simulator = await startStripeSimulator(options);
    lifecycle.onStop('simulator', 3_000, () => simulator.stop());
  }
  const metrics = new Metrics({ labels: { role: 'payments' }, processMetrics: false });
  const payments = await startPayments({
    config,
    ...clientOf('pay', 'payments'),
    database: poolOf('payments', 12, limits.paymentsAnswerMs),
    booksDatabase: poolOf('books', 2, limits.booksQueryMs),
    catalogue,
    clock,
    random,
    log,
    metrics,
    tracer,
  });
  lifecycle.onStop('payments', 8_000, () => payments.stop());
  return metrics;
}

/** One for each kind of work, as processes of their own have: none waits as long as another. */
function poolOf(
  what: string,
  max: number,
  answerWithinMs: number,
  settings: PoolOptions['settings'] = {},
): Pool {
  const pool = openPool(config.DATABASE_URL, {
    applicationName: `hf-single-${what}`,
    max,
    answerWithinMs,
    settings,
    onIdleError: (error) => log.warn({ err: error, pool: what }, 'database connection lost'),
  });
  lifecycle.onStop(`${what} database`, 2_000, () => pool.end());
  return pool;
}

function busOf(name: string, role: BusRole) {
  const bus = broker.connect(name, role);
  lifecycle.onStop(`bus of ${name}`, 2_000, () => bus.close());
  return bus;
}

/** A way to the actors, as a process of its own would have it. */
function clientOf(name: string, role: BusRole) {
  const bus = busOf(name, role);
  const clientId = `${name}${random.token(12)}`;
  const inventory = createInventoryClient({ bus, clock, random, log, clientId, tracer });
  lifecycle.onStop(`inventory client of ${name}`, 1_000, () => inventory.close());
  return { bus, inventory };
}
