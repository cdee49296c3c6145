/**
 * Makes what browsers get of apps/gateway/web: a shell, and its scripts and styles under names that
 * have a hash of their content, each also compressed as far as it goes, since a gateway sends them
 * as they are, for ever.
 *
 *   node tools/build/build-pages.mjs ROOT OUT
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';

const [root, out] = process.argv.slice(2).map((folder) => path.resolve(folder));
const home = path.join(root, 'apps/gateway/web');

// Whoever builds, a spec too: browsers get one and the same.
process.env.NODE_ENV = 'production';
await build({
  root: home,
  configFile: false,
  envFile: false,
  publicDir: false,
  logLevel: 'error',
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact', tsconfigRaw: {} },
  resolve: { alias: [{ find: /^#libs\/(.*)\.js$/, replacement: `${root}/libs/$1.ts` }] },
  build: {
    outDir: out,
    emptyOutDir: true,
    target: 'es2022',
    // A picture as a data: URL is against the pages' policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
for (const name of readdirSync(out, { recursive: true })) {
  if (!path.extname(name)) continue;
  const file = path.join(out, name);
  const bytes = readFileSync(file);
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
}
