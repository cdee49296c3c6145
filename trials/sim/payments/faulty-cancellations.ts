import type { CancellationStore } from '#apps/payments/cancellation/cancellation-store.js';
import type {
  CancellationPage,
  EventCancellation,
  PageDone,
} from '#apps/payments/cancellation/event-cancellation.js';
import type { SeededRandom } from '../ground/seeded-random.js';
import type { SimProcess } from '../ground/sim-process.js';
import type { Ground } from '../ground/ground.js';
import { FaultyTable } from './faulty-table.js';

/** The table of cancelled events as one process reaches it. */
export class FaultyCancellations extends FaultyTable implements CancellationStore {
  constructor(
    private readonly inner: CancellationStore,
    process: SimProcess,
    random: SeededRandom,
    ground: Ground,
  ) {
    super(process, random, ground);
  }

  claimDue(): Promise<EventCancellation | null> {
    return this.ask(() => this.inner.claimDue());
  }

  began(cancellation: EventCancellation): Promise<boolean> {
    return this.ask(() => this.inner.began(cancellation));
  }

  page(cancellation: EventCancellation): Promise<CancellationPage> {
    return this.ask(() => this.inner.page(cancellation));
  }

  keep(
    cancellation: EventCancellation,
    page: PageDone,
  ): Promise<EventCancellation['state'] | null> {
    return this.ask(() => this.inner.keep(cancellation, page));
  }

  miss(cancellation: EventCancellation, error: string, delayMs: number): Promise<void> {
    return this.ask(() => this.inner.miss(cancellation, error, delayMs));
  }
}
