import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.js';

/** The build, seen from the sources and from the build itself. */
const above = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const distFolder = path.basename(above) === 'dist' ? above : path.join(above, 'dist');
const readyWithinMs = 30_000;

export interface RoleProcessOptions {
  readonly name: string;
  /** Below dist/. */
  readonly program: string;
  /** The dist/ of another checkout; absent: this one's. */
  readonly dist?: string;
  readonly logFile: string;
  readonly env: Readonly<Record<string, string>>;
  /** A program and its arguments that run node, such as `ip netns exec host`. */
  readonly prefix?: readonly string[];
  /** A process group of its own: a Ctrl-C of the terminal does not reach it. */
  readonly ownGroup?: boolean;
}

/** One process of the build in dist/, configured by environment only; gone when this one is. */
export class RoleProcess {
  readonly name: string;
  private readonly child: ChildProcess;
  private said = '';
  private readonly logFile: string;
  private readonly atExit = () => void this.child.kill('SIGKILL');

  constructor({ name, program, dist, logFile, env, ...how }: RoleProcessOptions) {
    const { prefix = [], ownGroup } = how;
    this.name = name;
    this.logFile = logFile;
    const main = path.join(dist ?? distFolder, program);
    const [command, ...args] = [...prefix, process.execPath, main];
    this.child = spawn(command, args, {
      env: { PATH: process.env.PATH, ...env, HOLDFAST_LOG_FILE: logFile },
      detached: ownGroup === true,
      // The channel ends the process when this one dies.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const hear = (chunk: Buffer) => (this.said = (this.said + chunk.toString()).slice(-8_000));
    this.child.stdout?.on('data', hear);
    this.child.stderr?.on('data', hear);
    process.once('exit', this.atExit);
    this.child.once('exit', () => process.off('exit', this.atExit));
  }

  get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  get exitCode(): number | null {
    return this.child.exitCode;
  }

  /** What it said last on its outputs. */
  get words(): string {
    return this.said;
  }

  get readyLine(): Readonly<Record<string, unknown>> {
    const line = /^HOLDFAST_READY (.*)$/m.exec(this.said)?.[1];
    if (line === undefined) throw new Error(`${this.name} is not ready: ${this.said}`);
    return JSON.parse(line) as Record<string, unknown>;
  }

  onEnd(listener: () => void): void {
    this.child.once('exit', listener);
  }

  async ready(): Promise<void> {
    await until(
      () => this.ended || /^HOLDFAST_READY .*$/m.test(this.said),
      () => `${this.name} serves: ${this.said}`,
      readyWithinMs,
    );
    if (!this.ended) return;
    throw new Error(`${this.name} ended at its start: ${this.said}\n${this.log().slice(-2_000)}`);
  }

  /** Returns at once. */
  signal(signal: NodeJS.Signals): void {
    if (!this.ended) this.child.kill(signal);
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.signal(signal);
    await until(() => this.ended, `${this.name} ends after ${signal}`);
  }

  /** Lines with this message in its log, over all processes that wrote to it. */
  countLogged(message: string): number {
    return this.log().split(`"msg":"${message}"`).length - 1;
  }

  /** Lines of its log that have this text somewhere, as one search finds them. */
  logged(text: string): Readonly<Record<string, unknown>>[] {
    const found = this.log()
      .split('\n')
      .filter((line) => line.includes(text));
    return found.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  private log(): string {
    try {
      return readFileSync(this.logFile, 'utf8');
    } catch {
      return '';
    }
  }
}
