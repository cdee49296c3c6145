import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { until } from './until.js';

const readyWithinMs = 30_000;

/** One process of the build in dist/, configured by environment only. */
export class NodeProcess {
  private readonly child: ChildProcess;
  private said = '';
  private readonly atExit = () => void this.child.kill('SIGKILL');

  constructor(
    readonly name: string,
    program: string,
    private readonly logFile: string,
    env: Readonly<Record<string, string>>,
  ) {
    this.child = spawn(process.execPath, [program], {
      env: {
        PATH: process.env.PATH,
        ...env,
        HOLDFAST_LOG_FILE: logFile,
      },
      // The channel ends the shard when this process dies.
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

  /** What it said when it was ready. */
  get told(): Readonly<Record<string, unknown>> {
    const line = /^HOLDFAST_READY (.*)$/m.exec(this.said)?.[1];
    if (line === undefined) throw new Error(`${this.name} is not ready: ${this.said}`);
    return JSON.parse(line) as Record<string, unknown>;
  }

  async ready(): Promise<void> {
    await until(
      () => this.ended || this.said.includes('HOLDFAST_READY'),
      () => `${this.name} serves: ${this.said}`,
      readyWithinMs,
    );
    if (!this.ended) return;
    const log = readFileSync(this.logFile, 'utf8').slice(-2_000);
    throw new Error(`${this.name} ended at its start: ${this.said}\n${log}`);
  }

  /** Returns at once. */
  signal(signal: NodeJS.Signals): void {
    if (!this.ended) this.child.kill(signal);
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.signal(signal);
    await until(() => this.ended, `${this.name} ends after ${signal}`);
  }

  /** Lines with this message in the log of this name, over all its processes. */
  countLogged(message: string): number {
    return readFileSync(this.logFile, 'utf8').split(`"msg":"${message}"`).length - 1;
  }
}
