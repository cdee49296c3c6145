import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { environment } from '#libs/platform/config.js';

const run = promisify(execFile);

/** The sources as they are now, compiled into a folder of its own: `dist` may be of yesterday. */
export interface CompiledTree {
  /** Path of a compiled file, named by its source, e.g. `apps/payments/main.ts`. */
  fileOf(source: string): string;
  /**
   * What a module prints that runs in a process of its own and imports compiled ones as
   * `#libs/...js`. Rejects when it fails, and when it takes longer than `limitMs`.
   */
  evaluate(module: string, limitMs: number): Promise<string>;
  remove(): Promise<void>;
}

export async function compileTree(): Promise<CompiledTree> {
  const project = fileURLToPath(new URL('../../..', import.meta.url));
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-compiled-'));
  const modules = path.join(project, 'node_modules');
  await copyFile(path.join(project, 'package.json'), path.join(folder, 'package.json'));
  await symlink(modules, path.join(folder, 'node_modules'));
  const swc = path.join(modules, '@swc', 'cli', 'bin', 'swc.js');
  const dist = path.join(folder, 'dist');
  await run(process.execPath, [swc, 'libs', 'apps', '-d', dist, '--quiet'], {
    cwd: project,
    env: { ...environment(), NODE_OPTIONS: '' },
  });
  return {
    fileOf: (source) => path.join(dist, source.replace(/\.ts$/, '.js')),
    evaluate: async (module, limitMs) => {
      const args = ['--input-type=module', '-e', module];
      const options = { cwd: folder, timeout: limitMs, killSignal: 'SIGKILL' as const };
      return (await run(process.execPath, args, options)).stdout;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
