import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunningChild } from '../system/find-system.js';
import { processIdentity } from '../system/processes.mjs';
import { sizeOf, tailOf } from './logs.js';
import { killAll, stopInOrder, type Stoppable } from './stop-processes.js';

/**
 * Keeps child processes running. start() waits until the child says that it is ready; a child
 * that dies later is started again with back-off, and people are told in one line. Every child
 * is the leader of its own session, so a Ctrl-C at the terminal reaches only the launcher, which
 * stops the children in order.
 */
export interface ChildSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Whose rights it runs with; absent = ours. */
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
  readonly logFile: string;
  readonly ready: Readiness;
  /** Order of start, see Stoppable. */
  readonly group: number;
  readonly stopSignal: NodeJS.Signals;
  readonly stopDeadlineMs: number;
  readonly hardSignal?: NodeJS.Signals;
  /** How long after its death it is started again the first time; absent = as all children. */
  readonly firstBackoffMs?: number;
}

/** `line`: prints HOLDFAST_READY {...} on standard output. `probe`: asked until it says yes. */
export type Readiness =
  | { readonly kind: 'line' }
  | { readonly kind: 'probe'; readonly probe: () => Promise<boolean> };

/** What the child said with its ready line; empty for a probe. */
export type ReadyInfo = Readonly<Record<string, unknown>>;

export interface SupervisorOptions {
  readonly say: (line: string) => void;
  /** Called when a child starts, is ready, and ends. */
  readonly onChange?: (children: readonly Stoppable[]) => void;
  readonly firstBackoffMs?: number;
  readonly backoffMsMax?: number;
  /** A child that lived this long starts again with the first back-off. */
  readonly settledAfterMs?: number;
  readonly readyWithinMs?: number;
  /** The command that starts it in truth, e.g. on certain cores only; its pid must stay. */
  readonly wrap?: ((spec: ChildSpec) => readonly [string, ...string[]]) | undefined;
  /** Goes into the environment of every child. */
  readonly mark?: Readonly<Record<string, string>>;
}

/** The first start of a child failed. One line for people; the rest is in its log. */
export class ChildFailed extends Error {
  override readonly name = 'ChildFailed';
}

interface Supervised {
  readonly spec: ChildSpec;
  child: ChildProcess | null;
  identity: string | null;
  startedMs: number;
  failures: number;
  /** Of the process that lives now; null until it is ready. */
  info: ReadyInfo | null;
}

const probeEveryMs = 50;

export class Supervisor {
  private readonly supervised: Supervised[] = [];
  private stopping = false;
  private readonly say: (line: string) => void;
  private readonly onChange: (children: readonly Stoppable[]) => void;
  private readonly firstBackoffMs: number;
  private readonly backoffMsMax: number;
  private readonly settledAfterMs: number;
  private readonly readyWithinMs: number;
  private readonly wrap: (spec: ChildSpec) => readonly [string, ...string[]];
  private readonly mark: Readonly<Record<string, string>>;

  constructor(options: SupervisorOptions) {
    this.say = options.say;
    this.onChange = options.onChange ?? (() => undefined);
    this.firstBackoffMs = options.firstBackoffMs ?? 250;
    this.backoffMsMax = options.backoffMsMax ?? 10_000;
    this.settledAfterMs = options.settledAfterMs ?? 30_000;
    this.readyWithinMs = options.readyWithinMs ?? 60_000;
    this.wrap = options.wrap ?? commandOf;
    this.mark = options.mark ?? {};
  }

  /** Those that live now. */
  get children(): readonly Stoppable[] {
    return this.supervised.flatMap((one) => stoppableOf(one));
  }

  /** The same for people and tools: who they are, and where their numbers are. */
  get shown(): readonly RunningChild[] {
    return this.supervised.flatMap((one) =>
      stoppableOf(one).map(({ name, pid }) => {
        const metricsPort = one.info?.metricsPort;
        return { name, pid, ...(typeof metricsPort === 'number' ? { metricsPort } : {}) };
      }),
    );
  }

  /** Rejects with ChildFailed when the child ends, or is not ready in time. */
  async start(spec: ChildSpec): Promise<ReadyInfo> {
    const one: Supervised = {
      spec,
      child: null,
      identity: null,
      startedMs: 0,
      failures: 0,
      info: null,
    };
    this.supervised.push(one);
    try {
      const info = await this.launch(one);
      one.child?.once('exit', (code, signal) => this.onDeath(one, code, signal));
      return info;
    } catch (error) {
      this.supervised.splice(this.supervised.indexOf(one), 1);
      throw error;
    }
  }

  /** Stops everything, last group first; resolves with the names of those that were killed. */
  async stop(): Promise<string[]> {
    this.stopping = true;
    return stopInOrder(this.children);
  }

  async kill(): Promise<void> {
    this.stopping = true;
    await killAll(this.children);
  }

