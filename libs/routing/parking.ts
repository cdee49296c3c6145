import { secondsBuckets, type Histogram } from '#libs/platform/metrics.js';
import type { PendingCall } from './lane.js';

/**
 * Calls that wait in this process because nobody can be asked now: the owner is gone and another
 * not known yet, or a shard asked for patience. In the order in which they came; bounded like all
 * calls in flight (C5).
 */
export class ParkedCalls {
  /** Given when somebody counts: from the first wait of a call until it is sent or given up. */
  waited: Histogram | null = null;
  private calls: PendingCall[] = [];

  /** Those that were given up meanwhile are not counted. */
  get size(): number {
    let size = 0;
    for (const { finished } of this.calls) if (!finished) size += 1;
    return size;
  }

  add(pending: PendingCall, nowMs: number): void {
    pending.lane = null;
    pending.sentAtMs = null;
    pending.parkedAtMs ??= nowMs;
    this.calls.push(pending);
  }

  /** Takes out those that may be tried again; an owner may still be missing. */
  due(nowMs: number): readonly PendingCall[] {
    if (this.calls.length === 0) return this.calls;
    const due: PendingCall[] = [];
    const later: PendingCall[] = [];
    for (const pending of this.calls) {
      if (pending.finished) continue;
      if (pending.notBeforeMs > nowMs) later.push(pending);
      else due.push(pending);
    }
    this.calls = later;
    return due;
  }

  /** It waits no longer. */
  left(pending: PendingCall, nowMs: number): void {
    if (pending.parkedAtMs === null) return;
    this.waited?.observe((nowMs - pending.parkedAtMs) / 1_000);
    pending.parkedAtMs = null;
  }
}

export const parkedBuckets: readonly number[] = secondsBuckets.filter((bound) => bound >= 0.001);
