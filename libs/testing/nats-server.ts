import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { NatsBusOptions } from '#libs/bus/nats-bus.js';
import { natsServerConfig, type NatsTlsFiles } from '#libs/bus/nats-config.js';
import { newSeed, perRole, publicNkeys, type NatsTls } from '#libs/bus/nats-credentials.js';
import type { BusRole } from '#libs/contracts/bus-roles.js';
import { findProgram } from '#libs/platform/find-program.js';
import { freePort } from '#libs/platform/tcp-ports.js';

/**
 * A real nats-server of a test's own, on a port of its own, which lets each role do what it may and
 * nothing else: a permission that the product lacks fails the test that needed it, at `stop`.
 */
export interface TestNats {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly running: boolean;
  /** What the server refused since the last call, one line each. */
  takeViolations(): string[];
  /** For connectNats. */
  link(role: BusRole): Pick<NatsBusOptions, 'url' | 'role' | 'seed' | 'tls'>;
  /** Of payments, to shards; not asked for where the broker began open. */
  readonly sealKey: string;
  /** For the environment of a process. */
  environmentOf(role: BusRole): Record<string, string>;
  /** From `open` on, by a reload: strangers lose their connection. No reload opens it again. */
  closeDoor(): void;
  /** Ends the server and waits for its end. Rejects when it had refused anybody. Idempotent. */
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
const violationsMax = 100;

export interface TestNatsOptions {
  /** A process group of its own: a Ctrl-C of the terminal does not reach it. */
  readonly ownGroup?: boolean;
  /** Everybody may do everything; for specs of the bus itself, and for upgrades. */
  readonly open?: boolean;
  readonly tls?: { readonly server: NatsTlsFiles; readonly client: NatsTls };
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
  private readonly seeds = perRole(newSeed);
  readonly sealKey = newSeed();
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'holdfast-nats-'));
  private violations: string[] = [];
  private open: boolean;

  constructor(
    private readonly program: string,
    readonly port: number,
    private readonly monitorPort: number,
    private readonly options: TestNatsOptions,
  ) {
    this.open = options.open === true;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  takeViolations(): string[] {
    return this.violations.splice(0);
  }

  link(role: BusRole): ReturnType<TestNats['link']> {
    const { url, options } = this;
    return { url, role, seed: this.seeds[role], tls: options.tls?.client };
  }

  environmentOf(role: BusRole): Record<string, string> {
    const seals = this.options.open !== true && (role === 'payments' || role === 'shard');
    const key = seals ? { HOLDFAST_PAYMENTS_KEY: this.sealKey } : {};
    const tls = tlsVariables(this.options.tls?.client);
    return { NATS_URL: this.url, HOLDFAST_NATS_SEED: this.seeds[role], ...key, ...tls };
  }

  closeDoor(): void {
    this.open = false;
    this.writeConfig();
    this.alive().kill('SIGHUP');
  }

  get pid(): number {
    return this.alive().pid ?? 0;
  }

  get running(): boolean {
    const { child } = this;
    return child !== null && child.exitCode === null && child.signalCode === null;
  }

  async restart(): Promise<void> {
    await this.kill('SIGKILL');
    const child = spawn(this.program, ['--config', this.writeConfig()], {
      detached: this.options.ownGroup === true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.child = child;
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
    createInterface({ input: child.stderr }).on('line', (line) => this.hear(line));
    const atExit = (): void => void child.kill('SIGKILL');
    process.once('exit', atExit);
    child.once('exit', () => process.removeListener('exit', atExit));
    await untilReady(this.port, child, () => said);
  }

  async stop(): Promise<void> {
    await this.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
    const refused = this.takeViolations();
    if (refused.length > 0) throw new Error(`the broker refused:\n${refused.join('\n')}`);
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

  private writeConfig(): string {
    const file = path.join(this.folder, 'server.conf');
    const config = natsServerConfig({
      host: '127.0.0.1',
      port: this.port,
      monitorPort: this.monitorPort,
      users: publicNkeys(this.seeds),
      stage: this.open ? 'open' : 'closed',
      ...(this.options.tls === undefined ? {} : { tls: this.options.tls.server }),
    });
    writeFileSync(file, config, { mode: 0o600 });
    return file;
  }

  private hear(line: string): void {
    const full = this.violations.length === violationsMax;
    if (/Violation|authentication error/i.test(line) && !full) this.violations.push(line);
  }

  private alive(): ChildProcess {
    if (this.child === null) throw new Error('the test nats-server is not running');
    return this.child;
  }
}

function tlsVariables({ ca, cert, key }: NatsTls = {}): Record<string, string> {
  return {
    ...(ca === undefined ? {} : { HOLDFAST_NATS_TLS_CA: ca }),
    ...(cert === undefined ? {} : { HOLDFAST_NATS_TLS_CERT: cert }),
    ...(key === undefined ? {} : { HOLDFAST_NATS_TLS_CERT_KEY: key }),
  };
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
