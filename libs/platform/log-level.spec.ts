import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Type } from 'typebox';
import { ConfigError, readConfig } from './config.js';
import { logLevelVariable } from './log-level.js';

const schema = Type.Object({ HOLDFAST_LOG_LEVEL: logLevelVariable });
const levelOf = (text: string) => readConfig(schema, { HOLDFAST_LOG_LEVEL: text });

describe('the log level of a process', () => {
  it('is any that the log knows, and silence', () => {
    for (const level of [...Object.keys(pino.levels.values), 'silent']) {
      expect(levelOf(level)).toEqual({ HOLDFAST_LOG_LEVEL: level });
    }
    expect(levelOf('')).toEqual({ HOLDFAST_LOG_LEVEL: 'info' });
  });

  it('is refused by name with what it may be when it is anything else', () => {
    expect(() => levelOf('loud')).toThrow(
      new ConfigError([
        'HOLDFAST_LOG_LEVEL must be one of: trace, debug, info, warn, error, fatal, silent',
      ]),
    );
  });
});
