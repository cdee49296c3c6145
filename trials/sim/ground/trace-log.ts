import { pino } from 'pino';
import { silentLog, type Log } from '#libs/platform/log.js';
import type { Trace } from './trace.js';

/** The code's own words, in the trace of a run that is shown. Nothing of the machine in them. */
export function traceLog(trace: Trace, name: string): Log {
  if (!trace.shown) return silent;
  const options = {
    level: 'info',
    base: null,
    timestamp: false,
    serializers: { err: (error: Error) => error.message },
  } as const;
  return pino(options, { write: (line: string) => trace.remark(name, line.trim()) });
}

const silent = silentLog();
