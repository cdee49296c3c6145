import type { Metrics } from '#libs/platform/metrics.js';

const takeoverReasons = ['unowned', 'restarted', 'failover', 'move'] as const;
const moveOutcomes = ['moved', 'refused', 'lost'] as const;

/** How events come to a shard and leave it; part of the shard's metrics. */
export function createChangeOfOwnerMetrics(metrics: Metrics) {
  return {
    takeovers: metrics.counters(
      'holdfast_takeovers_total',
      'Events taken: nobody had it, our former process, a shard that is gone, or a live move',
      'reason',
      takeoverReasons,
    ),
    detectSeconds: metrics.histogram(
      'holdfast_takeover_detect_seconds',
      'Take-over, first phase: who has the event, and does that shard live',
    ),
    announceSeconds: metrics.histogram(
      'holdfast_takeover_announce_seconds',
      'Take-over, second phase: compare-and-set of the ownership row, announce in the journal',
    ),
    replaySeconds: metrics.histogram(
      'holdfast_takeover_replay_seconds',
      'Take-over, third phase: snapshot and journal to a state in memory',
    ),
    moves: metrics.counters(
      'holdfast_moves_total',
      'Live moves away from here, by outcome',
      'outcome',
      moveOutcomes,
    ),
    moveRollbacks: metrics.counter(
      'holdfast_move_rollbacks_total',
      'Moves that paused an event and then gave it back to this shard',
    ),
    movePauseSeconds: metrics.histogram(
      'holdfast_move_pause_seconds',
      'From the last admitted command to the first moment the target serves',
    ),
    unreadable: metrics.counter(
      'holdfast_events_unreadable_total',
      'Activations that found facts of a newer program',
    ),
    rebalanceMoves: metrics.counter(
      'holdfast_rebalance_moves_total',
      'Events moved by the automatic rebalancing that runs in this shard',
    ),
  };
}
