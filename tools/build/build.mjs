/**
 * Builds TypeScript into dist/. The build goes to a folder beside it and is swapped in when it is
 * whole, so a running system never sees half a build. A stamp of the sources' contents tells
 * whether dist/ is still theirs.
 */
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runStep } from '../../ops/setup/run-step.mjs';

const sourceFolders = ['libs', 'apps', 'ops', 'trials', 'bench', 'tools'];
const settings = ['.swcrc', 'package.json', 'package-lock.json'];
const stampFile = 'build-stamp';

/** Null when dist/ was built from the sources as they are now, else the reason. */
export function staleBuild(root) {
  const built = readText(path.join(root, 'dist', stampFile));
  if (built === null) return 'not built yet';
  return built.trim() === sourceStamp(root) ? null : 'the sources have changed';
}

/** A hash over names and contents of everything that goes into dist/. */
export function sourceStamp(root) {
  const hash = createHash('sha256');
  for (const file of [...settings, ...sourceFolders.flatMap((name) => filesUnder(root, name))]) {
    hash
      .update(`${file}\0`)
      .update(readText(path.join(root, file)) ?? '')
      .update('\0');
  }
  return hash.digest('hex');
}

export async function build(root, say) {
  const stamp = sourceStamp(root);
  const home = path.join(root, '.holdfast-setup');
  const next = path.join(home, `dist-${process.pid}`);
  const old = path.join(home, `old-${process.pid}`);
  mkdirSync(home, { recursive: true });
  rmSync(next, { recursive: true, force: true });
  try {
    await compile(root, home, next, say);
    const options = { cwd: root, env: process.env, say };
    const bundle = fileURLToPath(new URL('./bundle-packages.mjs', import.meta.url));
    await runStep('bundling packages', process.execPath, [bundle, root, next], options);
    copyModules(root, next);
    writeFileSync(path.join(next, stampFile), `${stamp}\n`);
    swap(next, path.join(root, 'dist'), old);
  } finally {
    rmSync(next, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}

/**
 * Pages go through a run of their own: where `.tsx` is understood, a cast `<T>value` of a plain
 * file is a syntax error.
 */
async function compile(root, home, next, say) {
  const files = sourceFolders.flatMap((name) => filesUnder(root, name));
  const folders = sourceFolders.filter((name) => files.some((file) => isUnder(file, name)));
  const swc = path.join(root, 'node_modules', '@swc/cli/bin/swc.js');
  const args = [swc, ...folders, '-d', next, '--quiet'];
  const options = { cwd: root, env: process.env, say };
  const plain = ['--copy-files', '--ignore', '**/*.mjs,**/*.mts,**/*.tsx'];
  await runStep('building', process.execPath, [...args, ...plain], options);
  if (!files.some((file) => file.endsWith('.tsx'))) return;
  const settings = path.join(home, `pages-${process.pid}.swcrc`);
  writeFileSync(settings, pageSettings(readFileSync(path.join(root, '.swcrc'), 'utf8')));
  try {
    const pages = ['--only', '**/*.tsx', '--no-swcrc', '--config-file', settings];
    await runStep('building pages', process.execPath, [...args, ...pages], options);
  } finally {
    rmSync(settings, { force: true });
  }
}

/** .swcrc with what pages need; the compiler's own way, a list of settings, loses its excludes. */
function pageSettings(plain) {
  const { jsc, ...others } = JSON.parse(plain);
  const parser = { ...jsc.parser, tsx: true };
  const react = { runtime: 'automatic', importSource: 'preact' };
  return JSON.stringify({
    ...others,
    jsc: { ...jsc, parser, transform: { ...jsc.transform, react } },
  });
}

const isUnder = (file, folder) => file.startsWith(`${folder}/`);

/** Plain modules are shared with the pre-step and go into dist/ as they are. */
function copyModules(root, next) {
  const modules = sourceFolders
    .flatMap((name) => filesUnder(root, name))
    .filter((file) => file.endsWith('.mjs'));
  for (const file of modules) cpSync(path.join(root, file), path.join(next, file));
}

function swap(next, dist, old) {
  try {
    renameSync(dist, old);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  renameSync(next, dist);
}

/** Paths relative to the root, sorted; specs are not part of a build. */
function filesUnder(root, folder) {
  let entries;
  try {
    entries = readdirSync(path.join(root, folder), { withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return filesUnder(root, name);
      return entry.isFile() && !/\.spec\.tsx?$/.test(name) ? [name] : [];
    });
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
