import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { measureBus } from '#libs/bus/bus-metrics.js';
import { connectNats } from '#libs/bus/nats-bus.js';
import { credentialsOf } from '#libs/bus/nats-credentials.js';
import { createPostgresAvailability } from '#libs/catalogue/availability/availability.js';
import { createPostgresRulesRows } from '#libs/catalogue/rules-row.js';
import { createPostgresCatalogue } from '#libs/catalogue/postgres-catalogue.js';
import { limits } from '#libs/contracts/limits.js';
import { openPool } from '#libs/database/pool.js';
import { requireSchema } from '#libs/database/schema.js';
import { createPostgresFactFormat } from '#libs/journal/fact-format.js';
import { openPostgresJournal } from '#libs/journal/postgres-journal.js';
import { createPostgresLeaseStore } from '#libs/journal/postgres-lease.js';
import { createPostgresRooms } from '#libs/room/postgres-rooms.js';
import { createPostgresSettings } from '#libs/journal/settings.js';
import { measureBuild } from '#libs/platform/build-info.js';
import { announceReady, stopWithParent } from '#libs/platform/child-process.js';
import { systemClock } from '#libs/platform/clock.js';
import { maskedConfig } from '#libs/platform/config.js';
import { createLifecycle } from '#libs/platform/lifecycle.js';
import { createLog } from '#libs/platform/log.js';
import { readProcessConfig } from '#libs/platform/misspelt.js';
import { Metrics } from '#libs/platform/metrics.js';
import { metricsAddress, startMetricsServer } from '#libs/platform/metrics-server.js';
import { NestLogger } from '#libs/platform/nest-logger.js';
import { systemRandom } from '#libs/platform/random.js';
import { openTracing } from '#libs/platform/tracing.js';
import { refuseTestVariables, shardConfigSchema } from './config.js';
import { SHARD, ShardModule } from './shard.module.js';
import type { RunningShard } from './shard.js';
import { dieAtStep } from './die-at-step.js';
import { Rehearsal } from './rehearsal.js';
import { startSnapshotThread } from './snapshot-thread.js';

/** One inventory shard process: opens what a shard needs, starts it, ends it in order. */
const config = readProcessConfig(shardConfigSchema);
refuseTestVariables(config);
const log = createLog({
  name: config.HOLDFAST_SHARD_ID,
  level: config.HOLDFAST_LOG_LEVEL,
  file: config.HOLDFAST_LOG_FILE,
});
log.info({ config: maskedConfig(shardConfigSchema, config) }, 'configuration');
const lifecycle = createLifecycle({
  log,
  clock: systemClock,
  stopWithinMs: limits.processStopMs,
});
lifecycle.handleSignals();
stopWithParent(lifecycle, (code) => process.exit(code));

const pool = openPool(config.DATABASE_URL, {
  applicationName: config.HOLDFAST_SHARD_ID,
  max: 8,
  answerWithinMs: limits.lookupTimeoutMs,
});
lifecycle.onStop('database', 2_000, () => pool.end());
const leasePool = openPool(config.DATABASE_URL, {
  applicationName: `${config.HOLDFAST_SHARD_ID}-lease`,
  max: 2,
  answerWithinMs: limits.renewTimeoutMs,
});
lifecycle.onStop('lease', 2_000, () => leasePool.end());
const journal = openPostgresJournal({
  url: config.DATABASE_URL,
  onIdleError: (error) => log.warn({ err: error }, 'journal connection lost'),
});
lifecycle.onStop('journal', 2_000, () => journal.close());
await requireSchema(leasePool, { log, clock: systemClock });
const bus = await connectNats({
  url: config.NATS_URL,
  ...credentialsOf(config),
  role: 'shard',
  name: config.HOLDFAST_SHARD_ID,
  log,
});
lifecycle.onStop('bus', 2_000, () => bus.close());

const metrics = new Metrics({ labels: { role: 'shard', shard: config.HOLDFAST_SHARD_ID } });
measureBuild(metrics);
measureBus(metrics, bus);
const tracing = await openTracing(config, {
  ...{ service: 'shard', instance: config.HOLDFAST_SHARD_ID, limits, metrics, log },
  ...{ clock: systemClock, random: systemRandom },
});
lifecycle.onStop('traces', limits.spanSendMs, () => tracing.stop());
const snapshotter = startSnapshotThread({
  databaseUrl: config.DATABASE_URL,
  name: config.HOLDFAST_SHARD_ID,
  log,
});
const sealKeys = [config.HOLDFAST_PAYMENTS_KEY, config.HOLDFAST_SECOND_PAYMENTS_KEY].filter(
  (key) => key !== undefined,
);
const dieAt = config.HOLDFAST_TEST_DIE_AT;
const app = await NestFactory.createApplicationContext(
  ShardModule.forPorts({
    shardId: config.HOLDFAST_SHARD_ID,
    weight: config.HOLDFAST_SHARD_WEIGHT,
    bus,
    journal,
    leases: createPostgresLeaseStore(leasePool),
    catalogue: createPostgresCatalogue(pool),
    factFormat: createPostgresFactFormat(leasePool),
    availability: createPostgresAvailability(pool),
    rulesRows: createPostgresRulesRows(pool),
    rooms: createPostgresRooms(pool),
    snapshotter,
    clock: systemClock,
    random: systemRandom,
    log,
    metrics,
    tracer: tracing.tracer,
    sealKeys,
    ...(dieAt === undefined ? {} : { failpoint: dieAtStep(dieAt) }),
    ...(config.HOLDFAST_REBALANCE ? { settings: createPostgresSettings(pool) } : {}),
  }),
  { logger: new NestLogger(log), abortOnError: false },
);
lifecycle.onStop('shard', limits.shardStopMs, () => app.close());
const shard = app.get<RunningShard>(SHARD);
const server = await startMetricsServer({
  ...metricsAddress(config),
  metrics,
  alive: () => true,
  ready: () => shard.ready(),
  log,
});
lifecycle.onStop('metrics', 1_000, () => server.stop());
if (config.HOLDFAST_REHEARSE) {
  const busy = (): boolean => shard.activating();
  const rehearsal = new Rehearsal({ clock: systemClock, random: systemRandom, log, busy });
  lifecycle.onStop('rehearsal', 1_000, () => rehearsal.stop());
  void rehearsal.run();
}
announceReady({ role: 'shard', incarnation: shard.incarnation, metricsPort: server.port });
