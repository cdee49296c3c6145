import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { findSystem, SystemNotFound, type System } from './find-system.js';
import { projectRoot } from './paths.js';

/** A system to work on: one that runs already, or one of our own that goes away with us. */
export interface FoundSystem {
  readonly system: System;
  /** Started by us: what happens to it is our business alone. */
  readonly own: boolean;
  /** Stops it if it is our own; never touches another. */
  release(): Promise<void>;
}

export interface StartArguments {
  /** Further arguments of `npm start`. */
  readonly args?: readonly string[];
  /** Added to the environment, which every process of it gets. */
  readonly env?: Readonly<Record<string, string>>;
  /** The Node that runs it; absent: this one. */
  readonly node?: string;
  /** With the limits of any system; absent: none for whoever comes from this machine. */
  readonly limited?: boolean;
  /** Called with each line that the system prints, after its start too. */
  readonly onLine?: (line: string) => void;
}

/** The running system; without one, and without a folder that was named, a new one. */
export async function findOrStart(
  data: string | undefined,
  start: StartArguments = {},
): Promise<FoundSystem> {
  try {
    return { system: findSystem({ data }), own: false, release: () => Promise.resolve() };
  } catch (error) {
    if (!(error instanceof SystemNotFound) || data !== undefined) throw error;
    return startOwn(start);
  }
}

/** A system with a data folder of its own, on free ports. */
export async function startOwn(start: StartArguments = {}): Promise<FoundSystem> {
  const { args = [], env = {}, node = process.execPath, limited = false, onLine } = start;
  const data = await mkdtemp(path.join(tmpdir(), 'holdfast-own-'));
  const program = path.join(projectRoot, 'ops/start.mjs');
  const limits = limited ? [] : ['--unlimited'];
  const child = spawn(node, [program, '--port', '0', '--data', data, ...limits, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A Ctrl-C of the terminal must reach us first: we stop it in order.
    detached: true,
  });
  const release = async () => {
    await stop(child);
    await rm(data, { recursive: true, force: true, maxRetries: 10 });
  };
  try {
    await ready(child, onLine ?? (() => undefined));
    return { system: findSystem({ data }), own: true, release };
  } catch (error) {
    await release();
    throw error;
  }
}

const startTimeoutMs = 300_000;
const stopTimeoutMs = 30_000;

function ready(child: ChildProcess, onLine: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    const onTimeout = () => reject(new Error('the system did not start in time'));
    const timer = setTimeout(onTimeout, startTimeoutMs);
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (line.startsWith('ready ')) {
          clearTimeout(timer);
          resolve();
        } else if (!isAdvice(line)) onLine(line);
      });
    }
    child.once('exit', () => {
      clearTimeout(timer);
      reject(new Error(`the system did not start:\n${lines.slice(-10).join('\n')}`));
    });
  });
}

/** What `npm start` suggests to try by hand. */
const isAdvice = (line: string): boolean => line === '' || /^(curl|TOKEN=)/.test(line);

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGINT'), stopTimeoutMs);
  await ended;
  clearTimeout(timer);
}
