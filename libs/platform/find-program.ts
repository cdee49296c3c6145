import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/**
 * Path of a program, or null: looked for in `searched` (folders as in PATH), then in `folders`,
 * because system folders are often missing from a user's PATH.
 */
export function findProgram(
  name: string,
  searched: string,
  folders: readonly string[],
): string | null {
  const candidates = [...searched.split(path.delimiter), ...folders]
    .filter((folder) => folder !== '')
    .map((folder) => path.join(folder, name));
  return candidates.find(isProgram) ?? null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
