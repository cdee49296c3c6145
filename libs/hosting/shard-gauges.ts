import type { Metrics } from '#libs/platform/metrics.js';
import type { SaleClock } from '#libs/routing/sale-clock.js';
import type { Activator } from './activator.js';
import type { LeaseKeeper } from './lease-keeper.js';
import type { MoveSource } from './move-source.js';
import type { RoomWarden } from './room-warden.js';
import type { ShardHost } from './shard-host.js';

/** Whose state is shown. */
export interface ShownShard {
  readonly host: ShardHost;
  readonly activator: Activator;
  readonly lease: LeaseKeeper;
  readonly source: MoveSource;
  readonly clock: SaleClock;
  readonly warden: RoomWarden;
}

/**
 * What a shard is like at the moment it is asked: each gauge is read when somebody reads the
 * metrics, and costs nothing until then. What it counts over time is in shard-metrics.ts.
 */
export function showGauges(metrics: Metrics, shown: ShownShard): void {
  const { host, activator, lease, source, clock, warden } = shown;
  metrics.gauge(
    'holdfast_room_pace_percent',
    'How much of their rates waiting rooms that are kept here have, by how quickly owner and ' +
      'payments answer',
    () => warden.pacePercent,
  );
  metrics.gauge('holdfast_activations_running', 'Events being brought up', () => {
    return activator.load.running;
  });
  metrics.gauge('holdfast_activations_waiting', 'Events that wait to be brought up', () => {
    return activator.load.waiting;
  });
  metrics.gauge('holdfast_events_owned', 'Events whose actor runs here', () => host.slots.size);
  metrics.gauge('holdfast_lease_age_seconds', 'Since the last proof of life', () =>
    Math.min(lease.ageMs() / 1_000, 1e6),
  );
  metrics.gauge(
    'holdfast_journal_stalled_seconds',
    'How long an append has been unanswered',
    () => host.groupCommit.stalledMs / 1_000,
  );
  metrics.gauge(
    'holdfast_sale_clock_gap_seconds',
    'By how much the time of Postgres was ahead of the time holds are kept by',
    () => clock.gapMs / 1_000,
  );
  metrics.gauge('holdfast_mailbox_depth', 'Commands that wait, over all events', () => {
    let depth = 0;
    for (const slot of host.slots.values()) depth += slot.mailbox.length;
    return depth;
  });
  metrics.gauge('holdfast_mailbox_oldest_seconds', 'Age of the oldest command that waits', () => {
    let oldestMs = Infinity;
    for (const slot of host.slots.values()) {
      oldestMs = Math.min(oldestMs, slot.mailbox.peek()?.arrivedAtMs ?? Infinity);
    }
    return oldestMs === Infinity ? 0 : (clock.monotonicMs() - oldestMs) / 1_000;
  });
  metrics.gauge(
    'holdfast_append_waiting',
    'Events with facts that are not known durable',
    () => host.groupCommit.waiting,
  );
  metrics.gauge(
    'holdfast_snapshot_age_facts_max',
    'Facts behind the last snapshot, of the event with the most',
    () => {
      let most = 0;
      for (const { actor } of host.slots.values()) {
        most = Math.max(most, actor?.cursor.factsSinceSnapshot ?? 0);
      }
      return most;
    },
  );
  metrics.gauge('holdfast_moves_running', 'Live moves away from here', () => source.movesRunning);
  metrics.gauge('holdfast_events_quarantined', 'Events that refuse to be served', () => {
    let count = 0;
    for (const slot of host.slots.values()) if (slot.quarantine !== null) count += 1;
    return count;
  });
}
