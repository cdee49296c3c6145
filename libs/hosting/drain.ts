import type { DrainCall, DrainView } from '#libs/contracts/control.js';
import { limits } from '#libs/contracts/limits.js';
import type { ShardBeat } from '#libs/contracts/wire.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { Journal } from '#libs/journal/journal.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { Membership } from '#libs/routing/membership.js';
import type { MoveSource } from './move-source.js';
import type { ShardHost } from './shard-host.js';
import { busiestFirst } from './slot.js';
import { choiceAmong, type Placed } from './takeover.js';

/**
 * Moves every event of this shard to where placement puts it among the other shards, busiest
 * first, a few at a time, until nothing is left, the time is over, or nobody takes the rest.
 *
 * N1  It only ever asks for moves: whatever happens to one, the event has an owner (G7).
 * N2  A round that moved nothing is tried again a few times: a target may be restarting, an event
 *     may be waking up. Then the drain says that it is stuck instead of waiting for ever.
 * N3  What an ended drain left is told as of its end: a command that is on its way here by an old
 *     route opens a slot for the moment in which it is sent on.
 */
export class Drain {
  private run: Run | null = null;

  constructor(
    private readonly host: ShardHost,
    private readonly source: MoveSource,
    private readonly ports: DrainPorts,
  ) {}

  /** Null: there never was one. */
  view(): DrainView | null {
    const { run, ports } = this;
    if (run === null) return null;
    const { state, moved, failures, endedMs } = run;
    const elapsedMs = (endedMs ?? ports.clock.monotonicMs()) - run.startedMs;
    const left = endedMs === null ? this.host.slots.size : run.left;
    return { state, moved, left, elapsedMs, failures: [...failures] };
  }

  get running(): boolean {
    return this.run?.state === 'running';
  }

  /** Another shard would take events. */
  get possible(): boolean {
    return this.targets().length > 0;
  }

  /** A drain that runs already goes on as it was asked for first. Resolves at its end. */
  start({ concurrency, withinMs }: DrainCall): Promise<DrainView> {
    if (this.run === null || this.run.state !== 'running') {
      const { clock } = this.ports;
      const startedMs = clock.monotonicMs();
      const run: Run = {
        startedMs,
        deadlineMs: startedMs + withinMs,
        endedMs: null,
        state: 'running',
        moved: 0,
        left: 0,
        failures: [],
        done: Promise.resolve(),
      };
      this.run = run;
      run.done = this.work(run, Math.max(1, Math.min(concurrency, limits.movesAtOnceMax)));
    }
    const { done } = this.run;
    return done.then(() => this.view() as DrainView);
  }

  cancel(): boolean {
    const { run } = this;
    if (run === null || run.state !== 'running') return false;
    run.state = 'cancelled';
    this.source.cancelAll();
    return true;
  }

  private async work(run: Run, concurrency: number): Promise<void> {
    const { clock, log } = this.ports;
    const stopLate = clock.after(run.deadlineMs - clock.monotonicMs(), () => {
      if (run.state !== 'running') return;
      run.state = 'late';
      this.source.cancelAll();
    });
    try {
      let fruitless = 0;
      while (run.state === 'running') {
        const movedBefore = run.moved;
        await this.round(run, concurrency);
        if (this.host.slots.size === 0) this.end(run, 'done');
        fruitless = run.moved > movedBefore ? 0 : fruitless + 1;
        if (fruitless === fruitlessMax) this.end(run, 'stuck');
        if (run.state === 'running') await this.pause();
      }
    } catch (error) {
      log.error({ err: error }, 'drain failed');
      this.end(run, 'stuck');
    } finally {
      stopLate();
      run.endedMs = clock.monotonicMs();
      run.left = this.host.slots.size;
      log.info({ drain: this.view() }, 'drain ended');
    }
  }

  private async round(run: Run, concurrency: number): Promise<void> {
    const { clock, journal, incarnation } = this.ports;
    const slots = busiestFirst(this.host.slots.values(), clock.monotonicMs());
    const queue = slots.filter((slot) => slot.actor !== null);
    if (queue.length === 0) return;
    const rows = await journal.ownedBy(incarnation);
    const pins = new Map(rows.map((row) => [row.eventId, row.pinnedTo]));
    const worker = async (): Promise<void> => {
      for (let slot = queue.shift(); slot !== undefined; slot = queue.shift()) {
        if (run.state !== 'running') return;
        await this.moveOne(run, {
          eventId: slot.eventId,
          pinnedTo: pins.get(slot.eventId) ?? null,
        });
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
  }

  private async moveOne(run: Run, placed: Placed): Promise<void> {
    const target = choiceAmong(this.targets(), placed);
    const { eventId } = placed;
    if (target === null) {
      fail(run, eventId, 'no other shard takes events');
      return;
    }
    const reply = await this.source.move({ eventId, to: target.incarnation, reason: 'drain' });
    if (reply.kind === 'moved') run.moved += 1;
    else fail(run, eventId, reply.kind === 'refused' ? reply.reason : reply.kind);
  }

  private targets(): readonly ShardBeat[] {
    const { membership, incarnation } = this.ports;
    return membership.active.filter((shard) => shard.incarnation !== incarnation);
  }

  private end(run: Run, state: DrainView['state']): void {
    if (run.state === 'running') run.state = state;
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => this.ports.clock.after(betweenRoundsMs, resolve));
  }
}

const betweenRoundsMs = 100;
const fruitlessMax = 10;

interface Run {
  readonly startedMs: number;
  readonly deadlineMs: number;
  endedMs: number | null;
  state: DrainView['state'];
  moved: number;
  /** At its end. */
  left: number;
  readonly failures: { eventId: EventId; reason: string }[];
  done: Promise<void>;
}

function fail(run: Run, eventId: EventId, reason: string): void {
  run.failures.push({ eventId, reason });
  if (run.failures.length > limits.drainFailuresMax) run.failures.shift();
}

export interface DrainPorts {
  readonly incarnation: string;
  readonly journal: Journal;
  readonly membership: Membership;
  readonly clock: Clock;
  readonly log: Log;
}
