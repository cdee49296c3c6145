import path from 'node:path';
import { knownLabels, uniqueLabels } from './labels.js';
import { migrationNumbers } from './migrations.js';
import type { SourceFile } from './project-files.js';
import { importedFile, type Problem } from './rules.js';

/** House rules that need more than one file: links, files nobody uses, packages nobody uses. */
export type ProjectRule = (files: readonly SourceFile[]) => readonly Problem[];

const fence = /^(```|~~~)/;

export const oneTitle: ProjectRule = (files) =>
  files.filter(isMarkdown).flatMap(({ name, text }) => {
    const titles = proseOf(text).filter(({ line }) => line.startsWith('# '));
    if (titles.length === 1) return [];
    const message = `${titles.length} titles of level 1, use exactly one`;
    return [{ file: name, line: titles[1]?.number ?? 1, message }];
  });

/** Links to files of the project, and to headings. Addresses on the web are not asked. */
export const localLinks: ProjectRule = (files) => {
  const known = new Set(files.map((file) => file.name));
  const folders = new Set(files.flatMap((file) => foldersOf(file.name)));
  const headings = new Map(files.filter(isMarkdown).map((file) => [file.name, headingsOf(file)]));
  return files.filter(isMarkdown).flatMap(({ name, text }) =>
    linksOf(text).flatMap(({ target, number }) => {
      const [file, anchor] = target.split('#');
      const found = file === '' ? name : path.posix.join(path.posix.dirname(name), file);
      const exists = known.has(found) || folders.has(found.replace(/\/$/, ''));
      const message = !exists
        ? `the link ${target} leads nowhere, use the path of a file`
        : anchor !== undefined && headings.get(found)?.has(anchor) === false
          ? `${found} has no heading #${anchor}, use one that it has`
          : null;
      return message === null ? [] : [{ file: name, line: number, message }];
    }),
  );
};

/** Files that are started, not imported, are named somewhere: in tools, scripts, a worker's URL. */
export const deadFiles: ProjectRule = (files) => {
  const used = new Set<string>();
  const usedBySpecs = new Set<string>();
  const support = testSupport(files);
  for (const file of files) {
    const target = isSpec(file.name) ? usedBySpecs : used;
    for (const reference of referencesOf(file)) target.add(reference);
  }
  return files
    .filter(
      ({ name }) => /^(libs|apps|ops|trials|tools|bench)\/.*\.tsx?$/.test(name) && !isSpec(name),
    )
    .filter(({ name }) => !/\.bench\.tsx?$/.test(name))
    .filter(({ name }) => {
      const plain = plainName(name);
      return !used.has(plain) && !(usedBySpecs.has(plain) && support.has(plain));
    })
    .map(({ name }) => ({
      file: name,
      line: 0,
      message: 'nothing but specs uses this file, use it or remove it',
    }));
};

/** Packages that no file names, with the reason why they are there. */
const unnamedPackages: Readonly<Record<string, string>> = {
  '@swc/core': 'the compiler behind @swc/cli and @swc/jest',
  '@types/jest': 'types of the test runner, found by name',
  '@types/node': 'types, found by name',
  '@types/pg': 'types, found by name',
  '@types/ws': 'types, found by name',
  'oxlint-tsgolint': 'the rules of oxlint that ask for types, found by name',
  rxjs: 'wanted by @nestjs/core',
};

