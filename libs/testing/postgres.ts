import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { chmod, chown, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { CertificateFiles } from './certificates.js';
import { makePostgresFolder } from './postgres-folder.js';
import { copyAsStandby, type PrimaryPlace } from './postgres-standby.js';
import { freePort } from '#libs/platform/tcp-ports.js';
import { findPostgresBinaries, type PostgresBinaries } from '#libs/database/postgres-binaries.js';

/**
 * A real Postgres for a spec file: its own folder, a free port, gone at stop() (and when the
 * process ends without it). Takes about a second to start. One server serves a whole spec file;
 * createDatabase() gives each test its own database.
 */
export interface TestPostgres {
  /** The database `postgres`. */
  readonly url: string;
  readonly port: number;
  /** Process id of the server's first process. */
  readonly pid: number;
  readonly dataFolder: string;
  /** The same server's URL, by the name of a database. */
  urlOf(database: string): string;
  /** A new empty database. */
  createDatabase(): Promise<string>;
  /** Ends the server and removes its folder. May be called again. */
  stop(): Promise<void>;
  /** False: never started, stopped, or dead by another hand. */
  readonly running: boolean;
  /** Sends a signal; for one that ends the server, waits for the end. SIGQUIT = immediate stop. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Immediate stop (if it still runs) and start on the same folder and port. */
  restart(): Promise<void>;
}

export interface TestPostgresOptions {
  /** fsync on: for tests about durability and for measuring. Default: off, which is faster. */
  readonly durable?: boolean;
  /** Further server settings. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Where its folder is made, on a disk of its own for example. Default: the temporary folder. */
  readonly parent?: string;
  /** A process group of its own: a Ctrl-C of the terminal does not reach it. */
  readonly ownGroup?: boolean;
  /** TLS for whoever asks for it. */
  readonly tls?: CertificateFiles;
  /** Gets what the server logs, as it comes. */
  readonly onLog?: (chunk: Buffer) => void;
  /** Becomes its standby, named `standby`, from a copy of its folder. */
  readonly standbyOf?: PrimaryPlace;
}

export async function startTestPostgres(options: TestPostgresOptions = {}): Promise<TestPostgres> {
  const folder = await mkdtemp(path.join(options.parent ?? tmpdir(), 'holdfast-test-postgres-'));
  const server = new Server(folder, options);
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

type RunAs = PostgresBinaries['runAs'];

const startAttempts = 40;
const startTimeoutMs = 30_000;
const betweenAttemptsMs = 250;
const fast = { fsync: 'off', full_page_writes: 'off' };

class Server implements TestPostgres {
  port = 0;
  #binaries: PostgresBinaries | null = null;
  #process: ChildProcess | null = null;
  #databases = 0;
  #portIsSettled = false;
  readonly #folder: string;
  readonly #options: TestPostgresOptions;
  readonly #atExit = () => {
    this.#process?.kill('SIGQUIT');
    rmSync(this.#folder, { recursive: true, force: true });
  };

  constructor(folder: string, options: TestPostgresOptions) {
    this.#folder = folder;
    this.#options = options;
    process.once('exit', this.#atExit);
  }

  get url(): string {
    return this.urlOf('postgres');
  }

  get pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined) throw new Error('the test Postgres is not running');
    return pid;
  }

  get running(): boolean {
    const child = this.#process;
    return child !== null && child.exitCode === null && child.signalCode === null;
  }

  async initialise(): Promise<void> {
    this.#binaries = await findPostgresBinaries(this.#folder);
    const { runAs } = this.#binaries;
    if (runAs.uid !== undefined) await chown(this.#folder, runAs.uid, runAs.gid ?? runAs.uid);
    const { standbyOf, tls } = this.#options;
    if (tls !== undefined) await this.#keepPair(tls, runAs);
    if (standbyOf !== undefined) await copyAsStandby(standbyOf, this.dataFolder, runAs);
    else await makePostgresFolder(this.dataFolder, this.#binaries);
  }

  /** Copies that are the server's own: it reads no key that others may. */
  async #keepPair({ cert, key }: CertificateFiles, { uid, gid }: RunAs): Promise<void> {
    for (const [from, to] of [
      [cert, this.#pair.cert],
      [key, this.#pair.key],
    ]) {
      await copyFile(from, to);
      await chmod(to, 0o600);
      if (uid !== undefined) await chown(to, uid, gid ?? uid);
    }
  }

  get #pair(): CertificateFiles {
    const at = (name: string) => path.join(this.#folder, name);
    return { cert: at('server.pem'), key: at('server.key') };
  }

  /** The port may be taken, and the memory of a killed server is not free at once: tried again. */
  async start(): Promise<void> {
    let problem = '';
    for (let attempt = 0; attempt < startAttempts; attempt++) {
      if (attempt > 0) await pause(betweenAttemptsMs);
      if (!this.#portIsSettled) this.port = await freePort();
      problem = await this.#startOnce();
      this.#portIsSettled ||= problem === '';
      if (problem === '') return;
    }
    throw new Error(`the test Postgres does not start: ${problem}`);
  }

  async createDatabase(): Promise<string> {
    const name = `test_${++this.#databases}`;
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    try {
      await client.query(`CREATE DATABASE ${name}`);
    } finally {
      await client.end();
    }
    return this.urlOf(name);
  }

  async stop(): Promise<void> {
    process.off('exit', this.#atExit);
    await this.kill('SIGQUIT');
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 10 });
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (child === null) return;
    const ends = signal !== 'SIGSTOP' && signal !== 'SIGCONT' && signal !== 'SIGHUP';
    const ended = ends ? exitOf(child) : null;
    child.kill(signal);
    if (ended === null) return;
    await ended;
    this.#process = null;
  }

  async restart(): Promise<void> {
    await this.kill('SIGQUIT');
    await this.start();
  }

  get dataFolder(): string {
    return path.join(this.#folder, 'data');
  }

  urlOf(database: string): string {
    return `postgres://postgres@127.0.0.1:${this.port}/${database}`;
  }

  /** Empty when the server is ready, else what it said. */
  async #startOnce(): Promise<string> {
    if (this.#binaries === null) throw new Error('not initialised');
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      port: String(this.port),
      max_connections: '200',
      // The more memory it shares, the longer each new connection takes.
      shared_buffers: '16MB',
      log_min_messages: 'warning',
      ...(this.#options.durable === true ? {} : fast),
      ...(this.#options.tls === undefined
        ? {}
        : { ssl: 'on', ssl_cert_file: this.#pair.cert, ssl_key_file: this.#pair.key }),
      ...this.#options.settings,
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawn(this.#binaries.postgres, ['-D', this.dataFolder, ...flags], {
      ...this.#binaries.runAs,
      cwd: this.#folder,
      detached: this.#options.ownGroup === true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const output = collect(child);
    child.stderr?.on('data', (chunk: Buffer) => this.#options.onLog?.(chunk));
    const ready = await readyOrEnded(child);
    if (!ready) return output() || 'it ended without a word';
    this.#process = child;
    return '';
  }
}

function readyOrEnded(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), startTimeoutMs);
    const settle = (ready: boolean) => {
      clearTimeout(timer);
      resolve(ready);
    };
    child.once('error', () => settle(false));
    child.once('exit', () => settle(false));
    child.stderr?.on('data', (chunk: Buffer) => {
      if (chunk.includes('ready to accept')) settle(true);
    });
  });
}

/** Keeps reading, or the server would block; keeps the last part only. */
function collect(child: ChildProcess): () => string {
  let text = '';
  const add = (chunk: Buffer) => {
    text = (text + chunk.toString('utf8')).slice(-4_000);
  };
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  return () => text.trim();
}

function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
