import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the project, the same from the sources and from dist/. */
export const projectRoot = rootAbove(path.dirname(fileURLToPath(import.meta.url)));

/** The folder that holds a system's data, as an absolute path. A relative one is the caller's. */
export function dataFolder(given: string | undefined, env: NodeJS.ProcessEnv): string {
  const named = given ?? (env.HOLDFAST_DATA === '' ? undefined : env.HOLDFAST_DATA);
  return named === undefined ? path.join(projectRoot, '.holdfast') : path.resolve(named);
}

/** Short for people: relative when that is shorter and stays below the current folder. */
export function shownPath(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative === '' || relative.startsWith('..') ? file : relative;
}

function rootAbove(folder: string): string {
  if (existsSync(path.join(folder, 'package-lock.json'))) return folder;
  const parent = path.dirname(folder);
  if (parent === folder) throw new Error('package-lock.json was not found above this file');
  return rootAbove(parent);
}
