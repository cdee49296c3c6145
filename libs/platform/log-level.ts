import { Type } from 'typebox';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

const levels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** HOLDFAST_LOG_LEVEL in the configuration of every process: what pino knows, and nothing else. */
export const logLevelVariable = Type.Enum([...levels], { default: 'info' });
