import type { ErrorExtras } from '#libs/contracts/errors.js';
import type { GatewayState } from '#libs/contracts/control.js';
import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { Random } from '#libs/platform/random.js';

/**
 * How a gateway takes leave of its clients before it stops, or while an operator wants nobody on
 * it: first it says that it is not ready, then it lets go of its live maps, a slice at a time.
 *
 * LD1  Requests are served all the while; each answer ends its connection, so that the next request
 *      of that client finds another gateway.
 * LD2  For the grace nothing else changes: whoever routes by /readyz has time to notice.
 * LD3  After it new live maps are refused, and open ones closed within lameDuckCloseMs, each with a
 *      time of its own to come back: clients arrive at the other gateways at a bounded rate.
 * LD4  An operator's lame duck can be called back; one that stops cannot.
 */
export class LameDuck {
  private current: GatewayState = 'serving';
  private sinceMs: number;
  private closing = false;
  private cancelTimer: () => void = () => undefined;
  private returnsMs = 0;
  private finish: () => void = () => undefined;

  constructor(private readonly ports: LameDuckPorts) {
    this.sinceMs = ports.clock.monotonicMs();
  }

  get state(): GatewayState {
    return this.current;
  }

  get stateMs(): number {
    return this.ports.clock.monotonicMs() - this.sinceMs;
  }

  /** What a new live map is refused with; null while it is let in. */
  refusal(): ErrorExtras | null {
    return this.closing ? { retry_after_ms: this.retryAfterMs() } : null;
  }

  /** By an operator. False: it is so already. */
  enter(): boolean {
    if (this.current !== 'serving') return false;
    this.begin('lame_duck', this.ports.graceMs);
    return true;
  }

  /** False: there is nothing to call back, or it is too late. */
  cancel(): boolean {
    if (this.current !== 'lame_duck') return false;
    this.cancelTimer();
    this.closing = false;
    this.change('serving');
    return true;
  }

  /** Resolves when the last live map is closed. What an operator began is taken up. */
  leave(graceMs: number): Promise<void> {
    const alreadyMs = this.current === 'lame_duck' ? this.stateMs : 0;
    return new Promise((resolve) => {
      this.finish = resolve;
      this.begin('stopping', Math.max(0, graceMs - alreadyMs));
    });
  }

  /** No grace, no slices: everybody goes now. */
  hurry(): void {
    this.cancelTimer();
    this.letGo(Infinity);
  }

  /** The process stops now, with or without a leave before it. */
  end(): void {
    this.cancelTimer();
    this.closing = true;
    if (this.current !== 'stopping') this.change('stopping');
  }

  private begin(state: 'lame_duck' | 'stopping', graceMs: number): void {
    this.cancelTimer();
    this.change(state);
    this.cancelTimer = this.ports.clock.after(graceMs, () => {
      const slices = Math.ceil(limits.lameDuckCloseMs / limits.lameDuckSliceMs) - 1;
      this.letGo(Math.max(1, Math.ceil(this.open() / slices)));
    });
  }

  /** `perSlice` of each kind, and again until nobody is left. */
  private letGo(perSlice: number): void {
    this.closing = true;
    this.returnsMs ||= returnWindowMs(this.open());
    for (const kind of this.ports.kinds) kind.closeSome(perSlice, () => this.retryAfterMs());
    if (this.open() === 0) {
      this.finish();
      return;
    }
    const next = (): void => this.letGo(perSlice);
    this.cancelTimer = this.ports.clock.after(limits.lameDuckSliceMs, next);
  }

  private open(): number {
    return this.ports.kinds.reduce((sum, kind) => sum + kind.count, 0);
  }

  private retryAfterMs(): number {
    const windowMs = Math.max(this.returnsMs, limits.lameDuckReturnMsMin);
    return Math.ceil(this.ports.random.fraction() * windowMs);
  }

  private change(state: GatewayState): void {
    const { clock, log, onChange } = this.ports;
    this.current = state;
    this.sinceMs = clock.monotonicMs();
    if (state === 'serving') this.returnsMs = 0;
    log.info({ state, open: this.open() }, 'the gateway changed its state');
    onChange(state);
  }
}

/** WebSockets, or event streams. */
export interface LiveConnections {
  readonly count: number;
  closeSome(count: number, retryAfterMs: () => number): void;
}

export interface LameDuckPorts {
  readonly kinds: readonly LiveConnections[];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Of a lame duck that an operator wants. */
  readonly graceMs: number;
  readonly onChange: (state: GatewayState) => void;
}

/** Over how long so many clients come back. */
export function returnWindowMs(clients: number): number {
  const windowMs = (clients / limits.lameDuckReturnsPerSecond) * 1_000;
  return Math.min(Math.max(windowMs, limits.lameDuckReturnMsMin), limits.lameDuckReturnMsMax);
}
