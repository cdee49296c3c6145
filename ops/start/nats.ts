import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { natsServerConfig } from '#libs/bus/nats-config.js';
import { publicNkeys, type NatsSeeds } from '#libs/bus/nats-credentials.js';
import { findProgram } from '#libs/platform/find-program.js';
import { natsEnvironment } from '../system/runtime-flags.js';
import { writePrivately, type DataFolder } from './data-folder.js';
import { freePort } from '#libs/platform/tcp-ports.js';
import type { Progress } from './progress.js';
import { ChildFailed, type ChildSpec, type Supervisor } from './supervisor.js';

/**
 * The system's own nats-server, on a free port of the loopback address. It keeps nothing. Where it
 * is not installed, the machine's package manager is asked; where that does not work, people are
 * told what to do, and the system runs as --single.
 */
export interface NatsSearch {
  readonly path: string;
  /** Looked into after PATH: system folders are often missing from a user's PATH. */
  readonly folders: readonly string[];
}

export const natsAdvice = `To have it:
  Debian, Ubuntu   sudo apt-get install nats-server
  macOS            brew install nats-server
  others           put the nats-server program of nats.io on the PATH`;

const installTimeoutMs = 5 * 60_000;
const configName = 'nats-server.conf';
/** Releases that its authors still mend, at the time of this one. */
const natsMinorWanted = 11;
const startAttempts = 4;
const defaultPort = 4222;
const probeTimeoutMs = 1_000;
const run = promisify(execFile);

const isRoot = (): boolean => process.getuid?.() === 0;

const systemSearch = (): NatsSearch => ({
  path: process.env.PATH ?? '',
  folders: ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/usr/bin', '/opt/homebrew/bin'],
});

/** The program's path, or null. */
export function findNatsServer(search: NatsSearch = systemSearch()): string | null {
  return findProgram('nats-server', search.path, search.folders);
}

/**
 * Installs it when it is missing. Resolves with the program's path, or with the reason why there
 * is none; never rejects. `root` is a parameter so that a test can be somebody else.
 */
export async function ensureNatsServer(
  progress: Progress,
  search: NatsSearch = systemSearch(),
  root = isRoot(),
): Promise<{ readonly program: string } | { readonly reason: string }> {
  const found = findNatsServer(search);
  if (found !== null) return { program: found };
  const installer = findInstaller(search, root);
  if (installer === null) {
    return { reason: 'it is not installed, and there is no apt-get or brew that may install it' };
  }
  try {
    await progress.step(`installing nats-server with ${installer.name}`, () => install(installer));
  } catch (error) {
    return { reason: `${installer.name} could not install it: ${lastLine(error)}` };
  }
  const installed = findNatsServer(search);
  return installed === null
    ? { reason: `${installer.name} has installed it, but it is not on the PATH` }
    : { program: installed };
}

/** Null: it is new enough, or does not say. Never refused: Debian 12 has 2.9.10. */
export async function ageOfNats(program: string): Promise<string | null> {
  const { stdout } = await run(program, ['--version'], { timeout: 5_000 }).catch(() => ({
    stdout: '',
  }));
  return natsAge(stdout);
}

export function natsAge(said: string): string | null {
  const [, version, major, minor] = /v((\d+)\.(\d+)\.\d+)/.exec(said) ?? [];
  if (version === undefined) return null;
  if (Number(major) > 2 || (major === '2' && Number(minor) >= natsMinorWanted)) return null;
  const older = `nats-server ${version} is older than 2.${natsMinorWanted}`;
  return `${older} and gets no more fixes, those of security among them`;
}

/** Resolves with the NATS_URL. Rejects with ChildFailed, one line. */
export async function startNats(
  supervisor: Supervisor,
  folder: DataFolder,
  program: string,
  seeds: NatsSeeds,
): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      writeServerConfig(folder, port, seeds);
      await supervisor.start(serverSpec(folder, program, port));
      return `nats://127.0.0.1:${port}`;
    } catch (error) {
      if (!(error instanceof ChildFailed) || attempt === startAttempts) throw error;
    }
  }
}

/** True when a server of the list (URLs with commas between) answers. */
export async function natsAnswers(urls: string): Promise<boolean> {
  for (const text of urls.split(',')) {
    const { hostname, port } = new URL(text.trim());
    if (await greets(hostname, Number(port === '' ? defaultPort : port))) return true;
  }
  return false;
}

interface Installer {
  readonly name: string;
  /** Commands in order; one that may fail has `optional`. */
  readonly commands: readonly { readonly words: readonly string[]; readonly optional?: boolean }[];
}

export function findInstaller(search: NatsSearch, root = isRoot()): Installer | null {
  const apt = findProgram('apt-get', search.path, search.folders);
  // Never by sudo: nobody asked for that. What to type is in natsAdvice.
  if (apt !== null && root) return aptInstaller([apt]);
  const brew = findProgram('brew', search.path, search.folders);
  if (brew === null || root) return null;
  return { name: 'brew', commands: [{ words: [brew, 'install', 'nats-server'] }] };
}

/** An old package list is no reason to fail, so the update may. */
function aptInstaller(apt: readonly string[]): Installer {
  const options = ['-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120'];
  return {
    name: 'apt-get',
    commands: [
      { words: [...apt, 'update'], optional: true },
      { words: [...apt, 'install', ...options, 'nats-server'] },
    ],
  };
}

async function install(installer: Installer): Promise<void> {
  for (const { words, optional } of installer.commands) {
    // Our own umask is strict, and packages are for everybody.
    const [command, ...args] = ['sh', '-c', 'umask 022; exec "$@"', 'sh', ...words];
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const done = run(command, args, { env, timeout: installTimeoutMs, maxBuffer: 16 << 20 });
    if (optional === true) await done.catch(() => undefined);
    else await done;
  }
}

function serverSpec(folder: DataFolder, program: string, port: number): ChildSpec {
  return {
    name: 'nats-server',
    command: program,
    args: ['--config', folder.file(configName)],
    env: { ...natsEnvironment(), ...process.env },
    logFile: path.join(folder.logs, 'nats-server.log'),
    ready: { kind: 'probe', probe: () => greets('127.0.0.1', port) },
    group: 1,
    stopSignal: 'SIGTERM',
    stopDeadlineMs: 3_000,
  };
}

/** Public keys only. Read by nobody else all the same: who may do what is nobody's business. */
function writeServerConfig(folder: DataFolder, port: number, seeds: NatsSeeds): void {
  const config = natsServerConfig({ host: '127.0.0.1', port, users: publicNkeys(seeds) });
  writePrivately(folder.file(configName), config);
}

/** A NATS server greets with INFO: a port that only takes connections is not enough. */
function greets(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(probeTimeoutMs, () => settle(false));
    socket.once('error', () => settle(false));
    socket.once('data', (data) => settle(data.toString().startsWith('INFO')));
  });
}

function lastLine(error: unknown): string {
  const { stderr, message } = error as Error & { stderr?: string };
  return (stderr ?? '').trim().split('\n').at(-1) || message.split('\n')[0];
}
