import { limits } from '#libs/contracts/limits.js';
import type { DisputeStanding } from '#libs/contracts/payments.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { Metrics } from '#libs/platform/metrics.js';

import type { BookingService } from './bookings/booking-service.js';
import type { DeclineWatch } from './bookings/declines.js';
import type { CancellationTable } from './cancellation/cancellation-table.js';
import type { DisputeTable } from './disputes/dispute-table.js';
import { liveStates } from './saga/attempt.js';
import type { DailyReconciliation, LastReconciled } from './reconcile/daily.js';
import { openRefundStates, type RefundState } from './refunds/refund.js';
import type { RefundTable } from './refunds/refund-table.js';
import type { SagaRunner } from './saga/saga-runner.js';
import type { Settlements } from './saga/settlements.js';
import { webhookOutcomes, type WebhookService } from './webhooks/webhook-service.js';
import { declineScopes, type AttemptStore, type Census } from './store/attempt-store.js';

export interface WatchedSagas {
  readonly metrics: Metrics;
  readonly store: AttemptStore;
  readonly refunds: Pick<RefundTable, 'census'>;
  readonly disputes: Pick<DisputeTable, 'census'>;
  readonly cancellations: Pick<CancellationTable, 'census'>;
  readonly runner: SagaRunner;
  readonly settlements: Settlements;
  readonly declines: DeclineWatch;
  readonly webhooks: WebhookService;
  readonly bookings: BookingService;
  readonly daily: DailyReconciliation;
  /** See reconcile/daily.ts. */
  readonly lastReconciled: () => Promise<LastReconciled | null>;
  readonly clock: Clock;
  readonly log: Log;
}

const censusMs = 5_000;

const waitingStates: readonly RefundState[] = [...openRefundStates, 'FAILED'];

/** Registers the gauges and keeps the counts of the database fresh; returns what ends that. */
export function watchSagas(watched: WatchedSagas): () => void {
  const { metrics, store, runner, settlements, clock, log } = watched;
  let census: Census = { byState: new Map(), stuck: 0 };
  let refunds: ReadonlyMap<RefundState, number> = new Map();
  let disputes: ReadonlyMap<DisputeStanding, number> = new Map();
  let cancelled = 0;
  let reconciled: LastReconciled | null = null;
  metrics.gauges(
    'holdfast_payments_attempts',
    'Unfinished payment attempts by state, over all payments processes.',
    'state',
    () => liveStates.map((state) => [state, census.byState.get(state) ?? 0] as const),
  );
  metrics.gauge(
    'holdfast_payments_stuck',
    'Payment attempts older than a minute that have not settled, over all payments processes.',
    () => census.stuck,
  );
  gaugeRefunds(metrics, (state) => refunds.get(state) ?? 0);
  gaugeDisputes(metrics, (standing) => disputes.get(standing) ?? 0);
  metrics.gauge(
    'holdfast_payments_cancelled_bookings_waiting',
    'Bookings of cancelled events that live and are not given up, over all payments processes.',
    () => cancelled,
  );
  gaugeBooks(metrics, () => reconciled);
  metrics.gauge(
    'holdfast_payments_in_work',
    'Payment attempts this process works on.',
    () => runner.working,
  );
  metrics.gauge(
    'holdfast_payments_waiting',
    'Payment attempts whose end a caller of this process waits for.',
    () => settlements.count,
  );
  countRefusals(watched);
  let counting = false;
  const count = async (): Promise<void> => {
    if (counting) return;
    counting = true;
    try {
      census = await store.census(limits.sagaStuckAfterMs);
      refunds = await watched.refunds.census();
      disputes = await watched.disputes.census();
      cancelled = await watched.cancellations.census();
      reconciled = await watched.lastReconciled();
    } catch (error) {
      log.warn({ err: error }, 'payment attempts could not be counted');
    } finally {
      counting = false;
    }
  };
  const sweep = (): void => {
    store.forgetNews(limits.eventsKeptMs, limits.eventsSweptMax).catch((error: unknown) => {
      log.warn({ err: error }, 'old events of the provider could not be removed');
    });
  };
  const ends = [
    clock.every(censusMs, () => void count()),
    clock.every(limits.eventsSweepMs, sweep),
    clock.every(limits.booksCheckMs, () => void watched.daily.run()),
  ];
  return () => {
    for (const end of ends) end();
  };
}

function gaugeBooks(metrics: Metrics, last: () => LastReconciled | null): void {
  metrics.gauge(
    'holdfast_payments_differences',
    'Differences between bookings, ledger and provider that the last daily reconciliation found.',
    () => last()?.found ?? null,
  );
  metrics.gauge(
    'holdfast_payments_reconciled_age_seconds',
    'Since the last daily reconciliation ended, in whichever process; absent until one has.',
    () => {
      const reconciled = last();
      return reconciled === null ? null : reconciled.ageMs / 1_000;
    },
  );
}

function gaugeRefunds(metrics: Metrics, countOf: (state: RefundState) => number): void {
  metrics.gauges(
    'holdfast_payments_refunds',
    'Refunds that are not over or have failed, by state, over all payments processes.',
    'state',
    () => waitingStates.map((state) => [state, countOf(state)] as const),
  );
}

function gaugeDisputes(metrics: Metrics, countOf: (standing: DisputeStanding) => number): void {
  metrics.gauges(
    'holdfast_payments_disputes',
    'Disputes that are not over: banks that ask, and such that have taken the money back.',
    'standing',
    () => (['INQUIRY', 'OPEN'] as const).map((one) => [one, countOf(one)] as const),
  );
}

function countRefusals({ metrics, declines, bookings, webhooks }: WatchedSagas): void {
  declines.refused = metrics.counters(
    'holdfast_payments_refused_total',
    'Payments that were not tried, because too many before them were declined, by what they share.',
    'shared',
    declineScopes,
  );
  bookings.turnedAway = metrics.counter(
    'holdfast_payments_turned_away_total',
    'Payments that were not begun, because the provider failed too often just before.',
  );
  webhooks.heard = metrics.counters(
    'holdfast_payments_webhooks_total',
    'Webhooks of the payment provider, by what became of them.',
    'outcome',
    webhookOutcomes,
  );
}
