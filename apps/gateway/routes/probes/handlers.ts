import type { Exchange } from '../../http/exchange.js';
import type { GatewayParts } from '../../parts.js';

/** For orchestrators and Prometheus; never limited, never refused while the process lives. */
export function live(exchange: Exchange): void {
  exchange.json(200, '{"status":"ok"}');
}

/** Ready: it can take a hold to its owner. Says what is missing. */
export function ready(parts: GatewayParts, exchange: Exchange): void {
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

export async function metrics(parts: GatewayParts, exchange: Exchange): Promise<void> {
  const { registry } = parts.metrics;
  exchange.send(200, registry.contentType, await registry.text());
}
