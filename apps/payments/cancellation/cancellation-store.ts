import type { CancellationPage, EventCancellation, PageDone } from './event-cancellation.js';

/** Where cancellations of events are kept, moved under a lease each. */
export interface CancellationStore {
  /** The next one that is due; null: none. */
  claimDue(): Promise<EventCancellation | null>;
  /** The journal has it: the catalogue follows. False: the lease was lost. */
  began(cancellation: EventCancellation): Promise<boolean>;
  page(cancellation: EventCancellation): Promise<CancellationPage>;
  /** The state from now on; null: the lease was lost, and nothing is kept. */
  keep(cancellation: EventCancellation, page: PageDone): Promise<EventCancellation['state'] | null>;
  /** The same once more, later. */
  miss(cancellation: EventCancellation, error: string, delayMs: number): Promise<void>;
}
