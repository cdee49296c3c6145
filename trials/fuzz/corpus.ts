import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { projectRoot } from '#ops/system/paths.js';

/** Inputs that once broke a promise, as hex, in a folder per target: each is run again first. */
const folder = path.join(projectRoot, 'trials/fuzz/corpus');

export function knownInputs(target: string): Uint8Array[] {
  return filesOf(path.join(folder, target)).map(readInput);
}

export function keepInput(target: string, input: Uint8Array): string {
  const hex = Buffer.from(input).toString('hex');
  const name = `${createHash('sha256').update(hex).digest('hex').slice(0, 12)}.hex`;
  const file = path.join(folder, target, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${hex.replaceAll(/(.{96})/g, '$1\n').trimEnd()}\n`);
  return file;
}

export const readInput = (file: string): Uint8Array =>
  new Uint8Array(Buffer.from(readFileSync(file, 'utf8').replaceAll(/\s/g, ''), 'hex'));

function filesOf(parent: string): string[] {
  try {
    return readdirSync(parent).map((name) => path.join(parent, name));
  } catch {
    return [];
  }
}
