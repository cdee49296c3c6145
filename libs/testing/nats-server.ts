import { spawn, type ChildProcess } from 'node:child_process';
import { createConnection } from 'node:net';
import { findProgram } from '#libs/platform/find-program.js';
import { freePort } from '#libs/platform/tcp-ports.js';

/** A real nats-server of a test's own, on a port of its own. */
export interface TestNats {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly running: boolean;
  /** Ends the server and waits for its end. Idempotent. */
  stop(): Promise<void>;
  /** Sends a signal (default SIGKILL) and waits for the end of the server. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts a server again on the same port; ends a running one first. */
  restart(): Promise<void>;
  /** The server stops answering but keeps its connections. */
  pause(): void;
  resume(): void;
  /** Clients connected now. */
  clients(): Promise<number>;
}

const readyDeadlineMs = 10_000;

export interface TestNatsOptions {
  /** A process group of its own: a Ctrl-C of the terminal does not reach it. */
  readonly ownGroup?: boolean;
}

export async function startTestNats(options: TestNatsOptions = {}): Promise<TestNats> {
  const server = new NatsProcess(findNatsServer(), await freePort(), await freePort(), options);
  await server.restart();
  return server;
}

/** Path of the nats-server program; throws with what to do when there is none. */
export function findNatsServer(): string {
  const folders = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'];
  const found = findProgram('nats-server', process.env.PATH ?? '', folders);
  if (found !== null) return found;
  throw new Error(
    'nats-server was not found on the PATH: install it (Debian: apt-get install nats-server, ' +
      'macOS: brew install nats-server) and run the tests again',
  );
}

class NatsProcess implements TestNats {
  private child: ChildProcess | null = null;

  constructor(
    private readonly program: string,
    readonly port: number,
    private readonly monitorPort: number,
    private readonly options: TestNatsOptions,
  ) {}

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.alive().pid ?? 0;
  }

  get running(): boolean {
    const { child } = this;
    return child !== null && child.exitCode === null && child.signalCode === null;
  }

  async restart(): Promise<void> {
    await this.stop();
    const child = spawn(
      this.program,
      ['-a', '127.0.0.1', '-p', String(this.port), '-m', String(this.monitorPort)],
      { detached: this.options.ownGroup === true, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    this.child = child;
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
    const atExit = (): void => void child.kill('SIGKILL');
    process.once('exit', atExit);
    child.once('exit', () => process.removeListener('exit', atExit));
    await untilReady(this.port, child, () => said);
  }

  async stop(): Promise<void> {
    await this.kill('SIGKILL');
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { child } = this;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    await ended;
    this.child = null;
  }

  pause(): void {
    this.alive().kill('SIGSTOP');
  }

  resume(): void {
    this.alive().kill('SIGCONT');
  }

  async clients(): Promise<number> {
    const answer = await fetch(`http://127.0.0.1:${this.monitorPort}/connz`);
    return ((await answer.json()) as { num_connections: number }).num_connections;
  }

  private alive(): ChildProcess {
    if (this.child === null) throw new Error('the test nats-server is not running');
    return this.child;
  }
}

/** The server greets every connection with an INFO line. */
async function untilReady(port: number, child: ChildProcess, said: () => string): Promise<void> {
  const giveUpAtMs = Date.now() + readyDeadlineMs;
  while (!(await greets(port))) {
    if (child.exitCode !== null) throw new Error(`nats-server ended at once:\n${said()}`);
    if (Date.now() > giveUpAtMs) throw new Error(`nats-server does not answer:\n${said()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    const end = (good: boolean): void => {
      socket.destroy();
      resolve(good);
    };
    socket.once('data', (chunk) => end(chunk.toString().startsWith('INFO')));
    socket.once('error', () => end(false));
    socket.setTimeout(1_000, () => end(false));
  });
}
