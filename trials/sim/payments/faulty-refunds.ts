import type { RefundTransition } from '#apps/payments/refunds/decide-refund.js';
import type { Refund } from '#apps/payments/refunds/refund.js';
import type { RefundAsk, RefundStore, Requested } from '#apps/payments/refunds/refund-ask.js';
import type { SeededRandom } from '../ground/seeded-random.js';
import type { SimProcess } from '../ground/sim-process.js';
import type { Ground } from '../ground/ground.js';
import { FaultyTable } from './faulty-table.js';

/** The table of refunds as one process reaches it. */
export class FaultyRefunds extends FaultyTable implements RefundStore {
  constructor(
    private readonly inner: RefundStore,
    process: SimProcess,
    random: SeededRandom,
    ground: Ground,
  ) {
    super(process, random, ground);
  }

  get leaseMs(): number {
    return this.inner.leaseMs;
  }

  request(ask: RefundAsk): Promise<Requested> {
    return this.ask(() => this.inner.request(ask));
  }

  claimDue(limit: number): Promise<readonly Refund[]> {
    return this.ask(() => this.inner.claimDue(limit));
  }

  renew(refund: Refund): Promise<boolean> {
    return this.ask(() => this.inner.renew(refund));
  }

  advance(refund: Refund, to: RefundTransition, nextTryDelayMs: number): Promise<Refund | null> {
    return this.ask(() => this.inner.advance(refund, to, nextTryDelayMs));
  }
}
