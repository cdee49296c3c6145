import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, existsSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { environment } from '#libs/platform/config.js';
import { findProgram } from '#libs/platform/find-program.js';

const run = promisify(execFile);

export interface PrometheusPrograms {
  readonly prometheus: string;
  readonly promtool: string;
}

/**
 * Prometheus for specs: the system's, else Debian's package unpacked beside the temporary files. It
 * is not installed, which would start a server that nobody asked for.
 */
export async function findPrometheus(): Promise<PrometheusPrograms> {
  const kept = path.join(tmpdir(), `holdfast-prometheus-${userInfo().uid}`);
  const folders = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin', path.join(kept, 'usr/bin')];
  if (programsIn(folders) === null) await unpack(kept);
  const found = programsIn(folders);
  if (found !== null) return found;
  throw new Error(
    'prometheus and promtool were not found on the PATH: install them (Debian: apt-get install ' +
      'prometheus, macOS: brew install prometheus) and run the tests again',
  );
}

function programsIn(folders: readonly string[]): PrometheusPrograms | null {
  const searched = environment().PATH ?? '';
  const [prometheus, promtool] = ['prometheus', 'promtool'].map((name) =>
    findProgram(name, searched, folders),
  );
  return prometheus === null || promtool === null ? null : { prometheus, promtool };
}

/** Several specs may do so at once: the first folder that is whole stays. */
async function unpack(kept: string): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-prometheus-'));
  const download = () => run('apt-get', ['download', 'prometheus'], { cwd: folder });
  try {
    await download().catch(async () => {
      await run('apt-get', ['update']);
      await download();
    });
    const [archive] = readdirSync(folder).filter((name) => name.endsWith('.deb'));
    const unpacked = path.join(folder, 'unpacked');
    mkdirSync(unpacked);
    await run('dpkg-deb', ['--extract', path.join(folder, archive), unpacked]);
    if (!existsSync(kept)) renameSync(unpacked, kept);
  } catch {
    // There is no apt, or no network: the caller says what to do.
  }
}
