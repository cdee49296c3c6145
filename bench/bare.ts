import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The bare server as a process of its own. */
export class BareServer {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  /** `answer`: the body of every 201, of the size that Holdfast's has. */
  static async start(answer: string): Promise<BareServer> {
    const program = fileURLToPath(new URL('./bare-server.js', import.meta.url));
    const child = fork(program, [answer], {
      execArgv: [],
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

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.disconnect();
    await exited;
  }
}
