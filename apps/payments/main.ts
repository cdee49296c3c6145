import { measureBus } from '#libs/bus/bus-metrics.js';
import { connectNats } from '#libs/bus/nats-bus.js';
import { credentialsOf } from '#libs/bus/nats-credentials.js';
import { createPostgresCatalogue } from '#libs/catalogue/postgres-catalogue.js';
import { limits } from '#libs/contracts/limits.js';
import { openPool } from '#libs/database/pool.js';
import { requireSchema } from '#libs/database/schema.js';
import { measureClient } from '#libs/routing/client-metrics.js';
import { createInventoryClient } from '#libs/routing/inventory-client.js';
import { measureBuild } from '#libs/platform/build-info.js';
import { announceReady, stopWithParent } from '#libs/platform/child-process.js';
import { systemClock } from '#libs/platform/clock.js';
import { maskedConfig } from '#libs/platform/config.js';
import { createLifecycle } from '#libs/platform/lifecycle.js';
import { createLog } from '#libs/platform/log.js';
import { readProcessConfig } from '#libs/platform/misspelt.js';
import { Metrics } from '#libs/platform/metrics.js';
import { metricsAddress, startMetricsServer } from '#libs/platform/metrics-server.js';
import { systemRandom } from '#libs/platform/random.js';
import { openTracing } from '#libs/platform/tracing.js';

import { paymentsConfig } from './config.js';
import { startPayments } from './payments.js';
import { checkStripeAddress } from './stripe-address.js';

/** The process of payments: its configuration, what it connects to, and in which order it ends. */
const config = readProcessConfig(paymentsConfig);
const clock = systemClock;
const random = systemRandom;
const log = createLog({
  name: 'payments',
  level: config.HOLDFAST_LOG_LEVEL,
  file: config.HOLDFAST_LOG_FILE,
});
log.info({ config: maskedConfig(paymentsConfig, config) }, 'configuration');
const warning = checkStripeAddress(config);
if (warning !== null) log.warn(warning);

const lifecycle = createLifecycle({ log, clock, stopWithinMs: limits.processStopMs });
lifecycle.handleSignals();
stopWithParent(lifecycle, (code) => process.exit(code));

const database = openPool(config.DATABASE_URL, {
  applicationName: 'hf-payments',
  max: 12,
  answerWithinMs: limits.paymentsAnswerMs,
  onIdleError: (error) => log.warn({ err: error }, 'database connection lost'),
});
lifecycle.onStop('database', 2_000, () => database.end());
const booksDatabase = openPool(config.DATABASE_URL, {
  applicationName: 'hf-payments-books',
  max: 2,
  answerWithinMs: limits.booksQueryMs,
  onIdleError: (error) => log.warn({ err: error }, 'database connection lost'),
});
lifecycle.onStop('books database', 2_000, () => booksDatabase.end());
await requireSchema(database, { log, clock });
const bus = await connectNats({
  url: config.NATS_URL,
  ...credentialsOf(config),
  role: 'payments',
  name: 'payments',
  log,
  clock,
});
lifecycle.onStop('bus', 2_000, () => bus.close());
const clientId = `pay${random.token(12)}`;
const sealKey = config.HOLDFAST_PAYMENTS_KEY;
const metrics = new Metrics({ labels: { role: 'payments' } });
const tracing = await openTracing(config, {
  ...{ service: 'payments', instance: clientId, limits, metrics, clock, random, log },
});
lifecycle.onStop('traces', limits.spanSendMs, () => tracing.stop());
const { tracer } = tracing;
const inventory = createInventoryClient({ bus, clock, random, log, clientId, sealKey, tracer });
lifecycle.onStop('inventory client', 1_000, () => inventory.close());
const catalogue = createPostgresCatalogue(database);
measureBuild(metrics);
measureBus(metrics, bus);
measureClient(metrics, inventory);
const payments = await startPayments({
  config,
  bus,
  database,
  booksDatabase,
  inventory,
  catalogue,
  clock,
  random,
  log,
  metrics,
  tracer,
});
lifecycle.onStop('payments', 8_000, () => payments.stop());

const server = await startMetricsServer({
  ...metricsAddress(config),
  metrics,
  alive: () => true,
  ready: () => payments.ready(),
  log,
});
lifecycle.onStop('metrics', 1_000, () => server.stop());
announceReady({ role: 'payments', metricsPort: server.port });
