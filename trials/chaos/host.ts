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

/** Room for a standby of it, too. */
const diskMebibytes = 1_024;

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

const fakeTimeLibraries = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
];

/** The library that gives a process another clock (Debian: faketime). */
export function findFakeTime(): Allowed<string> {
  const found = fakeTimeLibraries.find((file) => existsSync(file));
  return found === undefined ? { missing: 'libfaketime is not installed' } : { got: found };
}

/** Of what a program said when it failed. */
export const firstLine = (error: unknown): string =>
  (error as Error).message.trim().split('\n').at(-1)?.slice(0, 120) ?? '';
