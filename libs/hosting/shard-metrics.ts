import type { Snapshotter } from '#libs/actor/snapshots.js';
import { countBuckets, type Metrics } from '#libs/platform/metrics.js';
import { createChangeOfOwnerMetrics } from './change-of-owner-metrics.js';

/**
 * What a shard counts over time; docs/reference/metrics.md is generated from these. What it is like
 * at the moment is in shard-gauges.ts.
 */
export type ShardMetrics = ReturnType<typeof createShardMetrics>;

const activationOutcomes = [
  'taken',
  'resting',
  'elsewhere',
  'quarantined',
  'unknown_event',
  'failed',
] as const;
/**
 * An owner that was replaced learns of it by what comes first: its append is refused (`fenced`),
 * or its ownership rows, read with every renewal of the lease, name another (`replaced`).
 */
const lossReasons = ['fenced', 'replaced', 'rejected', 'broken', 'moved'] as const;

export function createShardMetrics(metrics: Metrics, snapshotter: Pick<Snapshotter, 'stored'>) {
  metrics.counterFrom('holdfast_snapshots_total', 'Snapshots stored', () => snapshotter.stored);
  return {
    commands: metrics.counter('holdfast_commands_total', 'Commands and queries received'),
    replayed: metrics.counter(
      'holdfast_commands_replayed_total',
      'Sent again and answered as the first time: after a take-over, a lost answer, or by a buyer',
    ),
    tooLate: metrics.counter('holdfast_commands_too_late_total', 'Dropped after their deadline'),
    overloaded: metrics.counter('holdfast_commands_overloaded_total', 'Refused: mailbox full'),
    moved: metrics.counter('holdfast_commands_moved_total', 'Sent on to another shard'),
    ...frameMetrics(metrics),
    activations: metrics.counters(
      'holdfast_activations_total',
      'Attempts to take an event over, by outcome',
      'outcome',
      activationOutcomes,
    ),
    activationSeconds: metrics.histogram(
      'holdfast_activation_seconds',
      'From the first command of an event to its first turn',
    ),
    losses: metrics.counters(
      'holdfast_actors_lost_total',
      'Actors stopped against their will, by reason',
      'reason',
      lossReasons,
    ),
    passivations: metrics.counter('holdfast_passivations_total', 'Idle events given up'),
    appendSeconds: metrics.histogram('holdfast_append_seconds', 'Group commit, per statement'),
    appendEvents: metrics.histogram(
      'holdfast_append_events',
      'Events in one group commit',
      countBuckets,
    ),
    settled: metrics.counters(
      'holdfast_commits_unknown_total',
      'Batches whose append was not answered, by what was found afterwards',
      'resolution',
      ['appended', 'fenced', 'rejected'],
    ),
    journalBehind: metrics.counter(
      'holdfast_journal_behind_memory_total',
      'Events whose journal lost what was acknowledged (G2): must be 0',
    ),
    turnsWithoutLease: metrics.counter(
      'holdfast_turns_without_lease_total',
      'Turns put off because the lease was not proven: nothing stale was answered',
    ),
    ...createChangeOfOwnerMetrics(metrics),
    timerLateSeconds: metrics.histogram(
      'holdfast_timer_late_seconds',
      'How late due holds were ended and due sales opened',
    ),
    mailSeconds: metrics.histogram('holdfast_mailbox_seconds', 'Age of the oldest mail at a turn'),
  };
}

/** What came and could not be read, and what should have left and did not. */
function frameMetrics(metrics: Metrics) {
  return {
    malformed: metrics.counter(
      'holdfast_frames_malformed_total',
      'Batches that made no sense: answered with "unreadable"',
    ),
    unproven: metrics.counter(
      'holdfast_commands_unproven_total',
      'Commands that only payments may send, without their seal: refused',
    ),
    unknownVersion: metrics.counter(
      'holdfast_frames_unknown_version_total',
      'Batches in a version that is not read here: answered with "unreadable"',
    ),
    unfit: metrics.counters(
      'holdfast_frames_unfit_total',
      'Too large or not to be written: a diff is left out, a reply becomes an error, a beat waits',
      'what',
      ['reply', 'diff', 'beat'],
    ),
    unsent: metrics.counter('holdfast_frames_unsent_total', 'Replies and diffs the bus refused'),
  };
}
