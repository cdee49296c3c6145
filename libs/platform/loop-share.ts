import type { Clock } from './clock.js';

/** Where long work asks whether it may go on in this turn of the event loop. */
export interface LoopShare {
  /**
   * Takes so many units of work, which were done or are about to be. False: the turn has no more;
   * `turn` must be awaited before the next unit.
   */
  spend(units: number): boolean;
  /** Resolves in a turn that has units left. */
  turn(): Promise<void>;
}

/**
 * What all long works of a process do together in one turn of its event loop is bounded, however
 * many they are: sixteen events that come up at once otherwise stop it for sixteen pieces.
 *
 * LS1  A turn has `unitsPerTurn` units. It is exceeded by no more than one call of each work.
 * LS2  Works that wait go on in the order in which they began to wait, one of them a turn.
 * LS3  It counts work first, so a run on a virtual clock repeats exactly: there no time passes
 *      within a turn.
 * LS4  On a slow machine, or in code that was never run before, a unit takes ten times as long:
 *      after `msPerTurn` a turn has no more units either.
 */
export class SharedLoop implements LoopShare {
  private left: number;
  private armed = false;
  private beganMs = 0;
  private sinceLook = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly clock: Pick<Clock, 'soon' | 'monotonicMs'>,
    private readonly unitsPerTurn: number,
    private readonly msPerTurn: number,
  ) {
    this.left = unitsPerTurn;
  }

  spend(units: number): boolean {
    this.arm();
    this.left -= units;
    this.sinceLook += units;
    if (this.sinceLook * looksPerTurn >= this.unitsPerTurn) this.look();
    return this.left > 0;
  }

  turn(): Promise<void> {
    this.arm();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private arm(): void {
    if (this.armed) return;
    this.armed = true;
    this.beganMs = this.clock.monotonicMs();
    this.clock.soon(() => this.begin());
  }

  private look(): void {
    this.sinceLook = 0;
    if (this.clock.monotonicMs() - this.beganMs >= this.msPerTurn) this.left = 0;
  }

  private begin(): void {
    this.armed = false;
    this.left = this.unitsPerTurn;
    this.sinceLook = 0;
    this.beganMs = this.clock.monotonicMs();
    const next = this.waiting.shift();
    if (this.waiting.length > 0) this.arm();
    next?.();
  }
}

const looksPerTurn = 16;

/** For threads and tools that have nothing else to do. */
export const wholeLoop: LoopShare = {
  spend: () => true,
  turn: () => Promise.resolve(),
};
