import { LRUCache } from 'lru-cache';
import { limits } from '#libs/contracts/limits.js';
import { UnknownFactKind } from '#libs/inventory/inventory.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { Clock } from '#libs/platform/clock.js';

interface Setback {
  readonly delayMs: number;
  /** Monotonic. */
  readonly untilMs: number;
  readonly unreadable: boolean;
}

/**
 * Events that could not be brought to life here, and when that may be tried again. Each try takes
 * an epoch and a batch of the journal, so a cause that stays must not become a storm of take-overs.
 */
export class Setbacks {
  /** Takes its room at once, so it is made when the first one is needed. */
  private kept: LRUCache<EventId, Setback> | null = null;

  constructor(private readonly clock: Clock) {}

  failed(eventId: EventId, error: unknown): void {
    this.kept ??= new LRUCache({ max: limits.setbacksKept });
    const before = this.kept.get(eventId);
    const unreadable = error instanceof UnknownFactKind || before?.unreadable === true;
    const [first, most] = unreadable
      ? [limits.unreadableMs, limits.unreadableMsMax]
      : [limits.setbackMs, limits.setbackMsMax];
    const delayMs = Math.min(Math.max(first, (before?.delayMs ?? 0) * 2), most);
    this.kept.set(eventId, { delayMs, untilMs: this.clock.monotonicMs() + delayMs, unreadable });
  }

  overcome(eventId: EventId): void {
    this.kept?.delete(eventId);
  }

  /** 0: it may be tried now. */
  waitMs(eventId: EventId): number {
    const setback = this.kept?.get(eventId);
    if (setback === undefined) return 0;
    return Math.max(0, Math.ceil(setback.untilMs - this.clock.monotonicMs()));
  }

  /** This program will never read it: journals do not forget. */
  isUnreadable(eventId: EventId): boolean {
    return this.kept?.get(eventId)?.unreadable === true;
  }
}
