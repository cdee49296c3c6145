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
const pages = 'apps/gateway/web';

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
    await compile(root, next, say);
    await compilePages(root, next, say);
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

async function compile(root, next, say) {
  const swc = path.join(root, 'node_modules', '@swc/cli/bin/swc.js');
  const ignored = ['**/*.mjs', '**/*.mts', `${pages}/**`].join(',');
  const args = [swc, ...sourceFolders.filter((name) => filesUnder(root, name).length > 0)];
  const how = ['-d', next, '--quiet', '--copy-files', '--ignore', ignored];
  const options = { cwd: root, env: process.env, say };
  await runStep('building', process.execPath, [...args, ...how], options);
}

/** What browsers run is bundled for them, and is nothing that a process could load. */
async function compilePages(root, next, say) {
  if (filesUnder(root, pages).length === 0) return;
  const program = fileURLToPath(new URL('./build-pages.mjs', import.meta.url));
  const args = [program, root, path.join(next, pages)];
  await runStep('building pages', process.execPath, args, { cwd: root, env: process.env, say });
}

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
