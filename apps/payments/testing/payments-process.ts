import { Type } from 'typebox';

import { connectNats } from '#libs/bus/nats-bus.js';
import { credentialsOf } from '#libs/bus/nats-credentials.js';
import { limits } from '#libs/contracts/limits.js';
import { openPool } from '#libs/database/pool.js';
import { systemClock } from '#libs/platform/clock.js';
import { readConfig } from '#libs/platform/config.js';
import { createLifecycle } from '#libs/platform/lifecycle.js';
import { createLog } from '#libs/platform/log.js';
import { Metrics } from '#libs/platform/metrics.js';
import { systemRandom } from '#libs/platform/random.js';

import { paymentsConfig } from '../config.js';
import { startPayments } from '../payments.js';
import { fakeCatalogue } from './fake-catalogue.js';
import { FakeInventory } from './fake-inventory.js';

/** main.ts with the inventory of the tests: a process that a test can kill. */
const config = readConfig(
  Type.Object({ ...paymentsConfig.properties, TEST_LEASE_MS: Type.Integer() }),
);
const log = createLog({ name: 'payments', level: 'warn', file: config.HOLDFAST_LOG_FILE });
const lifecycle = createLifecycle({
  log,
  clock: systemClock,
  stopWithinMs: limits.processStopMs,
});
lifecycle.handleSignals();
const database = openPool(config.DATABASE_URL, {
  applicationName: 'hf-payments',
  max: 12,
  answerWithinMs: limits.paymentsAnswerMs,
});
const bus = await connectNats({
  url: config.NATS_URL,
  ...credentialsOf(config),
  role: 'payments',
  name: 'payments',
  log,
});
const payments = await startPayments({
  config,
  bus,
  database,
  booksDatabase: database,
  inventory: await FakeInventory.create(database),
  catalogue: fakeCatalogue,
  clock: systemClock,
  random: systemRandom,
  log,
  metrics: new Metrics({ processMetrics: false }),
  timings: { leaseMs: config.TEST_LEASE_MS, scanMs: 100, pollMs: 20 },
});
lifecycle.onStop('database', 2_000, () => database.end());
lifecycle.onStop('bus', 2_000, () => bus.close());
lifecycle.onStop('payments', 8_000, () => payments.stop());
process.stdout.write('HOLDFAST_READY {"role":"payments"}\n');
