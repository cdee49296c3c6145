import type { Metrics } from '#libs/platform/metrics.js';
import type { NatsBus } from './nats-bus.js';

/** What a process tells about its link to NATS. Read when scraped: the bus pays nothing. */
export function measureBus(metrics: Metrics, bus: NatsBus): void {
  const { counts } = bus;
  metrics.gauge('holdfast_bus_connected', '1 while the link to NATS is up', () =>
    bus.connected ? 1 : 0,
  );
  metrics.gauge(
    'holdfast_bus_pending_bytes',
    'Bytes that were published and are unsent',
    () => bus.pendingBytes,
  );
  metrics.counterFrom('holdfast_bus_published_total', 'Messages sent', () => counts.published);
  metrics.counterFrom(
    'holdfast_bus_published_bytes_total',
    'Payload bytes sent',
    () => counts.publishedBytes,
  );
  metrics.counterFrom(
    'holdfast_bus_refused_total',
    'Messages not sent: link down or too much unsent',
    () => counts.refused,
  );
  metrics.counterFrom('holdfast_bus_received_total', 'Messages received', () => counts.received);
  metrics.counterFrom('holdfast_bus_reconnects_total', 'Links made again', () => counts.reconnects);
  metrics.counterFrom(
    'holdfast_bus_handler_errors_total',
    'Handlers that threw',
    () => counts.handlerErrors,
  );
}
