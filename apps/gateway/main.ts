import 'reflect-metadata';

import { NestFactory } from '@nestjs/core';
import type { Pool } from 'pg';

import { measureBus } from '#libs/bus/bus-metrics.js';
import { connectNats } from '#libs/bus/nats-bus.js';
import { credentialsOf } from '#libs/bus/nats-credentials.js';
import { followChanges } from '#libs/catalogue/change-feed.js';
import { createPostgresCatalogue } from '#libs/catalogue/postgres-catalogue.js';
import { limits } from '#libs/contracts/limits.js';
import { searchSettings } from '#libs/catalogue/search/search-settings.js';
import { DatabaseAnswers } from '#libs/database/database-answers.js';
import { openPool } from '#libs/database/pool.js';
import { requireSchema } from '#libs/database/schema.js';
import { createPostgresOffice } from '#libs/office/postgres-office.js';
import { createPostgresRooms } from '#libs/room/postgres-rooms.js';
import { measureClient } from '#libs/routing/client-metrics.js';
import { createInventoryClient } from '#libs/routing/inventory-client.js';
import { measureBuild } from '#libs/platform/build-info.js';
import { announceReady, stopWithParent } from '#libs/platform/child-process.js';
import { systemClock } from '#libs/platform/clock.js';
import { maskedConfig } from '#libs/platform/config.js';
import { growOld } from '#libs/platform/grow-old.js';
import { createLifecycle } from '#libs/platform/lifecycle.js';
import { createLog } from '#libs/platform/log.js';
import { readProcessConfig } from '#libs/platform/misspelt.js';
import { SharedLoop } from '#libs/platform/loop-share.js';
import { metricsAddress, startMetricsServer } from '#libs/platform/metrics-server.js';
import { NestLogger } from '#libs/platform/nest-logger.js';
import { Metrics } from '#libs/platform/metrics.js';
import { systemRandom } from '#libs/platform/random.js';
import { openTracing } from '#libs/platform/tracing.js';

import { gatewayConfigSchema } from './config.js';
import { GATEWAY, GatewayModule } from './gateway.module.js';
import type { Gateway } from './gateway.js';
import { builtPages } from './pages/page-files.js';

/** The process of a gateway: its configuration, what it connects to, and in which order it ends. */
const config = readProcessConfig(gatewayConfigSchema);
const clock = systemClock;
const random = systemRandom;
const log = createLog({
  name: 'gateway',
  level: config.HOLDFAST_LOG_LEVEL,
  file: config.HOLDFAST_LOG_FILE,
});
log.info({ config: maskedConfig(gatewayConfigSchema, config) }, 'configuration');
const graceMs = config.HOLDFAST_LAME_DUCK_MS;
const lifecycle = createLifecycle({
  ...{ log, clock },
  stopWithinMs: limits.processStopMs + Math.max(0, graceMs - limits.lameDuckGraceMs),
});
lifecycle.handleSignals();
stopWithParent(lifecycle, (code) => process.exit(code));

const connections = (max: number): Pool =>
  openPool(config.DATABASE_URL, {
    applicationName: 'hf-gateway',
    max,
    answerWithinMs: limits.catalogueAnswerMs,
    settings: searchSettings,
    onIdleError: (error) => log.warn({ err: error }, 'database connection lost'),
  });
const places = openPool(config.DATABASE_URL, {
  applicationName: 'hf-gateway-room',
  max: limits.roomConnectionsMax,
  answerWithinMs: limits.catalogueAnswerMs,
  onIdleError: (error) => log.warn({ err: error }, 'database connection lost'),
});
const database = connections(limits.catalogueConnectionsMax);
const searches = connections(limits.searchConnectionsMax);
lifecycle.onStop('database', 2_000, async () => {
  await Promise.all([database.end(), searches.end(), places.end()]);
});
await requireSchema(database, { log, clock });
const answers = new DatabaseAnswers(clock);
const bus = await connectNats({
  url: config.NATS_URL,
  ...credentialsOf(config),
  role: 'gateway',
  name: 'gateway',
  log,
  clock,
});
lifecycle.onStop('bus', 2_000, () => bus.close());
const clientId = `gw${random.token(12)}`;
const metrics = new Metrics({ labels: { role: 'gateway' } });
const tracing = await openTracing(config, {
  ...{ service: 'gateway', instance: clientId, limits, metrics, clock, random, log },
});
lifecycle.onStop('traces', limits.spanSendMs, () => tracing.stop());
const { tracer } = tracing;
const inventory = createInventoryClient({ bus, clock, random, log, clientId, tracer });
lifecycle.onStop('inventory client', 1_000, () => inventory.close());
const share = new SharedLoop(clock, limits.rowUnitsPerTurn, limits.rowMsPerTurn);
const catalogue = createPostgresCatalogue(database, { share, searches });
const office = createPostgresOffice(database);

const app = await NestFactory.createApplicationContext(
  GatewayModule.forPorts({
    ...{ config, bus, inventory, catalogue, office, clock, random, log, tracer, metrics },
    roomStore: createPostgresRooms(places),
    database: answers,
    pages: builtPages(),
    shards: () => inventory.membership.live,
  }),
  { logger: new NestLogger(log), abortOnError: false },
);
lifecycle.onStop('gateway', limits.stopGraceMs + 1_000, () => app.close());
const gateway = app.get<Gateway>(GATEWAY);
lifecycle.onStop(
  'live maps',
  graceMs + limits.lameDuckCloseMs + 1_000,
  () => gateway.leave(graceMs),
  () => gateway.hurry(),
);
const changes = followChanges({
  pool: database,
  clock,
  changed(eventId) {
    catalogue.forget(eventId);
    gateway.eventChanged(eventId);
  },
  answered: () => answers.answered(),
  failed: (error) => log.warn({ err: error }, 'changes of the catalogue could not be read'),
});
lifecycle.onStop('changes', 1_000, () => changes.close());
measureBuild(metrics);
measureBus(metrics, bus);
measureClient(metrics, inventory);
const numbers = await startMetricsServer({
  ...metricsAddress(config),
  metrics,
  alive: () => true,
  ready: () => gateway.missing().length === 0,
  log,
});
lifecycle.onStop('metrics', 1_000, () => numbers.stop());
// Before anybody is served: the first large answer would stop the loop for what the start left.
await growOld({ touch: false, breathe: () => new Promise((resolve) => clock.soon(resolve)) });
const { port, edge } = gateway;
announceReady({ role: 'gateway', port, metricsPort: numbers.port, edge });
