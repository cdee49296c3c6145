import { limits } from '#libs/contracts/limits.js';
import type { EventView } from '#libs/contracts/wire.js';
import type { CallResult } from '#libs/routing/inventory-call.js';
import type { Clock } from '#libs/platform/clock.js';

/**
 * What the owner said last about the version of its event. One question at a time, and no more
 * often than every replicaLagMs: a client that names a version of its own invention costs the owner
 * a few small reads a second, however many such clients there are (G8).
 */
export class OwnerWord {
  /** When the question was asked whose answer this is: the owner had that version then or later. */
  private askedAtMs = -Infinity;
  private version = -1;
  private lastQuestionMs = -Infinity;
  private asking = false;

  constructor(
    private readonly clock: Clock,
    private readonly ask: (done: (result: CallResult) => void) => void,
    private readonly heard: (view: EventView | 'unknown_event') => void,
  ) {}

  /** Asked at `sinceMs` or later, the owner had no such version. */
  denies(version: number, sinceMs: number): boolean {
    return this.askedAtMs >= sinceMs && this.version < version;
  }

  question(): void {
    const nowMs = this.clock.monotonicMs();
    if (this.asking || nowMs - this.lastQuestionMs < limits.replicaLagMs) return;
    this.asking = true;
    this.lastQuestionMs = nowMs;
    this.ask((result) => {
      this.asking = false;
      if (result.kind === 'unknown_event') this.heard('unknown_event');
      else if (result.kind === 'found' && result.view.type === 'event_view') {
        this.askedAtMs = nowMs;
        this.version = result.view.version;
        this.heard(result.view);
      }
    });
  }
}
