import type { Bus } from '#libs/bus/bus.js';
import type { Metrics } from '#libs/platform/metrics.js';
import type { InventoryClient } from '#libs/routing/inventory-call.js';

import type { Exchange } from '../../http/exchange.js';
import type { LameDuck } from '../../lame-duck/lame-duck.js';
import type { Handlers } from '../area.js';
import type { probeRows } from './rows.js';

/** For orchestrators and Prometheus; never limited, never refused while the process lives. */
export interface ProbeParts {
  readonly lameDuck: Pick<LameDuck, 'state'>;
  readonly bus: Pick<Bus, 'connected'>;
  readonly inventory: Pick<InventoryClient, 'ready'>;
  readonly metrics: { readonly registry: Pick<Metrics, 'contentType' | 'text'> };
}

export const probeHandlers = (parts: ProbeParts): Handlers<typeof probeRows> => ({
  livez: live,
  readyz: (exchange) => ready(parts, exchange),
  metrics: (exchange) => metrics(parts, exchange),
});

function live(exchange: Exchange): void {
  exchange.json(200, '{"status":"ok"}');
}

/** Ready: it can take a hold to its owner. Says what is missing. */
function ready(parts: ProbeParts, exchange: Exchange): void {
  const missing = [
    ...(parts.lameDuck.state === 'serving' ? [] : [parts.lameDuck.state]),
    ...(parts.bus.connected ? [] : ['bus']),
    ...(parts.inventory.ready ? [] : ['inventory']),
  ];
  if (missing.length === 0) exchange.json(200, '{"status":"ready"}');
  else {
    const body = JSON.stringify({ status: 'not_ready', missing });
    exchange.json(503, body, [['Retry-After', '1']]);
  }
}

async function metrics(parts: ProbeParts, exchange: Exchange): Promise<void> {
  const { registry } = parts.metrics;
  exchange.send(200, registry.contentType, await registry.text());
}
