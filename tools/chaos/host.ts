import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/** What this machine lets us do to it; a reason where it does not. */
export const run = promisify(execFile);

export type Allowed<T> = { readonly got: T } | { readonly missing: string };

/** A small disk of its own, for a Postgres that runs out of it. */
export interface SmallDisk {
  readonly folder: string;
  release(): Promise<void>;
}

const diskMebibytes = 400;

export async function mountSmallDisk(): Promise<Allowed<SmallDisk>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-chaos-disk-'));
  try {
    const size = `size=${diskMebibytes}m,mode=0755`;
    await run('mount', ['-t', 'tmpfs', '-o', size, 'holdfast-chaos', folder]);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    return { missing: `no small disk: ${firstLine(error)}` };
  }
  // Lazy: a server that is only just dead may still have a file open.
  const unmount = ['umount', '-l', folder];
  const atExit = () => void spawnSync(unmount[0], unmount.slice(1));
  process.once('exit', atExit);
  const release = async () => {
    process.off('exit', atExit);
    await run(unmount[0], unmount.slice(1));
    await rm(folder, { recursive: true, force: true });
  };
  return { got: { folder, release } };
}

/** Another host: a network namespace, with one line to this one. */
export interface OtherHost {
  /** Where this host is reached from there. */
  readonly address: string;
  /** Runs a program there. */
  readonly prefix: readonly string[];
  line(state: 'up' | 'down'): Promise<void>;
  release(): Promise<void>;
}

export async function makeOtherHost(): Promise<Allowed<OtherHost>> {
  const id = (process.pid % 60_000).toString(36);
  const space = `hfchaos${id}`;
  const near = `hfa${id}`;
  const far = `hfb${id}`;
  const third = 1 + (process.pid % 250);
  const address = `10.213.${third}.1`;
  const ip = (...args: string[]) => run('ip', args);
  const atExit = () => {
    spawnSync('ip', ['link', 'del', near]);
    spawnSync('ip', ['netns', 'del', space]);
  };
  process.once('exit', atExit);
  const release = () => {
    process.off('exit', atExit);
    return Promise.resolve(atExit());
  };
  try {
    await ip('netns', 'add', space);
    await ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far);
    await ip('link', 'set', far, 'netns', space);
    await ip('addr', 'add', `${address}/24`, 'dev', near);
    await ip('link', 'set', near, 'up');
    await ip('-n', space, 'addr', 'add', `10.213.${third}.2/24`, 'dev', far);
    await ip('-n', space, 'link', 'set', far, 'up');
    await ip('-n', space, 'link', 'set', 'lo', 'up');
  } catch (error) {
    await release();
    return { missing: `no network namespaces: ${firstLine(error)}` };
  }
  const line = async (state: 'up' | 'down') => void (await ip('link', 'set', near, state));
  return { got: { address, prefix: ['ip', 'netns', 'exec', space], line, release } };
}

const fakeTimeLibraries = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
];

/** The library that gives a process another clock (Debian: faketime). */
export function findFakeTime(): Allowed<string> {
  const found = fakeTimeLibraries.find((file) => existsSync(file));
  return found === undefined ? { missing: 'libfaketime is not installed' } : { got: found };
}

const firstLine = (error: unknown): string =>
  (error as Error).message.trim().split('\n').at(-1)?.slice(0, 120) ?? '';
