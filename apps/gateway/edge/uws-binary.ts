import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

import { uwsBinaries } from './uws-binaries.js';

/** The binary of uWebSockets.js for this process is another than the one that was looked at. */
export class UnknownBinary extends Error {
  override readonly name = 'UnknownBinary';

  constructor(readonly file: string) {
    super(`${file} of uWebSockets.js is not the one that is pinned`);
  }
}

/**
 * Before it is loaded: native code of others that answers the whole Internet. A file that is not
 * there is for the loader to tell of. 10 ms, once a process.
 */
export function checkUwsBinary(
  folder = path.dirname(createRequire(import.meta.url).resolve('uWebSockets.js')),
): void {
  const { platform, arch, versions } = process;
  const file = `uws_${platform}_${arch}_${versions.modules}.node`;
  const bytes = bytesOf(path.join(folder, file));
  if (bytes === null) return;
  const hash = createHash('sha256').update(bytes).digest('hex');
  if (hash !== uwsBinaries[file]) throw new UnknownBinary(file);
}

function bytesOf(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}
