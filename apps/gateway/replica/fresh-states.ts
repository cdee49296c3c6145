import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';

import type { SeatState, SeatStates } from './seat-states.js';

export interface FreshPorts {
  readonly clock: Clock;
  readonly states: SeatStates;
  /** Asks the owner for its version; null = it did not say. */
  readonly ask: (done: (version: number | null) => void) => void;
  /** Of this gateway's map. */
  readonly version: () => number;
}

/**
 * For those who must see what they did themselves, perhaps at another gateway: a state that is no
 * older than their request. The owner is asked which version it has, and that version is waited
 * for. All who came before the question share it and its state, so that however many they are, the
 * owner answers a few small questions a second (G8).
 */
export class FreshStates {
  private waiting: ((state: SeatState | null) => void)[] = [];
  private running = false;
  private askedAtMs = -Infinity;

  constructor(private readonly ports: FreshPorts) {}

  /** null: the owner did not say, or what it said did not arrive in time. */
  next(): Promise<SeatState | null> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    const { clock, states } = this.ports;
    this.running = true;
    while (this.waiting.length > 0) {
      const nowMs = clock.monotonicMs();
      const gapMs = this.askedAtMs + limits.seatsAskGapMs - nowMs;
      // Whoever comes before a state may be taken again can share the question.
      await this.pause(Math.max(gapMs, states.waitMs(nowMs)));
      const round = this.waiting;
      this.waiting = [];
      this.askedAtMs = clock.monotonicMs();
      const version = await new Promise<number | null>((done) => this.ports.ask(done));
      const state = version === null ? null : await this.reach(version);
      for (const resolve of round) resolve(state);
    }
    this.running = false;
  }

  private async reach(version: number): Promise<SeatState | null> {
    const { clock, states } = this.ports;
    const untilMs = clock.monotonicMs() + limits.seatsFreshWaitMs;
    for (;;) {
      const nowMs = clock.monotonicMs();
      const reached = this.ports.version() >= version;
      const state = reached ? states.newest(nowMs) : null;
      if (state !== null && state.version >= version) return state;
      if (nowMs >= untilMs) return null;
      await this.pause(Math.max(pollMs, reached ? states.waitMs(nowMs) : 0));
    }
  }

  private async pause(ms: number): Promise<void> {
    if (ms <= 0) return;
    await new Promise<void>((resolve) => void this.ports.clock.after(ms, resolve));
  }
}

const pollMs = 5;
