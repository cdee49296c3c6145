import type {
  AttemptStore,
  BookedPlaces,
  Census,
  Heard as SaidOnce,
  Inserted,
  LateLook,
  LookBefore,
  NewAttempt,
  Tried,
} from '#apps/payments/store/attempt-store.js';
import type { ProviderNews } from '#apps/payments/webhooks/stripe-events.js';
import type { Attempt } from '#apps/payments/saga/attempt.js';
import type { Transition } from '#apps/payments/saga/decide-saga.js';
import type { AttemptId, BookingId, EventId, HoldId, UserId } from '#libs/inventory/ids.js';
import type { SeededRandom } from '../ground/seeded-random.js';
import type { SimProcess } from '../ground/sim-process.js';
import type { Ground } from '../ground/ground.js';
import { FaultyTable } from './faulty-table.js';

/** The table of attempts as one process reaches it. */
export class FaultyAttempts extends FaultyTable implements AttemptStore {
  constructor(
    private readonly inner: AttemptStore,
    process: SimProcess,
    random: SeededRandom,
    ground: Ground,
  ) {
    super(process, random, ground);
  }

  insert(wanted: NewAttempt): Promise<Inserted> {
    return this.ask(() => this.inner.insert(wanted));
  }

  byKey(userId: UserId, idempotencyKey: string): Promise<Attempt | null> {
    return this.ask(() => this.inner.byKey(userId, idempotencyKey));
  }

  byId(attemptId: AttemptId): Promise<Attempt | null> {
    return this.ask(() => this.inner.byId(attemptId));
  }

  advance(attempt: Attempt, to: Transition, nextTryDelayMs: number): Promise<Attempt | null> {
    return this.ask(() => this.inner.advance(attempt, to, nextTryDelayMs));
  }

  claimDue(limit: number, except?: readonly EventId[]): Promise<readonly Attempt[]> {
    return this.ask(() => this.inner.claimDue(limit, except));
  }

  renew(attemptIds: readonly AttemptId[]): Promise<void> {
    return this.ask(() => this.inner.renew(attemptIds));
  }

  giveBack(): Promise<void> {
    return this.ask(() => this.inner.giveBack());
  }

  answerableAmong(attemptIds: readonly AttemptId[]): Promise<readonly AttemptId[]> {
    return this.ask(() => this.inner.answerableAmong(attemptIds));
  }

  hasten(bookingId: BookingId, notWithinMs: number): Promise<AttemptId | null> {
    return this.ask(() => this.inner.hasten(bookingId, notWithinMs));
  }

  hear(news: ProviderNews): Promise<SaidOnce> {
    return this.ask(() => this.inner.hear(news));
  }

  forgetNews(olderThanMs: number, most: number): Promise<number> {
    return this.ask(() => this.inner.forgetNews(olderThanMs, most));
  }

  bookedPlaces(bookingId: BookingId): Promise<BookedPlaces | null> {
    return this.ask(() => this.inner.bookedPlaces(bookingId));
  }

  bookedAs(userId: UserId, holdId: HoldId): Promise<BookingId | null> {
    return this.ask(() => this.inner.bookedAs(userId, holdId));
  }

  lookLate(attempt: Attempt): Promise<LateLook | 'not_ours' | null> {
    return this.ask(() => this.inner.lookLate(attempt));
  }

  lookBefore(tried: Tried, idempotencyKey: string, withinMs: number): Promise<LookBefore> {
    return this.ask(() => this.inner.lookBefore(tried, idempotencyKey, withinMs));
  }

  census(stuckAfterMs: number): Promise<Census> {
    return this.ask(() => this.inner.census(stuckAfterMs));
  }
}
