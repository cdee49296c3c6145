import { mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { pino, destination as openDestination, stdTimeFunctions, type Logger } from 'pino';
import type { LogLevel } from './log-level.js';
import { redact } from './redact.js';

/**
 * The only way to log: one JSON object a line, with time, level, name and pid. Secrets are removed
 * by field name, and from all text by their form (redact.ts).
 */
export type Log = Logger;

export interface LogOptions {
  /** The process or part that speaks, e.g. `gateway`. */
  readonly name: string;
  readonly level?: LogLevel;
  /** Absent: standard output. The folder is made when it does not exist. */
  readonly file?: string | undefined;
}

const secretFields = [
  'authorization',
  'cookie',
  'token',
  'access_token',
  'payment_token',
  'paymentToken',
  'client_secret',
  'secret',
  'password',
];

/** Secrets are found at the top of a line and up to two objects deep. */
const redactedPaths = secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

type Destination = ReturnType<typeof openDestination>;
/** By destination, where it writes. */
const openFiles = new Map<Destination, string>();

/** What each line has already: a line must not have a key twice. */
const ourKeys = ['level', 'time', 'name', 'pid', 'msg'] as const;

function withoutOurKeys(line: Record<string, unknown>): Record<string, unknown> {
  if (!ourKeys.some((key) => key in line)) return line;
  const entries = Object.entries(line).map(([key, value]) => {
    return [(ourKeys as readonly string[]).includes(key) ? `${key}_` : key, value] as const;
  });
  return Object.fromEntries(entries);
}

export function createLog(options: LogOptions): Log {
  return pino(
    {
      base: { name: options.name, pid: process.pid },
      level: options.level ?? 'info',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: withoutOurKeys },
      redact: { paths: redactedPaths, censor: '[secret]' },
      hooks: { streamWrite: redact },
    },
    destinationOf(options.file),
  );
}

/** A log that says nothing, for tests and tools. */
export function silentLog(): Log {
  return pino({ level: 'silent' });
}

/** Writes what is still buffered: a process that ends by process.exit calls it first. */
export function flushLogs(): void {
  for (const file of openFiles.keys()) {
    try {
      file.flushSync();
    } catch {
      openFiles.delete(file);
    }
  }
}

/** Opens the files anew under their names: what a log rotation has moved away is let go. */
export function reopenLogs(): void {
  for (const [file, name] of openFiles) file.reopen(name);
}

/**
 * Files are written behind the caller's back: a slow disk must not stop a shard. They are opened at
 * once: a process that dies while it starts could not say why in a file that is still to open.
 */
function destinationOf(file: string | undefined): Destination {
  if (file === undefined) return openDestination({ dest: 1, sync: true });
  mkdirSync(path.dirname(file), { recursive: true });
  const opened = openDestination({
    ...{ dest: openSync(file, 'a', 0o600), sync: false },
    // For when it is opened anew.
    ...{ append: true, mode: 0o600 },
  });
  // It has a descriptor and no name, and without one of its own it reopens nothing.
  Object.assign(opened, { file });
  openFiles.set(opened, file);
  // One that cannot be opened anew is written on where it is.
  opened.on('error', () => undefined);
  opened.once('close', () => openFiles.delete(opened));
  return opened;
}
