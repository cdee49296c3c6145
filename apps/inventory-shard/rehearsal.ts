import { recover } from '#libs/actor/recovery.js';
import { limits } from '#libs/contracts/limits.js';
import { assert } from '#libs/platform/assert.js';
import type { Clock } from '#libs/platform/clock.js';
import { growOld } from '#libs/platform/grow-old.js';
import type { Log } from '#libs/platform/log.js';
import { SharedLoop } from '#libs/platform/loop-share.js';
import type { Random } from '#libs/platform/random.js';
import { makeRehearsalEvent, sourceOf, type RehearsalEvent } from './rehearsal-event.js';

export interface RehearsalPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Real events are being brought up: they go first. */
  readonly busy: () => boolean;
}

/** Rounds between two looks at whether they still become quicker, and by how much they must. */
const roundsPerLook = 10;
const stillQuicker = 0.95;
const busyPauseMs = 20;

/**
 * A shard that has just started runs its recovery in the interpreter: a full event then takes four
 * times as long to come back as in a process that has done it before, and a failover is the moment
 * in which that counts. So it recovers an event that never was, again and again, until that no
 * longer becomes quicker.
 *
 * RH1  It touches no journal, no bus and no metric: only functions that keep nothing.
 * RH2  It works in pieces of about rehearsalSliceMs and rests as long after each, does nothing
 *      while real events are brought up, and ends after rehearsalMs of work.
 * RH3  It never fails a shard: an error is logged, and the first recovery is as slow as it was.
 * RH4  What the start and the rehearsal left in the young generation is old when it ends, and its
 *      memory was touched: a real recovery takes so much that the engine collects, and would copy
 *      and touch all of that first.
 */
export class Rehearsal {
  private workedMs = 0;
  private sliceFromMs = 0;
  private stopping = false;
  private done: Promise<void> = Promise.resolve();
  /** Of the class that recoveries have: code that was compiled for another is compiled again. */
  private readonly share: SharedLoop;

  constructor(private readonly ports: RehearsalPorts) {
    this.share = new SharedLoop(ports.clock, limits.loopUnitsPerTurn, limits.loopMsPerTurn);
  }

  run(): Promise<void> {
    this.done = this.rehearse().catch((error: unknown) => {
      if (!this.stopping) this.ports.log.error({ err: error }, 'rehearsal of recovery failed');
    });
    return this.done;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.done;
  }

  private async rehearse(): Promise<void> {
    const { clock, random, log } = this.ports;
    this.sliceFromMs = clock.monotonicMs();
    const event = await makeRehearsalEvent(random, () => this.breathe());
    const firstMs = await this.round(event);
    let [bestMs, rounds] = [firstMs, 1];
    for (;;) {
      const beforeMs = bestMs;
      for (let i = 0; i < roundsPerLook && !this.isOver(); i += 1, rounds += 1) {
        bestMs = Math.min(bestMs, await this.round(event));
      }
      if (this.isOver() || bestMs > beforeMs * stillQuicker) break;
    }
    await growOld({ touch: true, breathe: () => this.breathe() });
    const took = { rounds, workedMs: this.worked(), firstMs, bestMs };
    log.info(rounded(took), 'recovery rehearsed');
  }

  /** How long it worked. */
  private async round(event: RehearsalEvent): Promise<number> {
    const startedMs = this.worked();
    const { state } = await recover(
      sourceOf(event, () => this.breathe()),
      event.requestAnew(),
      this.ports.log,
      this.share,
    );
    assert(state.version === event.version, 'what was rehearsed is what was sold');
    return this.worked() - startedMs;
  }

  private isOver(): boolean {
    return this.stopping || this.worked() >= limits.rehearsalMs;
  }

  private worked(): number {
    return this.workedMs + this.ports.clock.monotonicMs() - this.sliceFromMs;
  }

  /** At the end of a slice: lets others go. */
  private async breathe(): Promise<void> {
    const { clock, busy } = this.ports;
    const sliceMs = clock.monotonicMs() - this.sliceFromMs;
    if (sliceMs < limits.rehearsalSliceMs && !busy()) return;
    this.workedMs += sliceMs;
    let restMs = sliceMs;
    do {
      if (this.stopping) throw new Error('stopped');
      await new Promise<void>((resolve) => clock.after(restMs, resolve));
      restMs = busyPauseMs;
    } while (busy());
    this.sliceFromMs = clock.monotonicMs();
  }
}

const rounded = (numbers: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(numbers).map(([name, n]) => [name, Math.round(n * 10) / 10]));