  private async launch(one: Supervised): Promise<ReadyInfo> {
    if (this.stopping) throw new ChildFailed(`${one.spec.name}: the system is stopping`);
    const logFrom = sizeOf(one.spec.logFile);
    const child = spawnChild(one.spec, this.wrap(one.spec), this.mark);
    one.child = child;
    one.info = null;
    one.startedMs = performance.now();
    one.identity = child.pid === undefined ? null : processIdentity(child.pid);
    const changed = (): void => this.onChange(this.children);
    child.once('exit', changed);
    changed();
    const info = await this.untilReady(one.spec, child, logFrom);
    one.info = info;
    changed();
    return info;
  }

  private async untilReady(
    spec: ChildSpec,
    child: ChildProcess,
    logFrom: number,
  ): Promise<ReadyInfo> {
    const abort = new AbortController();
    const ended = new Promise<never>((_, reject) => {
      child.once('error', (error) => reject(new ChildFailed(`${spec.name}: ${error.message}`)));
      child.once('exit', (code, signal) => {
        reject(new ChildFailed(endOf(spec, signal ?? `exit code ${code}`, logFrom)));
      });
    });
    const late = pause(this.readyWithinMs, undefined, { signal: abort.signal }).then(() => {
      child.kill('SIGKILL');
      throw new ChildFailed(`${spec.name} was not ready in ${this.readyWithinMs / 1000} s`);
    });
    late.catch(() => undefined);
    ended.catch(() => undefined);
    try {
      return await Promise.race([readiness(spec, child, abort.signal), ended, late]);
    } finally {
      abort.abort();
    }
  }

  private onDeath(one: Supervised, code: number | null, signal: NodeJS.Signals | null): void {
    if (this.stopping) return;
    if (performance.now() - one.startedMs > this.settledAfterMs) one.failures = 0;
    const firstMs = one.spec.firstBackoffMs ?? this.firstBackoffMs;
    const delayMs = Math.min(firstMs * 2 ** one.failures, this.backoffMsMax);
    one.failures += 1;
    const cause = signal ?? `exit code ${code}`;
    this.say(`${one.spec.name} died (${cause}): starting it again in ${delayMs / 1000} s`);
    const timer = setTimeout(() => void this.relaunch(one), delayMs);
    timer.unref();
  }

  /** A restart that fails is the next death; only a stop of the system ends the series. */
  private async relaunch(one: Supervised): Promise<void> {
    if (this.stopping) return;
    try {
      await this.launch(one);
    } catch {
      if (one.child === null || one.child.exitCode !== null || one.child.signalCode !== null) {
        this.onDeath(one, one.child?.exitCode ?? null, one.child?.signalCode ?? null);
        return;
      }
    }
    one.child?.once('exit', (code, signal) => this.onDeath(one, code, signal));
  }
}

export const commandOf = (spec: ChildSpec): readonly [string, ...string[]] => [
  spec.command,
  ...spec.args,
];

function spawnChild(
  spec: ChildSpec,
  [command, ...args]: readonly [string, ...string[]],
  mark: Readonly<Record<string, string>>,
): ChildProcess {
  const log = openSync(spec.logFile, 'a', 0o600);
  try {
    return spawn(command, args, {
      env: { ...spec.env, ...mark },
      detached: true,
      // Our own programs stop by themselves when the channel to us closes.
      stdio: spec.ready.kind === 'line' ? ['ignore', 'pipe', log, 'ipc'] : ['ignore', log, log],
      ...(spec.owner ?? {}),
    });
  } finally {
    closeSync(log);
  }
}

function stoppableOf({ spec, child, identity }: Supervised): Stoppable[] {
  const lives = child !== null && child.exitCode === null && child.signalCode === null;
  if (!lives || child.pid === undefined) return [];
  return [
    {
      name: spec.name,
      pid: child.pid,
      identity,
      group: spec.group,
      signal: spec.stopSignal,
      deadlineMs: spec.stopDeadlineMs,
      hardSignal: spec.hardSignal,
    },
  ];
}

function readiness(spec: ChildSpec, child: ChildProcess, signal: AbortSignal): Promise<ReadyInfo> {
  return spec.ready.kind === 'line' ? readyLine(child) : probed(spec.ready.probe, signal);
}

/** Standard output is read to the end, so that a child never waits for us. */
function readyLine(child: ChildProcess): Promise<ReadyInfo> {
  return new Promise((resolve) => {
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('HOLDFAST_READY')) resolve(parsedInfo(line.slice(14)));
    });
  });
}

function parsedInfo(text: string): ReadyInfo {
  try {
    return JSON.parse(text) as ReadyInfo;
  } catch {
    return {};
  }
}

async function probed(probe: () => Promise<boolean>, signal: AbortSignal): Promise<ReadyInfo> {
  while (!signal.aborted) {
    if (await probe()) break;
    await pause(probeEveryMs);
  }
  return {};
}

function endOf(spec: ChildSpec, how: string, logFrom: number): string {
  const last = tailOf(spec.logFile, logFrom);
  return `${spec.name} ended at once (${how})${last === '' ? '' : `: ${last}`}`;
}
