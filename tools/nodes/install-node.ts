import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '#ops/system/paths.js';

/** The lines that are supported, oldest first; the last is what `--newest` means. */
export const nodeLines = ['20.19', '22', '24', '26'] as const;

export interface InstalledNode {
  readonly line: string;
  readonly binary: string;
  /** Without the v. */
  readonly version: string;
}

const installMsMax = 5 * 60_000;
const cache = path.join(projectRoot, '.holdfast-nodes');

/**
 * The newest Node of a line, from the npm package that carries its binary for this machine. Kept in
 * a folder of its own beside the project's; without a registry, what is there from an earlier time.
 * null: neither is to be had.
 */
export async function installNode(line: string): Promise<InstalledNode | null> {
  const folder = path.join(cache, line);
  const name = `node-${process.platform}-${process.arch}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  const install = ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
  const options = { cwd: folder, timeout: installMsMax };
  await run('npm', [...install, `${name}@${line}`], options).catch(() => undefined);
  const binary = path.join(folder, 'node_modules', name, 'bin', 'node');
  try {
    const { stdout } = await run(binary, ['--version'], options);
    return { line, binary, version: stdout.trim().slice(1) };
  } catch {
    return null;
  }
}

const run = promisify(execFile);
