import { closeSync, openSync, readSync, renameSync, statSync } from 'node:fs';

const tailBytesMax = 8 * 1024;
const lineCharsMax = 300;
const keepBytesMax = 20 * 1024 * 1024;

/**
 * The last line of a log that tells something, shortened for people: of a JSON line its error or
 * message. Empty when there is none. `fromByte`: what an earlier process wrote does not count.
 */
export function tailOf(file: string, fromByte = 0): string {
  const lines = lastText(file, fromByte)
    .split('\n')
    .map((line) => readable(line.trim()))
    .filter((line) => line !== '' && !isStackLine(line));
  const error = lines.findLast((line) => /error|fatal|fail|refused|missing|cannot/i.test(line));
  return (error ?? lines.at(-1) ?? '').slice(0, lineCharsMax);
}

export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** At start: one old generation is kept, so the folder does not grow without end (G8). */
export function rotateLog(file: string): void {
  if (sizeOf(file) > keepBytesMax) renameSync(file, `${file}.1`);
}

function readable(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const record = JSON.parse(line) as { msg?: string; level?: string; err?: { message?: string } };
    return [record.level, record.msg, record.err?.message].filter((part) => part).join(' ');
  } catch {
    return line;
  }
}

const isStackLine = (line: string): boolean => /^(at |node:|Node\.js v|\^|[{}[\]])/.test(line);

function lastText(file: string, fromByte: number): string {
  try {
    const handle = openSync(file, 'r');
    try {
      const size = sizeOf(file);
      const wanted = Math.min(Math.max(0, size - fromByte), tailBytesMax);
      const buffer = Buffer.alloc(wanted);
      readSync(handle, buffer, 0, buffer.length, size - buffer.length);
      return buffer.toString('utf8');
    } finally {
      closeSync(handle);
    }
  } catch {
    return '';
  }
}
