import { pino } from 'pino';
import type { Log } from '#libs/platform/log.js';
import type { LogLevel } from '#libs/platform/log-level.js';

/** A log whose lines the test reads, as objects. */
export function logInto(level: LogLevel = 'info'): {
  readonly log: Log;
  readonly lines: Readonly<Record<string, unknown>>[];
} {
  const lines: Record<string, unknown>[] = [];
  const log = pino(
    { level, formatters: { level: (label) => ({ level: label }) } },
    { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) },
  );
  return { log, lines };
}
