import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const folder = path.join('node_modules', 'uWebSockets.js');

/** What is installed: the commit that it says of itself, and SHA-256 of each binary by file. */
export function installedUws(): { commit: string; binaries: Record<string, string> } {
  const commit = readFileSync(path.join(folder, 'source_commit'), 'utf8').trim();
  const files = readdirSync(folder).filter((name) => name.endsWith('.node'));
  const hashOf = (file: string): string =>
    createHash('sha256')
      .update(readFileSync(path.join(folder, file)))
      .digest('hex');
  return { commit, binaries: Object.fromEntries(files.sort().map((file) => [file, hashOf(file)])) };
}

/** apps/gateway/edge/uws-binaries.ts */
export function uwsPinsModule({ commit, binaries }: ReturnType<typeof installedUws>): string {
  const rows = Object.entries(binaries).map(([file, hash]) => `  '${file}':\n    '${hash}',`);
  return [
    '/**',
    ' * The binaries of uWebSockets.js that may be loaded: SHA-256 by file, and the commit of',
    ' * upstream that they say they were built from. Written by `npm run pin-uws`.',
    ' */',
    `export const uwsSourceCommit = '${commit}';`,
    '',
    'export const uwsBinaries: Readonly<Record<string, string>> = {',
    ...rows,
    '};',
    '',
  ].join('\n');
}
