import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface SourceFile {
  /** Relative to the project, with slashes. */
  readonly name: string;
  readonly text: string;
}

/** Every text file that is, or would be, part of the project. */
export function projectFiles(root: string): SourceFile[] {
  const listed = spawnSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  if (listed.status !== 0) throw new Error(`git ls-files: ${listed.stderr}`);
  return [...new Set(listed.stdout.split('\0'))]
    .filter((name) => name !== '' && existsSync(path.join(root, name)))
    .map((name) => ({ name, text: readFileSync(path.join(root, name), 'utf8') }))
    .filter(({ text }) => !text.includes('\0'));
}
