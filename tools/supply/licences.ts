import type { LockedPackage } from './locked-packages.js';

/** May be in a release whatever it is part of: they ask for their text to be kept, and no more. */
const permissive = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
];

/** Of tools that are never shipped. */
const forDevelopment = [...permissive, 'CC-BY-4.0', 'MPL-2.0', 'Python-2.0'];

/**
 * libvips, the library of sharp, under the LGPL: a dynamic library in a package of its own, which
 * whoever has a release may replace, as the licence asks. The builds of sharp for Windows have it
 * in theirs.
 */
const withLibvips = /^@img\/sharp-(libvips-|win32-|wasm32$|webcontainers-)/;
const libvipsLicence = 'LGPL-3.0-or-later';

/** Null: it may be used; else why not. */
export function licenceProblem({ name, version, licence, shipped }: LockedPackage): string | null {
  const allowed = [
    ...(shipped ? permissive : forDevelopment),
    ...(withLibvips.test(name) ? [libvipsLicence] : []),
  ];
  if (licence !== '' && allows(licence, allowed)) return null;
  return `${name} ${version}: ${licence === '' ? 'no licence is said' : licence}`;
}

/** An SPDX expression of names with AND, OR and brackets; anything else is not allowed. */
export function allows(expression: string, allowed: readonly string[]): boolean {
  const words = expression.match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  const term = (): boolean => {
    const word = words[at++];
    if (word !== '(') return allowed.includes(word);
    const inside = either();
    return words[at++] === ')' && inside;
  };
  const all = (): boolean => {
    let holds = term();
    while (words[at] === 'AND') {
      at += 1;
      holds = term() && holds;
    }
    return holds;
  };
  const either = (): boolean => {
    let holds = all();
    while (words[at] === 'OR') {
      at += 1;
      holds = all() || holds;
    }
    return holds;
  };
  const holds = either();
  return holds && at === words.length;
}

/** One line for each licence with what is under it. */
export function licenceLines(packages: readonly LockedPackage[]): string[] {
  const byLicence = new Map<string, Set<string>>();
  for (const { licence, name, version } of packages) {
    const names = byLicence.get(licence) ?? new Set();
    byLicence.set(licence, names.add(`${name} ${version}`));
  }
  return [...byLicence]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([licence, names]) => [
      `${licence || 'no licence is said'} (${names.size})`,
      ...[...names].sort().map((name) => `  ${name}`),
    ]);
}
