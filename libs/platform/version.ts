import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Of this build: what package.json says, the same from the sources and from dist/. */
export const version: string = versionAbove(path.dirname(fileURLToPath(import.meta.url)));

function versionAbove(folder: string): string {
  const file = path.join(folder, 'package.json');
  if (existsSync(file)) {
    return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
  }
  const parent = path.dirname(folder);
  if (parent === folder) throw new Error('package.json was not found above this file');
  return versionAbove(parent);
}
