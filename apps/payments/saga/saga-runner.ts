import { limits } from '#libs/contracts/limits.js';
import type { AttemptId, EventId } from '#libs/inventory/ids.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { Random } from '#libs/platform/random.js';
import { EventShares, type EventShare } from '#libs/routing/event-shares.js';

import type { AttemptStore } from '../store/attempt-store.js';
import type { AttemptSpans } from './attempt-spans.js';
import { isSettled, mayBeBooked, namedAttempt, waitsForBuyer, type Attempt } from './attempt.js';
import {
  decideSaga,
  nextStep,
  retryDelayMs,
  type SagaInput,
  type Step,
  type StepType,
  type Transition,
} from './decide-saga.js';
import type { SettledCounts } from './settled-counts.js';
import type { Settlements } from './settlements.js';
import { dropLate, executeStep, type StepPorts } from './step-executor.js';

/**
 * Works attempts off: step, decision, commit, until settled or to be tried later. Attempts come
 * from new bookings and from the scan, which takes over whatever nobody holds a lease for:
 * unfinished work of crashed processes and steps whose next try is due.
 *
 * - A worker that loses its lease stops; the steps it may still have in flight carry the same
 *   keys as those of its successor. Places that it booked late are cancelled when the successor
 *   gave the money back.
 * - The number of attempts in work is bounded (G8), and that of one event by what is left for the
 *   others (ES2): steps that wait for a silent owner keep no other event's buyer from paying. What
 *   is over the bound waits in the table.
 *
 * SR1  That the seats are booked is written with the capture that follows at once, and not by
 *      itself. What the row says until then, that they are to be booked, is asked of their owner
 *      again and answered in the same way, whoever goes on, and however late.
 */
export interface SagaRunnerOptions {
  readonly store: AttemptStore;
  readonly settlements: Settlements;
  readonly ports: StepPorts;
  /** Absent: nothing is traced. */
  readonly spans?: AttemptSpans;
  /** Absent: nobody counts. */
  readonly counts?: SettledCounts;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly inWorkMax: number;
  readonly scanMs: number;
  /** For tests: called before a step is executed and again before its result is kept. */
  readonly failpoint?: (at: 'before' | 'after', step: StepType) => Promise<void> | void;
}

export class SagaRunner {
  private readonly inWork = new Map<AttemptId, Promise<void>>();
  private readonly shares: EventShares;
  private cancelScan: (() => void) | null = null;
  private scanning: Promise<void> | null = null;
  private stopping = false;

  constructor(private readonly options: SagaRunnerOptions) {
    this.shares = new EventShares(options.inWorkMax);
  }

  get working(): number {
    return this.inWork.size;
  }

  get full(): boolean {
    return this.stopping || this.shares.taken >= this.options.inWorkMax;
  }

  /** For an attempt that is about to be made; to be taken with it, or given back. */
  reserve(eventId: EventId): EventShare | null {
    return this.stopping ? null : this.shares.take(eventId);
  }

  giveBack(place: EventShare): void {
    this.shares.giveBack(place);
  }

  start(): void {
    this.cancelScan = this.options.clock.every(this.options.scanMs, () => this.scan());
    this.scan();
  }

  /** `attempt` must be leased to this process, and has the place from then on. */
  take(attempt: Attempt, place: EventShare): void {
    if (this.inWork.has(attempt.attemptId) || this.stopping) {
      this.giveBack(place);
      return;
    }
    const work = this.work(attempt).finally(() => {
      this.inWork.delete(attempt.attemptId);
      this.options.spans?.ended(attempt.attemptId);
      this.giveBack(place);
    });
    this.inWork.set(attempt.attemptId, work);
  }

