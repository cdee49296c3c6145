import { readFileSync } from 'node:fs';

/** A package as package-lock.json has it. */
export interface LockedPackage {
  /** Where it is installed: `node_modules/...`. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** SPDX expression; '' = none is said. */
  readonly licence: string;
  /** Subresource integrity of its archive; '' = none. */
  readonly integrity: string;
  /** Of a release: not only for those who develop. */
  readonly shipped: boolean;
}

interface Entry {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
}

/** All of them, by path. Throws when it is no lock file of version 3. */
export function lockedPackages(file = 'package-lock.json'): LockedPackage[] {
  const lock = JSON.parse(readFileSync(file, 'utf8')) as {
    lockfileVersion?: number;
    packages?: Record<string, Entry>;
  };
  if (lock.lockfileVersion !== 3 || lock.packages === undefined) {
    throw new Error(`${file} is no lock file of version 3`);
  }
  return Object.entries(lock.packages)
    .filter(([path]) => path !== '')
    .map(([path, { name, version, license, integrity, dev }]) => ({
      path,
      // An alias is named by what it really is.
      name: name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version: version ?? '',
      licence: license ?? '',
      integrity: integrity ?? '',
      shipped: dev !== true,
    }));
}
