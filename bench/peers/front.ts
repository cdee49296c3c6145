import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { runtimeFlags } from '#ops/system/runtime-flags.js';
import { commandOn, type OneCore } from '../bare.js';
import type { FrontAnswer, FrontOrder, FrontQuestion } from './front-server.js';

/** A peer's front as a process of its own, with the flags and the core that a gateway has. */
export class Front {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  static async start(order: FrontOrder, core: OneCore | null): Promise<Front> {
    const program = fileURLToPath(new URL('./front-server.js', import.meta.url));
    const { execPath, execArgv } = commandOn(core);
    const child = fork(program, [JSON.stringify(order)], {
      execPath,
      execArgv: [...execArgv, ...runtimeFlags],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    return new Front(child, await answerOf(child));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async addEvent(event: number, seats: number): Promise<void> {
    await this.ask({ ask: 'add', event, seats });
  }

  held(event: number): Promise<number> {
    return this.ask({ ask: 'held', event });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.disconnect();
    await exited;
  }

  private async ask(question: FrontQuestion): Promise<number> {
    if (!this.child.connected) throw new Error('a front died');
    const answer = answerOf(this.child);
    this.child.send(question);
    return answer;
  }
}

async function answerOf(child: ChildProcess): Promise<number> {
  const settled = new AbortController();
  const { signal } = settled;
  try {
    const death = once(child, 'exit', { signal }).then(() => {
      throw new Error('a front died');
    });
    const [{ number = 0, failure }] = (await Promise.race([
      once(child, 'message', { signal }),
      death,
    ])) as [FrontAnswer];
    if (failure !== undefined) throw new Error(`a front: ${failure}`);
    return number;
  } finally {
    settled.abort();
  }
}
