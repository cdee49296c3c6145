import { limits } from '#libs/contracts/limits.js';
import { minimumsOfVariable } from '#libs/contracts/money/minimums-variable.js';
import { announceReady, stopWithParent } from '#libs/platform/child-process.js';
import { systemClock } from '#libs/platform/clock.js';
import { maskedConfig } from '#libs/platform/config.js';
import { createLifecycle } from '#libs/platform/lifecycle.js';
import { createLog } from '#libs/platform/log.js';
import { readProcessConfig } from '#libs/platform/misspelt.js';

import { simulatorConfig, webhookOf } from './config.js';
import { startStripeSimulator } from './simulator.js';

const config = readProcessConfig(simulatorConfig);
const log = createLog({
  name: 'stripe-simulator',
  level: config.HOLDFAST_LOG_LEVEL,
  file: config.HOLDFAST_LOG_FILE,
});
log.info({ config: maskedConfig(simulatorConfig, config) }, 'configuration');

const lifecycle = createLifecycle({
  log,
  clock: systemClock,
  stopWithinMs: limits.processStopMs,
});
lifecycle.handleSignals();
stopWithParent(lifecycle, (code) => process.exit(code));
const simulator = await startStripeSimulator({
  port: config.PORT,
  host: config.HOST,
  dataFile: config.HOLDFAST_DATA_FILE,
  key: config.STRIPE_SECRET_KEY,
  minimums: minimumsOfVariable(config.STRIPE_MINIMUM_AMOUNTS),
  webhook: webhookOf(config),
  log,
});
lifecycle.onStop('simulator', 3_000, () => simulator.stop());

announceReady({ role: 'stripe-simulator', port: simulator.port });
