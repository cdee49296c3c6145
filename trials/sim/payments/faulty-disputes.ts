import type { Dispute } from '#apps/payments/disputes/dispute.js';
import type { DisputePorts } from '#apps/payments/disputes/dispute-runner.js';
import type { DisputeSeen } from '#apps/payments/provider/provider.js';
import type { SeededRandom } from '../ground/seeded-random.js';
import type { SimProcess } from '../ground/sim-process.js';
import type { Ground } from '../ground/ground.js';
import { FaultyTable } from './faulty-table.js';

type Table = DisputePorts['table'];

/** The table of disputes as one process reaches it. */
export class FaultyDisputes extends FaultyTable implements Table {
  constructor(
    private readonly inner: Table,
    process: SimProcess,
    random: SeededRandom,
    ground: Ground,
  ) {
    super(process, random, ground);
  }

  find(disputeIds: readonly string[]): Promise<number> {
    return this.ask(() => this.inner.find(disputeIds));
  }

  claimDue(limit: number): Promise<readonly Dispute[]> {
    return this.ask(() => this.inner.claimDue(limit));
  }

  see(dispute: Dispute, seen: DisputeSeen, nextLookMs: number): Promise<boolean> {
    return this.ask(() => this.inner.see(dispute, seen, nextLookMs));
  }

  miss(dispute: Dispute, error: string, isOver: boolean, nextTryMs: number): Promise<void> {
    return this.ask(() => this.inner.miss(dispute, error, isOver, nextTryMs));
  }
}
