import { createReadStream, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

import { CommandFailed } from './failures.js';

/** A line of a process's log, as far as a story is told from it. */
export interface LogLine {
  readonly time: string;
  /** Of the process. */
  readonly name: string;
  readonly msg: string;
  readonly level: string;
  readonly trace?: string;
  readonly first_trace?: string;
  readonly traces?: readonly string[];
  readonly user?: string;
  readonly event?: string;
  readonly reservation?: string;
  readonly booking?: string;
  readonly attempt?: string;
  readonly route?: string;
  readonly status?: number;
  readonly code?: string;
  readonly step?: string;
  readonly from?: string;
  readonly to?: string;
  readonly ms?: number;
  readonly tries?: number;
  readonly error?: string;
  readonly reason?: string;
}

/** What one buyer or one request leaves; who has more is no single story. */
export const linesMax = 10_000;

/**
 * The lines that have `id` in them, of all `places`: log files, and folders of them, with what was
 * rotated away. In the order of time.
 */
export async function linesAbout(id: string, places: readonly string[]): Promise<LogLine[]> {
  const found: LogLine[] = [];
  for (const file of places.flatMap(filesIn)) {
    for await (const text of createInterface({ input: createReadStream(file) })) {
      const line = text.includes(id) ? readLine(text) : null;
      if (line !== null) found.push(line);
      if (found.length > linesMax) {
        throw new CommandFailed(`more than ${linesMax} lines of the logs are about ${id}`);
      }
    }
  }
  return found.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

function filesIn(place: string): readonly string[] {
  const found = statSync(place, { throwIfNoEntry: false });
  if (found === undefined) throw new CommandFailed(`there is no log ${place}`);
  if (!found.isDirectory()) return [place];
  const names = readdirSync(place).filter((name) => /\.log(\.\d+)?$/.test(name));
  return names.sort().map((name) => path.join(place, name));
}

/** Null: a line that was cut short, or is none of ours. */
function readLine(text: string): LogLine | null {
  try {
    const line = JSON.parse(text) as Partial<LogLine>;
    return typeof line.time === 'string' && typeof line.msg === 'string' ? (line as LogLine) : null;
  } catch {
    return null;
  }
}
