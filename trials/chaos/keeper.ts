import { setTimeout as pause } from 'node:timers/promises';
import { RoleProcess, type RoleProcessOptions } from '#libs/testing/role-process.js';
import type { TcpProxy } from '#libs/testing/tcp-proxy.js';

/** What a machine's supervisor takes to notice that a process is gone. */
const restartAfterMs = 250;
const restartAfterMsMax = 2_000;

/** One process that is started again whenever it ends, and its two lines to the world. */
export class Keeper {
  starts = 0;
  #process: RoleProcess | null = null;
  #stopping = false;
  #waitMs = restartAfterMs;

  constructor(
    readonly role: 'shard' | 'gateway' | 'payments' | 'stripe',
    private readonly options: RoleProcessOptions,
    /** To Postgres and to NATS; the simulator has none. */
    readonly lines: { readonly postgres: TcpProxy; readonly nats: TcpProxy } | null,
  ) {}

  get name(): string {
    return this.options.name;
  }

  get running(): boolean {
    return this.#process !== null && !this.#process.ended;
  }

  async start(): Promise<void> {
    this.#begin();
    await this.#process?.ready();
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.signal(signal);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.signal('SIGCONT');
    await this.#process?.kill('SIGKILL');
  }

  #begin(): void {
    this.starts++;
    const startedAtMs = performance.now();
    const process = new RoleProcess(this.options);
    this.#process = process;
    process.onEnd(() => {
      const livedMs = performance.now() - startedAtMs;
      this.#waitMs =
        livedMs > 5_000 ? restartAfterMs : Math.min(restartAfterMsMax, this.#waitMs * 2);
      void this.#again();
    });
  }

  async #again(): Promise<void> {
    await pause(this.#waitMs);
    if (!this.#stopping) this.#begin();
  }
}
