import type { Counter, Metrics } from '#libs/platform/metrics.js';

import { settledStates, type Attempt, type SettledState } from './attempt.js';

/** How payments ended in this process, and what was sold by them: for people who look at a sale. */
export class SettledCounts {
  private readonly ended: Readonly<Record<SettledState, Counter>>;
  private readonly tickets: Counter;
  private readonly captured = new Map<string, number>();

  constructor(metrics: Metrics) {
    this.ended = metrics.counters(
      'holdfast_payments_settled_total',
      'Payment attempts that ended here, by how.',
      'state',
      settledStates,
    );
    this.tickets = metrics.counter(
      'holdfast_payments_tickets_total',
      'Places of the attempts that were captured.',
    );
    metrics.countersFrom(
      'holdfast_payments_captured_minor_total',
      'What was captured for them, in the minor unit of its currency.',
      'currency',
      () => this.captured,
    );
  }

  settled({ state, seats, areas, currency, amountMinor }: SettledAttempt): void {
    this.ended[state].value += 1;
    if (state !== 'CAPTURED') return;
    this.tickets.value += areas.reduce((sum, { quantity }) => sum + quantity, seats.length);
    this.captured.set(currency, (this.captured.get(currency) ?? 0) + amountMinor);
  }
}

type SettledAttempt = Pick<Attempt, 'seats' | 'areas' | 'currency' | 'amountMinor'> & {
  readonly state: SettledState;
};
