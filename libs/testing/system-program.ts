import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface SystemProgram {
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
}

const folders = (process.env.PATH ?? '')
  .split(path.delimiter)
  .concat('/usr/sbin', '/usr/local/sbin');
const downloadMs = 60_000;

/**
 * A program of the system: where it is installed, or else out of its Debian package and those it
 * needs, unpacked into `folder`. Nothing is installed. null: it cannot be had here.
 */
export async function systemProgram(
  name: string,
  packages: readonly string[],
  folder: string,
): Promise<SystemProgram | null> {
  const installed = folders.map((at) => path.join(at, name)).find((file) => existsSync(file));
  if (installed !== undefined) return { program: installed, env: process.env };
  const root = path.join(folder, name);
  try {
    await mkdir(root);
    await run('apt-get', ['download', ...packages], { cwd: root, timeout: downloadMs });
    const files = (await readdir(root)).filter((file) => file.endsWith('.deb'));
    for (const file of files) await run('dpkg', ['-x', file, root], { cwd: root });
  } catch {
    return null;
  }
  const unpacked = ['usr/sbin', 'usr/bin'].map((at) => path.join(root, at, name));
  const program = unpacked.find((file) => existsSync(file));
  if (program === undefined) return null;
  const { stdout } = await run('dpkg-architecture', ['-qDEB_HOST_MULTIARCH']).catch(() => ({
    stdout: process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu',
  }));
  const libraries = path.join(root, 'usr/lib', stdout.trim());
  return { program, env: { ...process.env, LD_LIBRARY_PATH: libraries } };
}
