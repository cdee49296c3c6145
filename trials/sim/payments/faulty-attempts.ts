import type {
  AttemptStore,
  BookedPlaces,
  Census,
  Declines,
  Heard as SaidOnce,
  Inserted,
  LateLook,
  NewAttempt,
  Tried,
} from '#apps/payments/store/attempt-store.js';
import type { ProviderNews } from '#apps/payments/webhooks/news.js';
import type { Attempt } from '#apps/payments/saga/attempt.js';
import type { Transition } from '#apps/payments/saga/decide-saga.js';
import type { AttemptId, BookingId, EventId, HoldId, UserId } from '#libs/inventory/ids.js';
import type { SeededRandom } from '../ground/seeded-random.js';
import type { SimProcess } from '../ground/sim-process.js';
import type { Ground } from '../ground/ground.js';

/**
 * The table of attempts as one process reaches it. A statement that was sent is carried out even
 * if its sender dies; an answer can be lost, and reaches only a process that still runs.
 */
export class FaultyAttempts implements AttemptStore {
  constructor(
    private readonly inner: AttemptStore,
    private readonly process: SimProcess,
    private readonly random: SeededRandom,
    private readonly ground: Ground,
  ) {}

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

  declinesBefore(tried: Tried, withinMs: number): Promise<Declines> {
    return this.ask(() => this.inner.declinesBefore(tried, withinMs));
  }

  census(stuckAfterMs: number): Promise<Census> {
    return this.ask(() => this.inner.census(stuckAfterMs));
  }

  private ask<T>(statement: () => Promise<T>): Promise<T> {
    const { process, random } = this;
    const { clock, weather } = this.ground;
    return new Promise((resolve, reject) => {
      const back = (hear: () => void): void => {
        clock.after(random.between(0.1, 0.5), () => process.arrive(hear));
      };
      const carryOut = async (): Promise<void> => {
        if (weather.strikes('attempts_refused')) {
          back(() => reject(new Error('injected: the attempts are away')));
          return;
        }
        const result = await statement();
        if (weather.strikes('attempts_unanswered')) {
          back(() => reject(new Error('injected: the answer of the attempts is lost')));
        } else back(() => resolve(result));
      };
      clock.after(random.between(0.1, 0.5), () => void carryOut());
    });
  }
}
