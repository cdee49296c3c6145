import { execFile } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type pg from 'pg';
import { projectRoot } from '#ops/system/paths.js';

/** The release that this one must be able to replace, and to be replaced by. */
export const releaseBefore = 'd49ba3166524e9d2752fe8ef28167ccaa9707316';

/** A build of some release, and what of it runs in this process. */
export interface Build {
  readonly name: 'older' | 'newer';
  readonly dist: string;
  /** Brings a database to its schema. */
  readonly migrate: (url: string) => Promise<unknown>;
  /** Puts an event with so many seats on sale; gives its id. */
  readonly createEvent: (pool: pg.Pool, seats: number) => Promise<string>;
  dispose(): Promise<void>;
}

interface Layout {
  readonly builder: string;
  readonly demoEvent: string;
}

/** Where the releases have what is wanted of them. Programs have been in one place all the time. */
const layouts: readonly Layout[] = [
  { builder: 'tools/build/build.mjs', demoEvent: 'trials/demo/demo-event.js' },
  { builder: 'tools/lib/build.mjs', demoEvent: 'tools/demo/demo-event.js' },
];

const run = promisify(execFile);

/** The older release: a checkout that is built already, or one that is made of a commit. */
export async function olderBuild(
  { from, revision }: { readonly from: string | null; readonly revision: string },
  say: (line: string) => void,
): Promise<Build> {
  if (from !== null) return buildAt('older', path.resolve(from), () => Promise.resolve());
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-older-'));
  const dispose = () => rm(folder, { recursive: true, force: true });
  try {
    say(`the older release is built from ${revision.slice(0, 12)}`);
    await checkOut(revision, folder);
    await providePackages(folder, say);
    const builder = pathToFileURL(path.join(folder, layoutOf(folder).builder)).href;
    const script = `import { build } from '${builder}'; await build(process.cwd(), () => {});`;
    await run(process.execPath, ['--input-type=module', '-e', script], { cwd: folder });
    return await buildAt('older', folder, dispose);
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** What this command itself is part of. */
export function newerBuild(): Promise<Build> {
  return buildAt('newer', projectRoot, () => Promise.resolve());
}

async function buildAt(
  name: Build['name'],
  root: string,
  dispose: () => Promise<void>,
): Promise<Build> {
  const dist = path.join(root, 'dist');
  if (!existsSync(path.join(dist, 'apps/gateway/main.js'))) throw new Error(`no build in ${root}`);
  const load = (file: string) => import(pathToFileURL(path.join(dist, file)).href);
  const [schema, events] = (await Promise.all([
    load('libs/database/migrate.js'),
    load(layoutOf(root).demoEvent),
  ])) as [Pick<Build, 'migrate'>, { createDemoEvent: Build['createEvent'] }];
  return { name, dist, migrate: schema.migrate, createEvent: events.createDemoEvent, dispose };
}

function layoutOf(root: string): Layout {
  const layout = layouts.find(({ builder }) => existsSync(path.join(root, builder)));
  if (layout === undefined) throw new Error(`${root} is no release that is known here`);
  return layout;
}

async function checkOut(revision: string, folder: string): Promise<void> {
  const archive = path.join(folder, 'release.tar');
  try {
    await run('git', ['archive', '--output', archive, revision], { cwd: projectRoot });
  } catch (error) {
    const why = (error as Error).message.trim().split('\n').at(-1);
    throw new Error(`no commit ${revision} here, name a build with --from: ${why}`, {
      cause: error,
    });
  }
  await run('tar', ['-xf', archive, '-C', folder]);
  await rm(archive);
}

/** Those of this checkout when they will do. */
async function providePackages(folder: string, say: (line: string) => void): Promise<void> {
  const ours = packagesOf(projectRoot);
  const missing = Object.entries(packagesOf(folder)).filter(
    ([name, entry]) => name !== '' && ours[name]?.version !== entry?.version,
  );
  if (missing.length === 0) {
    symlinkSync(path.join(projectRoot, 'node_modules'), path.join(folder, 'node_modules'));
    return;
  }
  say(`${missing.length} of its packages are others: npm ci`);
  await mkdir(path.join(folder, 'node_modules'), { recursive: true });
  await run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], { cwd: folder });
}

function packagesOf(root: string): Partial<Record<string, LockEntry>> {
  const text = readFileSync(path.join(root, 'package-lock.json'), 'utf8');
  return (JSON.parse(text) as { packages: Record<string, LockEntry> }).packages;
}

interface LockEntry {
  readonly version?: string;
}
