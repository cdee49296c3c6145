import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onCores } from '#ops/system/affinity.js';

/** A core, and the program that binds to it. */
export interface OneCore {
  readonly core: number;
  readonly taskset: string;
}

export function commandOn(one: OneCore | null): { execPath: string; execArgv: string[] } {
  if (one === null) return { execPath: process.execPath, execArgv: [] };
  const [execPath, ...execArgv] = onCores(one.taskset, [one.core], [process.execPath]);
  return { execPath, execArgv };
}

/** The bare server as a process of its own. */
export class BareServer {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  /**
   * `answer`: the body of every 201, of the size that Holdfast's has. `core`: the gateway's, when
   * that has one of its own.
   */
  static async start(answer: string, core: OneCore | null): Promise<BareServer> {
    const program = fileURLToPath(new URL('./bare-server.js', import.meta.url));
    const child = fork(program, [answer], {
      ...commandOn(core),
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    if (child.stdout === null) throw new Error('the bare server has no output');
    const lines = createInterface({ input: child.stdout });
    const death = once(child, 'exit').then(() => {
      throw new Error('the bare server died');
    });
    const [line] = (await Promise.race([once(lines, 'line'), death])) as [string];
    const { port } = JSON.parse(line.slice(line.indexOf('{'))) as { port: number };
    return new BareServer(child, port);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.disconnect();
    await exited;
  }
}
