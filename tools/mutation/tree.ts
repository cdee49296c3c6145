import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mutate, type Mutation } from './mutation.js';

/**
 * A copy of the project in a temporary folder, so that no mutation ever touches the work tree. The
 * packages are the project's own, by a link.
 */
export class MutationTree {
  readonly root = mkdtempSync(path.join(tmpdir(), 'holdfast-mutation-'));

  constructor(project: string) {
    for (const file of projectFiles(project)) {
      const copy = path.join(this.root, file);
      mkdirSync(path.dirname(copy), { recursive: true });
      copyFileSync(path.join(project, file), copy);
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

/** What git would take: tracked or new, not ignored, not deleted. */
function projectFiles(project: string): string[] {
  const listed = spawnSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
    cwd: project,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  if (listed.status !== 0) throw new Error(`git ls-files: ${listed.stderr}`);
  return [...new Set(listed.stdout.split('\0'))].filter(
    (name) => name !== '' && existsSync(path.join(project, name)),
  );
}
