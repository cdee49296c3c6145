import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mutate, type Mutation } from './mutation.js';

/** What specs are made of and read; not what is installed or stored. */
const folders = ['apps', 'bench', 'docs', 'e2e', 'libs', 'ops', 'tools', 'trials'];
/** Of what is built, the pages alone, which gateways serve: no guard is taken out of a build. */
const pages = 'dist/apps/gateway/web';
const files = /\.(json|mjs|yml|md)$|^\.swcrc$/;

/**
 * A copy of the project in a temporary folder, so that no mutation ever touches the work tree. The
 * packages are the project's own, by a link.
 */
export class MutationTree {
  readonly root = mkdtempSync(path.join(tmpdir(), 'holdfast-mutation-'));

  constructor(project: string) {
    const copied = readdirSync(project).filter(
      (name) => folders.includes(name) || files.test(name),
    );
    for (const name of existsSync(path.join(project, pages)) ? [...copied, pages] : copied) {
      cpSync(path.join(project, name), path.join(this.root, name), { recursive: true });
    }
    symlinkSync(path.join(project, 'node_modules'), path.join(this.root, 'node_modules'));
  }

  /** Runs `work` with the mutation in, and takes it out again. */
  async with<T>(mutation: Mutation, work: () => Promise<T>): Promise<T> {
    const file = path.join(this.root, mutation.file);
    const original = readFileSync(file, 'utf8');
    writeFileSync(file, mutate(original, mutation));
    try {
      return await work();
    } finally {
      writeFileSync(file, original);
    }
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
