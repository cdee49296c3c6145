import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';

import { chargeIntent } from './charging.js';
import type { OperationContext } from './operation.js';
import type { Change, PendingCharge, Store } from './store.js';

/**
 * Banks that take their time: each charge that is `processing` ends when it is due, whoever asks
 * or does not, also over a restart of the simulator.
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
  }

  decide({ intent: id, settlesAtMs, then }: PendingCharge): void {
    const cancel = this.clock.after(settlesAtMs - this.clock.nowMs(), () => {
      this.due.delete(cancel);
      const intent = this.store.intents.get(id);
      if (intent?.status !== 'processing') return;
      const { change } = chargeIntent(this.context(), intent, then);
      this.commit(change).catch((error: unknown) => {
        this.log.error({ err: error, intent: id }, 'a charge could not be kept');
      });
    });
    this.due.add(cancel);
  }

  stop(): void {
    for (const cancel of this.due) cancel();
  }
}
