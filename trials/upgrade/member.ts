import { readFile } from 'node:fs/promises';
import { limits } from '#libs/contracts/limits.js';
import { RoleProcess, type RoleProcessOptions } from '#libs/testing/role-process.js';
import { until } from '#libs/testing/until.js';
import type { Build } from './older-build.js';

/** How one process took the place of another. */
export interface Replacement {
  /** From SIGTERM to the end of the old one; from there until the new one was ready. */
  readonly stopMs: number;
  readonly startMs: number;
  readonly exitCode: number | null;
}

/** What both releases log when a shard that has started is warm. */
const rehearsed = 'recovery rehearsed';
const rehearsedWithinMs = 60_000;

/** One place in the system, taken by a process of one release or the other. */
export class Member {
  private process: RoleProcess | null = null;
  private starts = 0;

  constructor(
    readonly role: 'payments' | 'shard' | 'gateway' | 'stripe',
    private readonly options: Omit<RoleProcessOptions, 'dist'>,
  ) {}

  get name(): string {
    return this.options.name;
  }

  /** Resolves when it serves. */
  async start({ dist }: Build): Promise<void> {
    this.process = new RoleProcess({ ...this.options, dist });
    this.starts += 1;
    await this.process.ready();
  }

  /** A shard that has just started rehearses, which costs it seconds of CPU. */
  async warm(): Promise<void> {
    const { process, starts } = this;
    if (this.role !== 'shard' || process === null) return;
    const done = () => process.countLogged(rehearsed) >= starts;
    await until(done, `${this.name} has rehearsed`, rehearsedWithinMs);
  }

  /** In order: SIGTERM, its end, and the other release until that is ready. */
  async replace(by: Build): Promise<Replacement> {
    const leaving = this.process;
    if (leaving === null) throw new Error(`${this.name} was never started`);
    const askedAtMs = performance.now();
    leaving.signal('SIGTERM');
    await until(() => leaving.ended, `${this.name} ends`, limits.processKillMs);
    const endedAtMs = performance.now();
    await this.start(by);
    return {
      stopMs: endedAtMs - askedAtMs,
      startMs: performance.now() - endedAtMs,
      exitCode: leaving.exitCode,
    };
  }

  async stop(): Promise<void> {
    await this.process?.kill('SIGKILL');
  }

  /** What it logged, in all its lives. */
  async log(): Promise<string> {
    return readFile(this.options.logFile, 'utf8').catch(() => '');
  }
}
