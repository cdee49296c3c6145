import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';

import { chargeIntent } from './charging.js';
import type { OperationContext } from './operation.js';
import { settledRefund } from './refunds.js';
import type { Change, PendingCharge, PendingRefund, Store } from './store.js';

/**
 * Banks that take their time: each charge that is `processing`, and each refund that is not final,
 * ends when it is due, whoever asks or does not, also over a restart of the simulator.
 */
export class SlowBanks {
  private readonly due = new Set<() => void>();

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly context: () => OperationContext,
    private readonly commit: (change: Change) => Promise<void>,
  ) {}

  /** Charges that were under way when the last process ended. */
  resume(): void {
    for (const pending of this.store.pending.values()) this.decide(pending);
    for (const pending of this.store.pendingRefunds.values()) this.decideRefund(pending);
  }

  decide({ intent: id, settlesAtMs, then }: PendingCharge): void {
    this.at(settlesAtMs, () => {
      const intent = this.store.intents.get(id);
      if (intent?.status !== 'processing') return;
      const { change } = chargeIntent(this.context(), intent, then);
      // Behind a bank that was slow today may be a card that always is.
      const goOn = () => change.pending?.forEach((next) => this.decide(next));
      this.commit(change).then(goOn, (error: unknown) => {
        this.log.error({ err: error, intent: id }, 'a charge could not be kept');
      });
    });
  }

  decideRefund({ refund: id, settlesAtMs, to }: PendingRefund): void {
    this.at(settlesAtMs, () => {
      if (!this.store.pendingRefunds.has(id)) return;
      this.commit(settledRefund(this.store, id, to)).catch((error: unknown) => {
        this.log.error({ err: error, refund: id }, 'a refund could not be kept');
      });
    });
  }

  stop(): void {
    for (const cancel of this.due) cancel();
  }

  private at(dueMs: number, work: () => void): void {
    const cancel = this.clock.after(Math.max(0, dueMs - this.clock.nowMs()), () => {
      this.due.delete(cancel);
      work();
    });
    this.due.add(cancel);
  }
}
