import type { Metrics } from '#libs/platform/metrics.js';
import type { RoutingClient } from './inventory-client.js';
import { parkedBuckets } from './parking.js';

type Measured = Pick<RoutingClient, 'inFlight' | 'parked' | 'counts'>;

/** What a gateway or a payments process knows of its way to the shards. */
export function measureClient(metrics: Metrics, client: Measured): void {
  metrics.gauge('holdfast_calls_in_flight', 'Calls to shards without an answer yet', () => {
    return client.inFlight;
  });
  metrics.gauge(
    'holdfast_calls_parked',
    'Of these, calls that wait here: their owner changes, or asked for patience',
    () => client.parked.size,
  );
  client.parked.waited = metrics.histogram(
    'holdfast_calls_parked_seconds',
    'How long calls waited here, from their first wait until they were sent or given up',
    parkedBuckets,
  );
  metrics.counterFrom(
    'holdfast_calls_redirected_total',
    'Calls that a shard answered with MOVED: another one has the event',
    () => client.counts.redirected,
  );
  metrics.counterFrom(
    'holdfast_calls_resent_total',
    'Calls sent again under their own id because their shard or the link was lost',
    () => client.counts.resent,
  );
  metrics.counterFrom(
    'holdfast_calls_asked_again_total',
    'Calls sent again under their own id because their shard was silent about them for long',
    () => client.counts.askedAgain,
  );
  metrics.counterFrom(
    'holdfast_calls_over_share_total',
    'Calls refused at once as overloaded: those of their event already wait in its share',
    () => client.counts.overShare,
  );
  metrics.counterFrom(
    'holdfast_batches_unread_total',
    'Batches that a shard could not read: their calls were written again, or sent elsewhere',
    () => client.counts.batchesUnread,
  );
  metrics.counterFrom(
    'holdfast_replies_unread_total',
    'Reply frames that could not be read here: their calls were sent again under their own id',
    () => client.counts.repliesUnread,
  );
}