  /** Takes nothing new, lets running steps end, and leaves the rest to the next process. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.cancelScan?.();
    this.options.settlements.stop();
    await this.scanning;
    await this.workEnded();
    await this.options.store.giveBack().catch((error: unknown) => {
      this.options.log.warn({ err: error }, 'leases could not be given back, they will lapse');
    });
  }

  /** Running steps may take their time, but not more than the process has. */
  private async workEnded(): Promise<void> {
    let cancel = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      cancel = this.options.clock.after(limits.sagaStopMs, resolve);
    });
    await Promise.race([Promise.all(this.inWork.values()), late]);
    cancel();
  }

  private async work(first: Attempt): Promise<void> {
    try {
      let at: At | null = { stored: first, isBooked: false };
      while (at !== null && !isSettled(at.stored.state) && (at.isBooked || !this.stopping)) {
        at = await this.turn(at);
      }
    } catch (error) {
      // The lease lapses and the attempt is taken up again from what is stored.
      this.options.log.error({ err: error, ...namedAttempt(first) }, 'a payment step failed');
    }
  }

  /** One step. null: paused, or no longer ours. */
  private async turn({ stored, isBooked }: At): Promise<At | null> {
    const { store, settlements, clock, random, log, failpoint } = this.options;
    const attempt: Attempt = isBooked ? { ...stored, state: 'BOOKED', tries: 0, keyNo: 0 } : stored;
    const step = nextStep(attempt, clock.nowMs());
    await failpoint?.('before', step.type);
    const fromMs = clock.monotonicMs();
    const input = await this.execute(attempt, step);
    const ms = Math.round(clock.monotonicMs() - fromMs);
    await failpoint?.('after', step.type);
    const transition = decideSaga(attempt, step.type, input);
    const delayMs = delayOf(attempt, step.type, transition, clock.nowMs(), random.fraction());
    const goesOn = transition.state === 'BOOKED' && input.type === 'done';
    const next = goesOn ? attempt : await store.advance(stored, transition, delayMs);
    const details = {
      ...namedAttempt(attempt),
      step: step.type,
      from: attempt.state,
      to: transition.state,
      ms,
      ...(transition.reason === undefined ? {} : { reason: transition.reason }),
      ...(transition.error === undefined ? {} : { error: transition.error }),
    };
    if (next === null) {
      log.warn(details, 'the lease of a payment attempt was lost');
      if (input.type === 'booked_late') await this.dropUnpaid(attempt);
      return null;
    }
    if (waitsForBuyer(next)) {
      if (attempt.challenge === null) log.info(details, 'a payment waits for its buyer');
      settlements.tell(next.attemptId, next);
      return null;
    }
    if (transition.pause === true) {
      log.warn({ ...details, tries: next.tries, delayMs }, 'a payment step is tried again later');
      return null;
    }
    log.info(details, 'payment step done');
    if (attempt.state === 'STARTED') settlements.begun(next.attemptId);
    if (isSettled(next.state)) {
      this.options.counts?.settled({ ...next, state: next.state });
      settlements.tell(next.attemptId, next);
    }
    return { stored: next, isBooked: goesOn };
  }

  private execute(attempt: Attempt, step: Step): Promise<SagaInput> {
    const { ports, spans } = this.options;
    const run = () => executeStep(ports, attempt, step);
    return spans === undefined ? run() : spans.step(attempt, step.type, run);
  }

  private async dropUnpaid(attempt: Attempt): Promise<void> {
    const { store, ports, log } = this.options;
    const now = await store.byId(attempt.attemptId);
    if (now === null || mayBeBooked(now.state)) return;
    const dropped = await dropLate(ports, attempt);
    const details = { ...namedAttempt(attempt), state: now.state, dropped };
    if (dropped.type === 'done') log.warn(details, 'a booking without money was cancelled');
    else log.error(details, 'a booking without money may be left');
  }

  /** There is news: what is due now is not left to the next scan. */
  wake(): void {
    this.scan();
  }

  private scan(): void {
    if (this.scanning !== null || this.stopping) return;
    this.scanning = this.renewAndClaim()
      .catch((error: unknown) => {
        this.options.log.warn({ err: error }, 'the scan for unfinished payments failed');
      })
      .finally(() => {
        this.scanning = null;
      });
  }

  private async renewAndClaim(): Promise<void> {
    const { store, inWorkMax, log } = this.options;
    if (this.inWork.size > 0) await store.renew([...this.inWork.keys()]);
    // All that come may be of one event, whose share is half of what is left.
    const room = Math.ceil((inWorkMax - this.shares.taken) / 2);
    if (room <= 0) return;
    const claimed = await store.claimDue(room, this.shares.atTheirShare());
    if (claimed.length > 0) log.info({ attempts: claimed.length }, 'unfinished payments taken up');
    for (const attempt of claimed) {
      const place = this.reserve(attempt.eventId);
      // Without one its lease lapses, and whoever has room then takes it up.
      if (place !== null) this.take(attempt, place);
    }
  }
}

/** An attempt as it is stored, and what is known beyond that (SR1). */
interface At {
  readonly stored: Attempt;
  readonly isBooked: boolean;
}

/**
 * Milliseconds until a step that is not over is tried again. Who waits for his buyer is looked at
 * seldom, since others say when he has answered; and once when the hold is over.
 */
function delayOf(
  attempt: Attempt,
  step: StepType,
  to: Transition,
  nowMs: number,
  fraction: number,
): number {
  if (to.challenge === undefined) {
    const mostMs = step === 'watch' ? limits.intentPollMsMax : undefined;
    return retryDelayMs(attempt.tries, fraction, mostMs);
  }
  const pollMs = retryDelayMs(attempt.tries + 2, fraction, limits.challengePollMsMax);
  const leftMs = Math.max(0, (attempt.deadlineMs ?? nowMs) - nowMs);
  return Math.min(pollMs, leftMs + 1);
}