export const packages: ProjectRule = (files) => {
  const manifest = files.find((file) => file.name === 'package.json');
  if (manifest === undefined) return [];
  const others = files.filter(({ name }) => !/^package(-lock)?\.json$|\.md$/.test(name));
  const { dependencies, devDependencies, scripts } = JSON.parse(manifest.text) as Manifest;
  const texts = [...others.map((file) => file.text), ...Object.values(scripts ?? {})];
  const lines = manifest.text.split('\n');
  return Object.entries({ ...dependencies, ...devDependencies }).flatMap(([name, version]) => {
    const line = lines.findIndex((text) => text.includes(`"${name}":`)) + 1;
    const problem = (message: string) => [{ file: manifest.name, line, message }];
    if (!/^(npm:(@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) {
      return problem(`${name} is not pinned, use an exact version`);
    }
    const named = new RegExp(`(^|[^\\w@/-])${escaped(name)}($|[^\\w-])`, 'm');
    if (Object.hasOwn(unnamedPackages, name) || texts.some((text) => named.test(text))) return [];
    return problem(`nothing uses ${name}, use it or remove it`);
  });
};

/**
 * npm drops a package for another machine from the lock file when its registry did not have it at
 * the time of an install, and then refuses `npm ci` everywhere.
 */
export const wholeLockFile: ProjectRule = (files) => {
  const lock = files.find((file) => file.name === 'package-lock.json');
  if (lock === undefined) return [];
  const locked = (JSON.parse(lock.text) as LockFile).packages;
  return Object.entries(locked).flatMap(([from, { optionalDependencies }]) =>
    Object.entries(optionalDependencies ?? {})
      .filter(([name]) => !placesOf(from, name).some((place) => Object.hasOwn(locked, place)))
      .map(([name, version]) => {
        const message = `${name} ${version} is missing, use an entry with version, os and cpu`;
        return { file: lock.name, line: 0, message };
      }),
  );
};

export const projectRules: Readonly<Record<string, ProjectRule>> = {
  'every page has one title': oneTitle,
  'links between pages lead somewhere': localLinks,
  'a label means one invariant': uniqueLabels,
  'a label that is cited is defined': knownLabels,
  'every file is used': deadFiles,
  'every package is pinned and used': packages,
  'the lock file serves every kind of machine': wholeLockFile,
  'each migration has the next number': migrationNumbers,
};

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

interface LockFile {
  readonly packages: Readonly<
    Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>
  >;
}

interface Prose {
  readonly line: string;
  readonly number: number;
}

const isMarkdown = ({ name }: SourceFile): boolean => name.endsWith('.md');
/** Support of specs beside them: it says so by what it imports, at first or second hand. */
function testSupport(files: readonly SourceFile[]): ReadonlySet<string> {
  const direct = ({ name, text }: SourceFile): boolean =>
    /\/(testing|tidy|fences)\//.test(name) || /from '(@jest\/globals|#libs\/testing\/)/.test(text);
  const found = new Set(files.filter(direct).map(({ name }) => plainName(name)));
  const users = files.filter((file) => {
    return referencesOf(file).some((other) => found.has(other));
  });
  return new Set([...found, ...users.map(({ name }) => plainName(name))]);
}

const plainName = (name: string): string => name.replace(/\.tsx?$/, '');

const isSpec = (name: string): boolean => /\.(spec|features)\.tsx?$/.test(name);
const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** Where Node looks for `name` from the package at `from`, nearest first. */
function placesOf(from: string, name: string): string[] {
  const parts = from === '' ? [] : from.split('/node_modules/');
  const above = parts.map((_, index) =>
    parts.slice(0, parts.length - index).join('/node_modules/'),
  );
  return [...above, ''].map((folder) => path.posix.join(folder, 'node_modules', name));
}

/** Without fenced code. */
function proseOf(text: string): Prose[] {
  let inside = false;
  return text.split('\n').flatMap((line, index) => {
    const border = fence.test(line.trim());
    if (border) inside = !inside;
    return inside || border ? [] : [{ line, number: index + 1 }];
  });
}

function linksOf(text: string): { target: string; number: number }[] {
  return proseOf(text).flatMap(({ line, number }) =>
    [...line.replaceAll(/`[^`]*`/g, '').matchAll(/\]\(<?([^)\s>]+)>?[^)]*\)/g)]
      .map((match) => match[1])
      .filter((target) => !/^[a-z]+:/i.test(target))
      .map((target) => ({ target, number })),
  );
}

/** As the usual renderers name them. */
function headingsOf({ text }: SourceFile): ReadonlySet<string> {
  const names = proseOf(text)
    .map(({ line }) => /^#{1,6} (.*)$/.exec(line)?.[1])
    .filter((title) => title !== undefined);
  return new Set(
    names.map((title) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

function foldersOf(name: string): string[] {
  const parts = name.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** Every quoted or bare path that ends like a module, seen from the file and from the project. */
function referencesOf({ name, text }: SourceFile): string[] {
  const found = [...text.matchAll(/[\w#@./-]+\.(?:js|mjs|tsx?)\b/g)].map((match) => match[0]);
  return found.flatMap((specifier) => {
    const imported = importedFile(name, specifier);
    if (imported !== null) return [imported];
    return [specifier.replace(/\.(js|mjs|tsx?)$/, '').replace(/^dist\//, '')];
  });
}
