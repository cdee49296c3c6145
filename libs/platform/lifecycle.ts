import type { Clock } from './clock.js';
import { flushLogs, reopenLogs, type Log } from './log.js';

/**
 * How a process ends. What was opened first is closed last: steps run in the reverse order of
 * their registration, one after the other, each with its own deadline, so that one stuck part
 * cannot keep the others from stopping, and all with one deadline, so that the process has ended
 * before whoever stops it loses patience and kills it. A second signal hurries a step that can be
 * hurried, and otherwise ends the process at once: everything a buyer was told is already durable
 * (G2), so an abrupt end loses nothing.
 */
export interface Lifecycle {
  /** `step` runs at stop, after those that were registered later. */
  onStop(name: string, deadlineMs: number, step: StopFunction, hurry?: () => void): void;
  /** Runs all steps once; later calls wait for the same stop. False: a step failed or was late. */
  stop(reason: string): Promise<boolean>;
  readonly stopping: boolean;
  /**
   * SIGTERM and SIGINT stop the process; SIGHUP opens its log files anew; an uncaught error ends it
   * with exit code 1.
   */
  handleSignals(): void;
}

type StopFunction = () => Promise<void> | void;

/** The part of `process` that is used, so that tests can stand in for it. */
export interface HostProcess {
  on(name: string, listener: (detail: unknown) => void): unknown;
  exit(code: number): void;
}

export interface LifecycleOptions {
  readonly log: Log;
  readonly clock: Clock;
  /** For all steps together; what is late then is begun, but not waited for. */
  readonly stopWithinMs: number;
  readonly host?: HostProcess;
}

interface StopStep {
  readonly name: string;
  readonly deadlineMs: number;
  readonly run: StopFunction;
  /** What a second signal does while this step runs; it makes the step end soon. */
  readonly hurry: (() => void) | null;
}

export function createLifecycle(options: LifecycleOptions): Lifecycle {
  return new ProcessLifecycle(options, options.host ?? process);
}

class ProcessLifecycle implements Lifecycle {
  private readonly steps: StopStep[] = [];
  private stopped: Promise<boolean> | null = null;
  private hurry: (() => void) | null = null;
  private readonly log: Log;
  private readonly clock: Clock;
  private readonly stopWithinMs: number;

  constructor(
    options: LifecycleOptions,
    private readonly host: HostProcess,
  ) {
    this.log = options.log;
    this.clock = options.clock;
    this.stopWithinMs = options.stopWithinMs;
  }

  get stopping(): boolean {
    return this.stopped !== null;
  }

  onStop(name: string, deadlineMs: number, run: StopFunction, hurry?: () => void): void {
    this.steps.push({ name, deadlineMs, run, hurry: hurry ?? null });
  }

  stop(reason: string): Promise<boolean> {
    this.stopped ??= this.runSteps(reason);
    return this.stopped;
  }

  handleSignals(): void {
    for (const signal of ['SIGTERM', 'SIGINT']) {
      this.host.on(signal, () => this.onSignal(signal));
    }
    this.host.on('SIGHUP', () => reopenLogs());
    this.host.on('uncaughtException', (error) => this.die('uncaught exception', error));
    this.host.on('unhandledRejection', (error) => this.die('unhandled rejection', error));
  }

  private onSignal(signal: string): void {
    const { hurry } = this;
    if (hurry !== null) {
      this.hurry = null;
      this.log.warn({ signal }, 'second signal: hurrying');
      hurry();
      return;
    }
    if (this.stopping) {
      this.log.warn({ signal }, 'second signal: ending at once');
      this.exit(1);
      return;
    }
    void this.stop(signal).then((clean) => this.exit(clean ? 0 : 1));
  }

  private die(what: string, error: unknown): void {
    this.log.fatal({ err: error }, what);
    this.exit(1);
  }

  private exit(code: number): void {
    flushLogs();
    this.host.exit(code);
  }

  private async runSteps(reason: string): Promise<boolean> {
    this.log.info({ reason }, 'stopping');
    let clean = true;
    const endMs = this.clock.monotonicMs() + this.stopWithinMs;
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) {
      const leftMs = Math.max(0, endMs - this.clock.monotonicMs());
      clean = (await this.runStep(step, Math.min(step.deadlineMs, leftMs))) && clean;
    }
    this.log.info({ clean }, 'stopped');
    return clean;
  }

  private async runStep(step: StopStep, deadlineMs: number): Promise<boolean> {
    let cancel = (): void => undefined;
    this.hurry = step.hurry;
    const late = new Promise<'late'>((resolve) => {
      cancel = this.clock.after(deadlineMs, () => resolve('late'));
    });
    try {
      const end = await Promise.race([Promise.resolve().then(step.run), late]);
      if (end !== 'late') return true;
      this.log.error({ step: step.name, deadlineMs }, 'a stop step was too slow');
    } catch (error) {
      this.log.error({ step: step.name, err: error }, 'a stop step failed');
    } finally {
      this.hurry = null;
      cancel();
    }
    return false;
  }
}
